"""Signing keys: published before they sign, and good for what they signed afterwards."""

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from app import clock
from app.audit.models import AuditEntry
from app.cli import command_line
from app.factory import create_app
from app.keyfiles import KeyFileRefused
from tests.support.installations import World
from voucher.keys import keyring, making
from voucher.keys.making import RotationRefused
from voucher.keys.signers import path_of
from voucher.token import verify


@pytest.fixture
def moved(world: World, monkeypatch: pytest.MonkeyPatch) -> "Moved":  # world: begins before it
    return Moved(monkeypatch)


class Moved:
    """The clock, as tests move it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch):
        self._monkeypatch, self._now = monkeypatch, clock.now()

    def on(self, by: timedelta) -> None:
        """Moves on, and past what a process remembers for some seconds."""
        self._now += by
        self._monkeypatch.setattr(clock, "now", lambda: self._now)
        self._monkeypatch.setattr(keyring, "REMEMBERED_SECONDS", 0)


def keys(world: World, *arguments: str) -> object:
    told = CliRunner().invoke(
        command_line(world.installation), ["keys", *arguments, "--json"], obj=world.installation
    )
    assert told.exit_code == 0, told.output
    return json.loads(told.stdout)


def rotate(world: World, *, at_once: bool = False) -> int:
    with world.installation.unit_of_work() as session:
        return making.rotate(session, now=clock.now(), at_once=at_once).number


def number_in(world: World, token: str) -> int:
    with world.installation.reading() as session:
        known = keyring.key_set(session)
    payload = verify(token, known, int(clock.now().timestamp())).payload
    assert payload is not None
    return payload.key


def test_a_new_key_is_published_a_day_before_it_signs(world: World, moved: Moved) -> None:
    moved.on(timedelta())
    old = world.issue()
    rotate(world)
    client = create_app(world.installation).test_client()
    published = client.get("/.well-known/jwks.json").get_json()["keys"]
    assert [key["kid"] for key in published] == ["ks1-1", "ks1-2"]
    moved.on(timedelta(hours=23, minutes=59))
    assert number_in(world, world.issue().token) == 1
    moved.on(timedelta(minutes=2))
    new = world.issue()
    assert number_in(world, new.token) == 2
    scanner, _ = world.add_device()
    for voucher in (old, new):
        assert world.scan(scanner, token=voucher.token)["verdict"] == "redeemed"


def test_a_second_one_is_not_made_while_the_first_waits(world: World) -> None:
    rotate(world)
    with pytest.raises(RotationRefused, match="Signing key 2 is published and signs from"):
        rotate(world)
    assert not path_of(world.installation.settings, 3).exists()


def test_in_need_the_next_one_signs_at_once(world: World, moved: Moved) -> None:
    rotate(world)
    assert rotate(world, at_once=True) == 3
    moved.on(timedelta(seconds=1))
    assert number_in(world, world.issue().token) == 3
    moved.on(timedelta(days=2))
    assert number_in(world, world.issue().token) == 3
    assert rotate(world) == 4  # the one that was passed over does not hold up the next


def test_a_process_without_the_new_keys_file_issues_nothing(world: World, moved: Moved) -> None:
    number = rotate(world)
    path = path_of(world.installation.settings, number)
    path.rename(path.with_suffix(".elsewhere"))
    moved.on(timedelta(hours=1))
    world.issue()
    moved.on(timedelta(hours=24))
    with pytest.raises(KeyFileRefused, match=r"voucher-2\.key is missing"):
        world.issue()


def test_the_commands_tell_what_each_key_does_and_record_a_new_one(world: World) -> None:
    made = keys(world, "rotate")
    assert isinstance(made, dict)
    assert (made["number"], made["state"]) == (2, "published")
    shown = keys(world, "show")
    assert isinstance(shown, list)
    assert [(key["number"], key["state"]) for key in shown] == [(1, "signing"), (2, "published")]
    keys(world, "rotate", "--at-once")
    shown = keys(world, "show")
    assert isinstance(shown, list)
    assert [key["state"] for key in shown] == ["verifying", "verifying", "signing"]
    with world.installation.reading() as session:
        recorded = session.scalars(
            select(AuditEntry.data)
            .where(AuditEntry.kind == "key.published")
            .order_by(AuditEntry.at)
        ).all()
    assert [data["key"] for data in recorded] == [2, 3]
