"""Moves from the command line: what organisers type, and what they and their programs read."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from app import clock
from app.audit.models import Remark
from app.cli import command_line
from tests.support.installations import World


def run(world: World, *arguments: str) -> Result:
    command = command_line(world.installation)
    return CliRunner().invoke(command, ["vouchers", *arguments], obj=world.installation)


def answer(world: World, *arguments: str) -> Any:
    done = run(world, *arguments, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.output)


def test_a_voucher_is_withdrawn_and_restored_by_its_reference(world: World) -> None:
    voucher = world.issue()
    told = answer(world, "void", voucher.reference, "--reason", " seen twice ")
    assert (told["reference"], told["state"]) == (voucher.reference, "void")
    told = answer(world, "restore", voucher.reference.lower(), "--reason", "our mistake")
    assert told["state"] == "active"
    with world.installation.reading() as session:
        assert set(session.scalars(select(Remark.text))) == {"seen twice", "our mistake"}


def test_hours_count_from_the_end_or_from_now_where_it_has_ended(world: World) -> None:
    voucher = world.issue()
    told = answer(world, "extend", voucher.code, "--hours", "2", "--reason", "rain")
    until = voucher.valid_until + timedelta(hours=2)
    assert told["valid_until"] == clock.as_text(until)
    with clock.standing_at(until + timedelta(days=1)):
        told = answer(world, "extend", voucher.code, "--hours", "3", "--reason", "rain")
        assert datetime.fromisoformat(told["valid_until"]) == until + timedelta(days=1, hours=3)


def test_a_station_is_extended_by_its_key(world: World) -> None:
    voucher, other = world.issue(), world.issue("elsewhere")
    told = answer(world, "extend-station", "popup", "--hours", "4", "--reason", "a queue")
    until = clock.as_text(voucher.valid_until + timedelta(hours=4))
    assert told == [{"reference": voucher.reference, "valid_until": until}]
    said = run(world, "extend-station", "other", "--hours", "4", "--reason", "a queue").output
    assert other.reference in said
    assert "1 extended; their members are told." in said


def test_what_is_issued_in_its_place_is_told_with_its_code(world: World) -> None:
    voucher = world.issue()
    told = answer(world, "reissue", voucher.reference, "--reason", "a lost phone")
    assert told["state"] == "superseded"
    new = told["new"]
    assert new["valid_until"] == told["valid_until"]
    world.scan(world.add_device()[0], token=new["token"])
    told = answer(world, "refund", new["reference"], "--reason", "the pin broke")
    assert told["state"] == "refunded"
    said = run(world, "reissue", told["new"]["reference"], "--reason", "x").output
    assert "superseded" in said.splitlines()[0]
    assert said.splitlines()[1].startswith("V-")


def test_the_last_redemption_is_undone(world: World) -> None:
    voucher = world.issue()
    done = run(world, "undo", voucher.reference, "--reason", "x")
    assert str(done.exception) == f"{voucher.reference} has no redemption that could be undone."
    scanner, _ = world.add_device()
    world.scan(scanner, token=voucher.token)
    told = answer(world, "undo", voucher.reference, "--reason", "the wrong card")
    assert (told["state"], told["uses_left"]) == ("active", 1)
    assert world.scan(scanner, token=voucher.token)["verdict"] == "redeemed"


@pytest.mark.parametrize("reason", ["", "  ", "x" * 1001, "a\x00b", "a\udcffb"])
def test_a_reason_says_something(world: World, reason: str) -> None:
    done = run(world, "void", world.issue().reference, "--reason", reason)
    assert done.exit_code == 2
    assert "Say why, in at most 1000 characters" in done.output


def test_what_the_table_does_not_allow_is_one_sentence(world: World) -> None:
    voucher = world.issue()
    done = run(world, "restore", voucher.reference, "--reason", "x")
    assert done.exit_code != 0
    assert str(done.exception) == f"{voucher.reference} is not withdrawn: it cannot be restored."
