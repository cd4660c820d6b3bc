"""Attempts that go on with one that was refused, where a perk counts once it is confirmed."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app import clock
from kiosk.operators import pins
from tests.kiosk.desks import Desk
from tests.kiosk.supervisors import PIN, admitted
from tests.support.installations import NOON, PROGRAMME, World, make_installation
from voucher.keys.keyring import signing
from voucher.token import Flag, Payload, mint, parse_code

PERKS = (
    PROGRAMME
    + '\n[perks.bag]\nname = "Bag"\nidentity = true\nredeemed_when = "confirmed"\n'
    + '\n[perks.seat]\nname = "Seat"\nlive = true\nredeemed_when = "confirmed"\n'
    + 'stations = ["other"]\n'
)
WHY = {"reason": "their train leaves"}


@pytest.fixture
def world(engine_url: str, tmp_path: Path) -> Iterator[World]:
    installation = make_installation(tmp_path, engine_url, PERKS)
    with clock.standing_at(NOON):
        yield World(installation)
    installation.close()


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pins, "hash_of", lambda pin: pin)
    monkeypatch.setattr(pins, "matches", lambda pin, hashed: pin == hashed)
    monkeypatch.setattr(pins, "drawn", lambda: PIN)


@pytest.fixture
def door(world: World) -> Desk:
    return Desk(world)


@pytest.fixture
def ada(world: World, door: Desk) -> str:
    operator = admitted(world, door)
    door.sign_in(operator, PIN)
    return operator


def live(world: World, perk: str) -> str:
    """A live code of a new voucher, good for a minute from noon on."""
    with world.installation.reading() as session:
        key = signing(session)
    flags, begins = Flag.OFFLINE_OK | Flag.LIVE_REQUIRED | Flag.LIVE, int(NOON.timestamp())
    code = parse_code(world.issue(perk).code)
    return mint(Payload(1, key.number, flags, 5, code, begins, begins + 60), key)


def test_a_live_code_that_would_be_held_outlasts_the_look_at_an_id(
    world: World, door: Desk
) -> None:
    token = live(world, "bag")
    asked, told = door.scan(token=token, can_confirm=True)
    assert told["verdict"] == "identity_required"
    with clock.standing_at(NOON + timedelta(minutes=3)):
        looked = {"token": token, "identity_confirmed": True, "can_confirm": True}
        assert door.told(**looked) == "expired"
        assert door.told(**looked, follows=asked) == "reserved"


@pytest.mark.parametrize("confirms", [True, False])
def test_and_until_a_supervisor_is_there(
    world: World, door: Desk, ada: str, confirms: bool
) -> None:
    token = live(world, "seat")
    refused, told = door.scan(token=token, can_confirm=True)
    assert told["may_override"] == ["wrong_station"]
    with clock.standing_at(NOON + timedelta(minutes=3)):
        how = {"token": token, "operator": ada, "override": WHY, "can_confirm": confirms}
        assert door.told(**how, follows=refused) == ("reserved" if confirms else "redeemed")
