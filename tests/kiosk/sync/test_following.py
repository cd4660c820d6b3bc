"""Attempts that go on with one that was refused, where a perk counts once it is confirmed."""

from datetime import timedelta

import pytest

from app import clock
from tests.kiosk.desks import Desk, claim, reasons
from tests.support.installations import NOON, PROGRAMME, World, world_of
from voucher.keys.keyring import signing
from voucher.token import Flag, Payload, mint, parse_code

PERKS = (
    PROGRAMME
    + '\n[perks.bag]\nname = "Bag"\nidentity = true\nredeemed_when = "confirmed"\n'
    + '\n[perks.seat]\nname = "Seat"\nlive = true\nredeemed_when = "confirmed"\n'
    + 'stations = ["other"]\n'
    + '\n[perks.guest]\nname = "Guest"\nlive = true\nidentity = true\nstations = ["other"]\n'
    + 'redeemed_when = "confirmed"\n'
    + '\n[perks.glass]\nname = "Glass"\nredeemed_when = "confirmed"\nstations = ["other"]\n'
)
WHY = {"reason": "their train leaves"}
pytestmark = pytest.mark.usefixtures("quick_pins")


world = world_of(PERKS, at=NOON)


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


def test_the_look_at_an_id_after_the_supervisor_goes_by_when_the_code_was_shown_first(
    world: World, door: Desk, ada: str
) -> None:
    token = live(world, "guest")
    how = {"token": token, "operator": ada, "override": WHY, "can_confirm": True}
    refused, told = door.scan(token=token, can_confirm=True)
    assert told["verdict"] == "wrong_station"
    with clock.standing_at(NOON + timedelta(minutes=6)):
        asked, told = door.scan(**how, follows=refused)
    assert told["verdict"] == "identity_required"
    looked = {**how, "identity_confirmed": True, "follows": asked}
    with clock.standing_at(NOON + timedelta(minutes=10)):
        assert door.told(**looked) == "expired"
    with clock.standing_at(NOON + timedelta(minutes=9)):
        assert door.told(**looked) == "reserved"


def test_an_override_that_is_held_is_known_again_and_is_no_plain_scan(
    world: World, door: Desk, ada: str
) -> None:
    token = world.issue("glass").token
    how = {"token": token, "operator": ada, "can_confirm": True}
    held, told = door.scan(**how, override=WHY)
    assert told["verdict"] == "reserved"
    again = door.scan(**how, override=WHY, attempt_id=held)[1]
    assert again == {**told, "replayed": True}
    refused, told = door.scan(**how)
    assert told["verdict"] == "wrong_station"
    assert door.told(**how, override=WHY, attempt_id=refused) == "attempt_differs"


@pytest.mark.parametrize("rules", [{}, {"rules": ["wrong_station"]}])
def test_what_was_overridden_and_is_claimed_as_handed_over_is_the_same_attempt(
    world: World, door: Desk, ada: str, rules: dict[str, list[str]]
) -> None:
    override = {**WHY, **rules}
    for perk, mode, told in (
        ("glass", "hold", "redeemed"),
        ("glass", "redeem", "redeemed"),
        ("glass", "used up", "already_redeemed"),
    ):
        voucher = world.issue(perk, member=mode)
        how = {"token": voucher.token, "operator": ada}
        if mode == "used up":
            door.scan(**how, override=override)
        attempt, first = door.scan(**how, override=override, can_confirm=mode == "hold")
        assert first["verdict"] == ("reserved" if mode == "hold" else told)
        assert door.told(**how, can_confirm=True, attempt_id=attempt, **claim()) == told
        # What is shown must be the same, whatever was set aside.
        other = {**how, "token": world.issue(member=f"{mode}'s friend").token}
        assert door.told(**other, attempt_id=attempt, **claim()) == "attempt_differs"
    assert reasons(world) == ["already_redeemed"]
