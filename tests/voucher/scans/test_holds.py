"""Holds: reserved while staff hand something over, confirmed, released, or over by themselves."""

import threading
from collections import Counter
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from app.actor import COMMAND_LINE
from app.audit.models import AuditEntry
from app.stock import levels, moving
from app.stock.levels import Sort
from tests.support.installations import NOON, World, world_of
from tests.voucher.scans.devices import DRINKS, Device
from voucher.ledger.changes import withdrawing
from voucher.ledger.finding import by_reference
from voucher.ledger.models import Voucher
from voucher.scans.conflicts import conflicts
from voucher.scans.follow_ups.confirming import NothingHeld, UnknownAttempt, confirm, release
from voucher.scans.follow_ups.undoing import undo_by_device
from voucher.scans.requests import UndoRequest

UNTIL = NOON + timedelta(minutes=2)


world = world_of(DRINKS, at=NOON)


@pytest.fixture
def door(world: World) -> Device:
    return Device(world)


@pytest.fixture
def bar(world: World) -> Device:
    return Device(world, "Bar")


def taken(world: World) -> int:
    with world.installation.reading() as session:
        return sum(session.scalars(select(Voucher.uses_taken)))


def kinds(world: World) -> list[str]:
    with world.installation.reading() as session:
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id))
        return [entry.kind for entry in entries if not entry.kind.startswith(("programme", "dev"))]


def void(world: World, reference: str) -> None:
    with world.installation.unit_of_work() as session:
        voucher = by_reference(session, world.community_id, reference).voucher
        how: dict[str, Any] = {"reason": "r", "actor": COMMAND_LINE, "now": NOON}
        withdrawing.void(session, voucher, **how)


def mugs(world: World, quantity: int) -> None:
    with world.installation.unit_of_work() as session:
        how: dict[str, Any] = {"reason": "r", "actor": COMMAND_LINE, "now": NOON}
        moving.receive(session, Sort(world.community_id, "mug", ""), "popup", quantity, **how)


def free_mugs(world: World, now: datetime = NOON) -> int:
    with world.installation.reading() as session:
        rows = levels.of_community(session, world.community_id, now=now)
        return sum(level.on_hand - reserved for level, reserved in rows)


def test_what_one_device_holds_another_is_told_of(world: World, door: Device, bar: Device) -> None:
    pin = world.issue()
    answer = door.scan("hold", pin.token)
    assert (answer["verdict"], answer["hold"]["until"]) == ("reserved", "2026-11-18T12:02:00Z")
    assert answer["voucher"]["uses_left"] == 1
    assert taken(world) == 0
    for mode in ("redeem", "hold", "check"):
        refused = bar.scan(mode, pin.token)
        assert (refused["verdict"], refused["hold"]["until"]) == ("held", "2026-11-18T12:02:00Z")
        assert "until 13:02:00" in refused["message"]


def test_a_hold_is_over_by_itself(world: World, door: Device, bar: Device) -> None:
    pin = world.issue()
    door.hold(pin.token)
    assert bar.scan("redeem", pin.token, UNTIL - timedelta(seconds=1))["verdict"] == "held"
    assert bar.scan("redeem", pin.token, UNTIL)["verdict"] == "redeemed"


def test_what_is_not_held_is_free_for_others(world: World, door: Device, bar: Device) -> None:
    drinks = world.issue("drinks")
    door.hold(drinks.token, uses=2)
    assert bar.scan("check", drinks.token, uses=2)["verdict"] == "held"
    assert bar.scan("redeem", drinks.token)["voucher"]["uses_left"] == 2
    assert bar.scan("redeem", drinks.token)["verdict"] == "held"


def test_confirmed_it_is_a_redemption_and_says_so_again(world: World, door: Device) -> None:
    pin = world.issue()
    attempt = door.hold(pin.token)
    answer = door.end(confirm, attempt)
    assert (answer["verdict"], answer["voucher"]["uses_left"]) == ("redeemed", 0)
    assert door.end(confirm, attempt, UNTIL) == {**answer, "replayed": True}
    assert taken(world) == 1
    assert kinds(world) == ["voucher.issued", "voucher.held", "voucher.redeemed"]
    second = door.scan("redeem", pin.token)
    assert second["verdict"] == "already_redeemed"
    assert second["first_redemption"]["device"] == "Door"
    with pytest.raises(NothingHeld, match="undo it instead"):
        door.end(release, attempt)


def test_the_hold_itself_is_replayed_after_its_confirmation(world: World, door: Device) -> None:
    pin = world.issue()
    attempt = door.hold(pin.token)
    door.end(confirm, attempt)
    again = door.scan("hold", pin.token, attempt_id=attempt)
    assert (again["verdict"], again["replayed"]) == ("reserved", True)


def test_released_it_is_free_at_once_and_says_so_again(
    world: World, door: Device, bar: Device
) -> None:
    pin = world.issue()
    attempt = door.hold(pin.token)
    answer = door.end(release, attempt)
    assert (answer["verdict"], answer["message"]) == (
        "released",
        "Released. Nothing was handed over.",
    )
    assert door.end(release, attempt, UNTIL) == {**answer, "replayed": True}
    assert bar.scan("redeem", pin.token)["verdict"] == "redeemed"


def test_a_late_confirmation_counts_where_the_use_is_free(world: World, door: Device) -> None:
    pin = world.issue()
    attempt = door.hold(pin.token)
    late = NOON + timedelta(days=30)  # past the window as well: it was held in time
    assert door.end(confirm, attempt, late)["verdict"] == "redeemed"
    assert taken(world) == 1


def test_a_late_confirmation_of_what_others_took_is_a_conflict(
    world: World, door: Device, bar: Device
) -> None:
    pin = world.issue()
    attempt = door.hold(pin.token)
    bar.scan("redeem", pin.token, UNTIL)
    answer = door.end(confirm, attempt, UNTIL)
    assert answer["verdict"] == "already_redeemed"
    assert door.end(confirm, attempt, UNTIL) == {**answer, "replayed": True}
    with world.installation.reading() as session:
        [open_one] = conflicts.unresolved(session, world.community_id)
    assert open_one["id"] == answer["conflict"]
    assert open_one["voucher"] == pin.reference
    assert open_one["handed_over"]["device"] == "Door"
    assert open_one["came_first"]["device"] == "Bar"


def test_a_confirmation_of_what_was_voided_meanwhile_is_a_conflict(
    world: World, door: Device
) -> None:
    pin = world.issue()
    attempt = door.hold(pin.token)
    void(world, pin.reference)
    answer = door.end(confirm, attempt)
    assert answer["verdict"] == "void"
    assert answer["conflict"]


def test_a_confirmation_after_the_release_is_a_hand_over_all_the_same(
    world: World, door: Device
) -> None:
    attempt = door.hold(world.issue().token)
    door.end(release, attempt)
    assert door.end(confirm, attempt)["verdict"] == "redeemed"


def test_a_device_that_scans_again_takes_its_own_hold_up(world: World, door: Device) -> None:
    pin = world.issue()
    first, second = door.hold(pin.token), door.hold(pin.token)
    assert door.end(confirm, second)["verdict"] == "redeemed"
    assert door.end(confirm, first)["verdict"] == "already_redeemed"
    assert taken(world) == 1


def test_a_device_may_hold_as_many_as_there_are(world: World, door: Device) -> None:
    drinks = world.issue("drinks")
    attempts = [door.hold(drinks.token) for _ in range(3)]
    assert [door.end(confirm, one)["verdict"] for one in attempts] == ["redeemed"] * 3


def test_what_was_not_held_cannot_be_confirmed(world: World, door: Device, bar: Device) -> None:
    attempt = str(uuid4())
    door.scan("redeem", world.issue().token, attempt_id=attempt)
    with pytest.raises(NothingHeld):
        door.end(confirm, attempt)
    with pytest.raises(UnknownAttempt):
        bar.end(confirm, attempt)
    with pytest.raises(UnknownAttempt):
        bar.end(release, attempt)


def test_a_confirmed_hold_can_be_undone_for_ten_minutes_from_then(
    world: World, door: Device
) -> None:
    attempt = door.hold(world.issue().token)
    door.end(confirm, attempt, NOON + timedelta(minutes=1))
    request = UndoRequest.read({"reason": "the wrong one"})
    with world.installation.unit_of_work() as session:
        now = NOON + timedelta(minutes=10, seconds=59)
        undone = undo_by_device(session, door.scanner, UUID(attempt), request, now=now)
    assert undone["verdict"] == "undone"
    assert taken(world) == 0


def test_a_hold_keeps_stock_for_itself(world: World, door: Device, bar: Device) -> None:
    mugs(world, 1)
    first, second = world.issue("mug"), world.issue("mug", member="2")
    attempt = door.hold(first.token)
    assert free_mugs(world) == 0
    for mode in ("redeem", "hold", "check"):
        assert bar.scan(mode, second.token)["verdict"] == "out_of_stock"
    assert door.end(confirm, attempt)["verdict"] == "redeemed"
    assert free_mugs(world) == 0
    assert taken(world) == 1


def test_a_hold_that_ends_gives_its_stock_back(world: World, door: Device, bar: Device) -> None:
    mugs(world, 1)
    attempt = door.hold(world.issue("mug").token)
    door.end(release, attempt)
    assert free_mugs(world) == 1
    door.hold(world.issue("mug", member="2").token)
    assert free_mugs(world, UNTIL) == 1


def test_late_and_out_of_stock_it_is_a_conflict_that_can_be_charged(
    world: World, door: Device, bar: Device
) -> None:
    mugs(world, 1)
    attempt = door.hold(world.issue("mug").token)
    bar.scan("redeem", world.issue("mug", member="2").token, UNTIL)
    answer = door.end(confirm, attempt, UNTIL)
    assert answer["verdict"] == "out_of_stock"
    assert answer["voucher"]["uses_left"] == 1


def test_64_mixed_holds_and_redemptions_of_three_uses_at_once(world: World) -> None:
    drinks = world.issue("drinks")
    devices = [Device(world, f"Door {number}") for number in range(8)]
    begin, answers = threading.Barrier(64), []

    def go(number: int) -> None:
        device, attempt = devices[number % 8], str(uuid4())
        begin.wait()
        mode = "hold" if number % 2 else "redeem"
        answer = device.scan(mode, drinks.token, attempt_id=attempt)
        if answer["verdict"] == "reserved":
            answer = device.end(confirm, attempt)
        answers.append((answer["verdict"], answer["conflict"] is not None))

    threads = [threading.Thread(target=go, args=(number,)) for number in range(64)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    told = Counter(answers)
    assert told["redeemed", False] == taken(world) == 3
    assert set(told) <= {
        ("redeemed", False),
        ("held", False),
        ("already_redeemed", False),
        # A hold that another scan of the same device took up, and that was confirmed all the same.
        ("already_redeemed", True),
        ("held", True),
    }
    assert len(answers) == 64
