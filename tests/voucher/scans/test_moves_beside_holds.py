"""While a device hands something out, nobody carries what is left over to another voucher."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.actor import COMMAND_LINE
from tests.support.installations import NOON, World, world_of
from tests.support.interleaving import one_after_the_other
from tests.voucher.scans.devices import DRINKS, Device
from voucher.ledger.changes import renewing, replacing, withdrawing
from voucher.ledger.finding import by_reference
from voucher.ledger.issuance.issuing import Issued
from voucher.ledger.models import Voucher
from voucher.ledger.moves import MoveRefused
from voucher.ledger.redeeming import BeingHandedOut
from voucher.scans.attempts import Attempt
from voucher.scans.conflicts import conflicts
from voucher.scans.follow_ups.confirming import confirm, release
from voucher.scans.judgement.judging import judge_all
from voucher.scans.requests import ScanRequest

MINUTE = timedelta(minutes=1)
UNTIL = NOON + 2 * MINUTE
END = NOON + timedelta(hours=72)


world = world_of(DRINKS, at=NOON)


@pytest.fixture
def door(world: World) -> Device:
    return Device(world)


@pytest.fixture
def drinks(world: World) -> Issued:
    return world.issue("drinks")


def move(world: World, how: Callable[..., Any], reference: str, *given: Any, now: datetime) -> Any:
    with world.installation.unit_of_work() as session:
        return moved(world, how, reference, *given, now=now)(session)


def moved(
    world: World, how: Callable[..., Any], reference: str, *given: Any, now: datetime = NOON
) -> Callable[[Session], Any]:
    def take(session: Session) -> Any:
        voucher = by_reference(session, world.community_id, reference).voucher
        return how(session, voucher, *given, reason="r", actor=COMMAND_LINE, now=now)

    return take


def still_to_hand_over(world: World) -> int:
    """Uses that are left on all vouchers that stand."""
    left = select(func.sum(Voucher.uses - Voucher.uses_taken)).where(Voucher.standing == "open")
    with world.installation.reading() as session:
        return session.scalars(left).one()


@pytest.mark.parametrize(
    ("how", "held_at", "given"),
    [
        (replacing.reissue, NOON, ()),
        (renewing.renew, END - MINUTE, ()),
        (replacing.refund, NOON, (1,)),
    ],
)
def test_what_is_being_handed_out_is_not_given_anew(
    world: World,
    door: Device,
    drinks: Issued,
    how: Callable[..., Any],
    held_at: datetime,
    given: tuple[int, ...],
) -> None:
    assert door.scan("redeem", drinks.token)["verdict"] == "redeemed"
    attempt = door.hold(drinks.token, held_at, uses=2)
    pressed_at = held_at + MINUTE
    with pytest.raises(BeingHandedOut) as refused:
        move(world, how, drinks.reference, *given, now=pressed_at)
    at = "13:02" if held_at == NOON else "13:01"
    said = f"{drinks.reference} is being handed out just now: try again in two minutes, at {at}."
    assert str(refused.value) == said
    assert door.end(confirm, attempt, pressed_at)["verdict"] == "redeemed"
    assert still_to_hand_over(world) == 0


def test_a_hold_of_part_of_a_minute_is_told_by_the_minute_after_it(
    world: World, door: Device, drinks: Issued
) -> None:
    door.hold(drinks.token, NOON + timedelta(milliseconds=1))
    with pytest.raises(BeingHandedOut, match=r"at 13:03\.$"):
        move(world, replacing.reissue, drinks.reference, now=NOON)


@pytest.mark.parametrize("how", [confirm, release])
def test_once_a_hold_has_ended_the_rest_can_be_replaced_at_once(
    world: World, door: Device, drinks: Issued, how: Callable[..., Any]
) -> None:
    first, second = door.hold(drinks.token), door.hold(drinks.token)
    door.end(how, first)
    with pytest.raises(BeingHandedOut):
        move(world, replacing.reissue, drinks.reference, now=NOON)
    door.end(how, second)
    move(world, replacing.reissue, drinks.reference, now=NOON)
    assert still_to_hand_over(world) == (1 if how is confirm else 3)


def test_a_hold_that_the_stock_refuses_holds_nothing(world: World, door: Device) -> None:
    mug = world.issue("mug")
    assert door.scan("hold", mug.token)["verdict"] == "out_of_stock"
    move(world, replacing.reissue, mug.reference, now=NOON)


def test_it_can_be_withdrawn_all_the_same(world: World, door: Device, drinks: Issued) -> None:
    attempt = door.hold(drinks.token)
    move(world, withdrawing.void, drinks.reference, now=NOON)
    answer = door.end(confirm, attempt)
    assert (answer["verdict"], answer["conflict"] is None) == ("void", False)


def test_a_hand_over_that_is_confirmed_after_its_hold_and_a_reissue_is_a_conflict(
    world: World, door: Device, drinks: Issued
) -> None:
    attempt = door.hold(drinks.token)
    move(world, replacing.reissue, drinks.reference, now=UNTIL)
    answer = door.end(confirm, attempt, UNTIL)
    assert answer["verdict"] == "superseded"
    with world.installation.reading() as session:
        [found] = conflicts.unresolved(session, world.community_id)
    assert (found["id"], found["voucher"]) == (answer["conflict"], drinks.reference)
    assert still_to_hand_over(world) == 3


def holding(door: Device, voucher: Issued) -> Callable[[Session], Any]:
    body = {"attempt_id": str(uuid4()), "mode": "hold", "scanned_at": NOON.isoformat(), "uses": 3}
    asked = ScanRequest.read(body | {"token": voucher.token})

    def hold(session: Session) -> Any:
        [outcome] = judge_all(session, [Attempt(door.scanner, asked)], now=NOON)
        return outcome

    return hold


def test_a_reissue_that_waits_for_a_hold_is_refused(
    world: World, door: Device, drinks: Issued
) -> None:
    reissue = moved(world, replacing.reissue, drinks.reference)
    held, new = one_after_the_other(world.installation, holding(door, drinks), reissue)
    assert held["verdict"] == "reserved"
    assert isinstance(new, BeingHandedOut)
    assert still_to_hand_over(world) == 3


def test_a_hold_that_waits_for_a_reissue_holds_nothing(
    world: World, door: Device, drinks: Issued
) -> None:
    reissue = moved(world, replacing.reissue, drinks.reference)
    new, held = one_after_the_other(world.installation, reissue, holding(door, drinks))
    assert isinstance(new, Issued)
    assert held["verdict"] == "superseded"
    assert still_to_hand_over(world) == 3


def test_a_second_press_beside_a_hold_says_what_became_of_it(
    world: World, door: Device, drinks: Issued
) -> None:
    door.hold(drinks.token)
    move(world, withdrawing.void, drinks.reference, now=NOON)
    with pytest.raises(MoveRefused, match="is withdrawn"):
        move(world, replacing.reissue, drinks.reference, now=NOON)
