"""A device that was revoked only uploads what it decided before, and is not believed."""

from datetime import timedelta
from typing import Any

import pytest

from app import clock
from app.clock import as_text
from tests.kiosk.desks import Desk, allow, claim, entries, reasons, revoke
from tests.support.installations import NOON, World, world_of

GONE = "not_signed_in"
SOON = NOON + timedelta(minutes=30)


world = world_of(at=NOON)


@pytest.fixture
def door(world: World) -> Desk:
    return Desk(world)


def revoked(world: World, door: Desk) -> None:
    """Ten minutes after noon, as the pages below ask twenty minutes later."""
    with clock.standing_at(NOON + timedelta(minutes=10)):
        revoke(world, door.id)


def test_everything_but_uploads_is_401_at_once(world: World, door: Desk) -> None:
    attempt, _ = door.scan(token=world.issue().token)
    held, _ = door.scan(token=world.issue().token, mode="hold")
    revoke(world, door.id)
    pin = world.issue()
    for mode in ("redeem", "check", "hold"):
        assert door.scan(token=pin.token, mode=mode)[1]["status"] == 401
    assert door.end(attempt, "undo", reason="x") == GONE
    assert door.end(held, "confirm") == door.end(held, "release") == GONE
    assert door.ask("GET", "/operators")[0] == 401
    assert door.sign_in("op_nobody", "402917")[0] == 401
    assert door.ask("GET", "/kiosk/status")[0] == 401


def test_a_batch_that_is_none_is_401_as_a_whole(world: World, door: Desk) -> None:
    revoke(world, door.id)
    body = {"attempt_id": "00000000-0000-7000-8000-000000000000", "mode": "redeem"}
    body |= {"token": world.issue().token, "scanned_at": as_text(NOON)}
    status, told = door.ask("POST", "/scans/batch", {"scans": [body]})
    assert (status, told["title"]) == (401, GONE)


@pytest.mark.parametrize("remembered", [True, False])
def test_what_it_handed_out_before_is_looked_at_though_the_record_could_accept_it(
    world: World, door: Desk, remembered: bool
) -> None:
    pin, used = world.issue(name="Mia Member"), world.issue()
    Desk(world, "Bar").scan(token=used.token)
    if not remembered:
        world.installation.plugins.memory.clear()
    revoked(world, door)
    with clock.standing_at(SOON):
        for voucher in (pin, used):
            told = door.scan(token=voucher.token, **claim(25))[1]
            assert (told["verdict"], bool(told["conflict"])) == ("revoked_device", True)
            # It may be in wrong hands.
            assert told["voucher"] is told["member"] is told["first_redemption"] is None
        assert reasons(world) == ["revoked_device"] * 2
        assert Desk(world, "Tent").told(token=pin.token) == "redeemed"
    assert [one["verdict"] for one in entries(world, "conflict.found")] == ["revoked_device"] * 2


def test_what_it_decided_afterwards_is_not_taken(world: World, door: Desk) -> None:
    pin = world.issue()
    revoked(world, door)
    with clock.standing_at(SOON):
        assert door.told(token=pin.token, **claim(20)) == GONE
        assert door.told(token=pin.token, **claim(15)) == GONE
        assert door.told(token=pin.token, **claim(21)) == "revoked_device"


def test_what_it_refused_or_checked_before_is_kept_and_is_no_conflict(
    world: World, door: Desk
) -> None:
    pin = world.issue(name="Mia Member")
    revoked(world, door)
    with clock.standing_at(SOON):
        told = door.scan(token=pin.token, **claim(25, "expired"))[1]
        assert (told["verdict"], told["member"]) == ("expired", None)
        checked = door.scan(token=pin.token, mode="check", **claim(25, "valid"))[1]
        assert checked["verdict"] == "valid"
    assert reasons(world) == []


def test_after_eight_days_nothing_is_taken(world: World, door: Desk) -> None:
    pin = world.issue()
    attempt: dict[str, Any] = {"token": pin.token, **claim()}
    with clock.standing_at(NOON + timedelta(minutes=1)):
        revoke(world, door.id)
    with clock.standing_at(NOON + timedelta(days=8)):
        assert door.told(**attempt) == "revoked_device"
    for clear in (False, True):
        if clear:
            world.installation.plugins.memory.clear()
        with clock.standing_at(NOON + timedelta(days=8, minutes=1)):
            assert door.told(token=world.issue().token, **claim(60 * 24 * 8 + 1)) == GONE


def test_a_hold_that_it_claims_afterwards_is_not_confirmed(world: World, door: Desk) -> None:
    pin = world.issue()
    held, _ = door.scan(token=pin.token, mode="hold")
    revoked(world, door)
    with clock.standing_at(SOON):
        for _ in range(2):
            told = door.scan(attempt_id=held, token=pin.token, **claim(29))[1]
            assert told["conflict"]
        assert reasons(world) == ["revoked_device"]
        assert Desk(world, "Bar").told(token=pin.token) == "redeemed"


def test_what_it_had_redeemed_or_confirmed_online_counts_and_is_told_again(
    world: World, door: Desk
) -> None:
    pin, held_pin = world.issue(), world.issue()
    attempt, first = door.scan(token=pin.token)
    held, _ = door.scan(token=held_pin.token, mode="hold")
    door.end(held, "confirm")
    revoked(world, door)
    with clock.standing_at(SOON):
        again = door.scan(attempt_id=attempt, token=pin.token, **claim(25))[1]
        assert again == {**first, "replayed": True}
        told = door.scan(attempt_id=held, token=held_pin.token, **claim(25))[1]
        assert (told["verdict"], told["replayed"]) == ("redeemed", True)
    assert reasons(world) == []


def test_what_is_no_voucher_stays_a_guess_and_costs_as_one(world: World, door: Desk) -> None:
    revoked(world, door)
    with clock.standing_at(SOON):
        for number in range(30):
            told = door.told(code=f"0000-0000-{number:05}", **claim(25))
            assert told == "unknown_voucher" or told == "malformed"
        assert door.told(code="0000-0000-00031", **claim(25)) == "too_many_guesses"
        assert door.told(token=world.issue(now=NOON).token, **claim(25)) == "revoked_device"


def test_who_held_it_is_signed_out_and_it_is_revoked_once(world: World, door: Desk) -> None:
    mia = world.add_operator()
    world.admit(mia, door.scanner)
    door.sign_in(mia, world.draw_pin(mia))
    for _ in range(2):
        revoke(world, door.id)
    assert entries(world, "device.revoked") == [{"device": door.id}]
    with clock.standing_at(SOON):
        told = door.scan(token=world.issue(now=NOON).token, operator=mia, **claim(31))[1]
    assert told["verdict"] == "revoked_device"


def test_a_device_that_may_only_check_and_was_revoked_is_a_revoked_one(
    world: World, door: Desk
) -> None:
    pin = world.issue()
    allow(world, door.id, "check")
    revoked(world, door)
    with clock.standing_at(SOON):
        assert door.told(token=pin.token, **claim(25)) == "revoked_device"
