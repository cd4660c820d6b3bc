"""Perks that staff must look twice for: identity, age, and live codes without a phone."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from app import clock
from tests.support.installations import NOON, PROGRAMME, World, world_of
from voucher.keys.keyring import signing
from voucher.scans.follow_ups.undoing import undo_by_device
from voucher.scans.requests import UndoRequest
from voucher.token import Flag, Payload, mint, parse_code

CHECKED = (
    PROGRAMME
    + '\n[perks.bag]\nname = "Bag"\nidentity = true\nstaff_note = "The blue one"\n'
    + '\n[perks.beer]\nname = "Beer"\nminimum_age = 18\n'
    + "".join(
        f'\n[perks.as_{kind}]\nname = "{kind}"\nkind = "{kind}"\n'
        for kind in ("item", "pickup", "priority_entry", "early_access")
    )
    + '\n[perks.as_discount]\nname = "Ten off"\nkind = "discount"\ncoupon = "TEN-OFF"\n'
    + '\n[perks.vip]\nname = "Backstage"\nlive = true\nidentity = true\n'
    + '\n[perks.seat]\nname = "Front row"\nlive = true\nkind = "priority_entry"\n'
)


world = world_of(CHECKED, at=NOON)


@pytest.mark.parametrize(
    ("kind", "redeemed", "reserved"),
    [
        ("item", "Hand it over.", "Hand it over, then confirm."),
        (
            "pickup",
            "Order placed. Hand nothing over: they are told when it is ready here.",
            "Confirm, and the order is placed. Hand nothing over.",
        ),
        ("priority_entry", "Let them in first.", "Let them in first, then confirm."),
        ("early_access", "Let them in.", "Let them in, then confirm."),
        (
            "discount",
            "Give the discount: type the coupon, or show it.",
            "Give the discount by its coupon, then confirm.",
        ),
    ],
)
def test_a_yes_says_what_staff_do_for_this_kind(
    world: World, kind: str, redeemed: str, reserved: str
) -> None:
    scanner, _ = world.add_device()
    issued = world.issue(f"as_{kind}")
    assert world.scan(scanner, token=issued.token, mode="hold")["message"] == reserved
    assert world.scan(scanner, token=issued.token)["message"] == redeemed


@pytest.mark.parametrize(
    ("kind", "again", "undone"),
    [
        ("item", "Already handed over today 13:00", "It can be handed over again."),
        ("priority_entry", "Already let in today 13:00", "They can come in first again."),
        ("early_access", "Already let in today 13:00", "They can come in again."),
        ("discount", "Discount already given today", "The discount can be given again."),
    ],
)
def test_what_was_done_before_is_told_by_its_kind(
    world: World, kind: str, again: str, undone: str
) -> None:
    scanner, _ = world.add_device()
    issued, attempt = world.issue(f"as_{kind}"), uuid4()
    world.scan(scanner, token=issued.token, attempt_id=str(attempt))
    assert world.scan(scanner, token=issued.token)["message"].startswith(again)
    with world.installation.unit_of_work() as session:
        asked = UndoRequest.read({"reason": "left"})
        told = undo_by_device(session, scanner, attempt, asked, now=clock.now())
    assert told["message"] == f"Undone. {undone}"


def live(world: World, code: str, at: Any = NOON) -> str:
    """A live token of this voucher, as the wallet shows one."""
    with world.installation.reading() as session:
        key = signing(session)
    begins = int(at.timestamp())
    flags = Flag.OFFLINE_OK | Flag.LIVE_REQUIRED | Flag.LIVE
    return mint(Payload(1, key.number, flags, 5, parse_code(code), begins, begins + 60), key)


@pytest.mark.parametrize(
    ("perk", "sentence"),
    [
        ("bag", "First check that this is Ada. Then confirm it."),
        ("beer", "First check that an ID says at least 18. Then confirm it."),
    ],
)
def test_staff_confirm_who_stands_there(world: World, perk: str, sentence: str) -> None:
    scanner, _ = world.add_device()
    issued = world.issue(perk, name="Ada")
    for mode in ("check", "hold", "redeem"):
        answer = world.scan(scanner, token=issued.token, mode=mode)
        assert (answer["verdict"], answer["message"]) == ("identity_required", sentence)
    good = world.scan(scanner, token=issued.token, identity_confirmed=True)
    assert good["verdict"] == "redeemed"
    note = "The blue one" if perk == "bag" else None
    assert good["voucher"]["perk"]["staff_note"] == note


def test_a_live_code_needs_no_confirmation(world: World) -> None:
    scanner, _ = world.add_device()
    issued = world.issue("seat")
    assert world.scan(scanner, token=live(world, issued.code))["verdict"] == "redeemed"


def test_a_picture_of_a_live_code_is_told_as_one(world: World) -> None:
    scanner, _ = world.add_device()
    issued = world.issue("seat")
    later = NOON + timedelta(seconds=90)
    answer = world.scan(scanner, later, token=live(world, issued.code))
    assert answer["verdict"] == "expired"
    assert answer["message"].startswith("An old picture of a live code")


def test_who_has_no_phone_is_served_by_an_identity_check(world: World) -> None:
    scanner, _ = world.add_device()
    issued = world.issue("seat")
    assert world.scan(scanner, token=issued.token)["verdict"] == "live_required"
    assert world.scan(scanner, code=issued.code)["verdict"] == "identity_required"
    answer = world.scan(scanner, token=issued.token, identity_confirmed=True)
    assert answer["verdict"] == "redeemed"


@pytest.mark.parametrize(
    ("later", "same", "verdict"),
    [
        (timedelta(minutes=4), True, "redeemed"),
        (timedelta(minutes=6), True, "expired"),
        (timedelta(minutes=4), False, "expired"),
    ],
)
def test_a_live_code_outlasts_the_look_at_an_id_and_no_more(
    world: World, later: timedelta, same: bool, verdict: str
) -> None:
    scanner, _ = world.add_device()
    issued, first = world.issue("vip"), str(uuid4())
    token = live(world, issued.code)
    answer = world.scan(scanner, token=token, attempt_id=first)
    assert answer["verdict"] == "identity_required"
    if not same:
        token = live(world, issued.code, NOON - timedelta(seconds=30))
    again = {"token": token, "identity_confirmed": True, "follows": first}
    other, _ = world.add_device(name="Door 2")
    assert world.scan(other, NOON + later, **again)["verdict"] == "expired"
    unlooked = {**again, "identity_confirmed": False}
    assert world.scan(scanner, NOON + later, **unlooked)["verdict"] == "expired"
    assert world.scan(scanner, NOON + later, **again)["verdict"] == verdict
