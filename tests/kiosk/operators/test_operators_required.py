"""A station may ask who holds its devices, and a device knows whose PIN is another one by now."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app import clock
from app.programme.applying import ready
from kiosk.operators import pins
from tests.kiosk.desks import Desk, claim, entries
from tests.support.installations import NOON, PROGRAMME, World, make_installation

REQUIRED = PROGRAMME.replace('name = "Pop-up"\n', 'name = "Pop-up"\noperators = "required"\n')
PIN = "860135"


@pytest.fixture
def world(engine_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setattr(pins, "hash_of", lambda pin: f"hash of {pin}")
    monkeypatch.setattr(pins, "matches", lambda pin, hashed: hashed == f"hash of {pin}")
    monkeypatch.setattr(pins, "drawn", lambda: PIN)
    installation = make_installation(tmp_path, engine_url, REQUIRED)
    with clock.standing_at(NOON):
        yield World(installation)
    installation.close()


@pytest.fixture
def door(world: World) -> Desk:
    return Desk(world)


def admitted(world: World, desk: Desk, name: str = "Mia", *, pin: bool = True) -> str:
    operator = world.add_operator(name)
    world.admit(operator, desk.scanner)
    if pin:
        world.draw_pin(operator)
    return operator


def programme_says(world: World, operators: str) -> None:
    path = world.installation.settings.programme_file
    path.write_text(REQUIRED.replace('"required"', f'"{operators}"'), "utf-8")
    ready(world.installation)


@pytest.mark.parametrize("mode", ["redeem", "check", "hold"])
def test_nothing_is_scanned_where_nobody_is_named(world: World, door: Desk, mode: str) -> None:
    mia, pin = admitted(world, door), world.issue()
    refused = door.scan(token=pin.token, mode=mode)[1]
    assert (refused["status"], refused["title"]) == (422, "operator_required")
    assert refused["detail"] == "At Pop-up staff sign in before they scan."
    door.sign_in(mia, PIN)
    assert door.told(token=pin.token, mode=mode, operator=mia) in ("redeemed", "valid", "reserved")


def test_nothing_is_undone_where_nobody_is_named(world: World, door: Desk) -> None:
    mia = admitted(world, door)
    door.sign_in(mia, PIN)
    attempt, _ = door.scan(token=world.issue().token, operator=mia)
    assert door.end(attempt, "undo", reason="x") == "operator_required"
    assert door.end(attempt, "undo", reason="x", operator=mia) == "undone"


def test_who_has_no_pin_yet_is_named_there_as_well(world: World, door: Desk) -> None:
    ben = admitted(world, door, "Ben", pin=False)
    assert door.told(token=world.issue().token, operator=ben) == "redeemed"


def test_what_was_handed_over_is_taken_in_though_it_names_nobody(world: World, door: Desk) -> None:
    assert door.told(token=world.issue().token, **claim()) == "redeemed"
    assert [one["operator"] for one in entries(world, "voucher.redeemed")] == [None]


def test_what_was_answered_before_it_was_asked_for_is_answered_again(
    world: World, door: Desk
) -> None:
    programme_says(world, "optional")
    pin, other = world.issue(), world.issue()
    attempt, told = door.scan(token=pin.token)
    held, _ = door.scan(token=other.token, mode="hold")
    programme_says(world, "required")
    assert door.scan(attempt_id=attempt, token=pin.token)[1] == {**told, "replayed": True}
    assert door.end(held, "confirm") == "redeemed"


def test_the_kiosk_is_told_of_it_at_once(world: World, door: Desk) -> None:
    mia = admitted(world, door)
    status = door.ask("GET", "/kiosk/status")[1]
    assert status["station"]["operators"] == "required"
    assert [one["id"] for one in status["operators"]] == [mia]
    page = door.page()
    assert 'data-operators="required"' in page
    assert 'data-may="redeem undo"' in page
    programme_says(world, "optional")
    assert door.ask("GET", "/kiosk/status")[1]["station"]["operators"] == "optional"


def test_a_device_is_told_which_pin_stands_and_whose_choice_it_was(
    world: World, door: Desk
) -> None:
    mia = admitted(world, door, pin=False)

    def told() -> tuple[Any, ...]:
        (one,) = door.ask("GET", "/operators")[1]["operators"]
        return one["has_pin"], one["pin_number"], one["pin_chosen"]

    assert told() == (False, 0, False)
    world.draw_pin(mia)
    assert told() == (True, 1, False)
    signed_in = door.sign_in(mia, PIN, new_pin="402917")[1]
    assert signed_in["operator"]["pin_number"] == 2
    assert told() == (True, 2, True)
    door.sign_in(mia, "402917")
    assert told() == (True, 2, True)
    world.draw_pin(mia)
    assert told() == (True, 3, False)
