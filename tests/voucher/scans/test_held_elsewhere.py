"""A hold at another station than the one where the voucher's own is promised keeps one there."""

import threading
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from app import clock
from app.actor import COMMAND_LINE
from app.stock import levels, moving
from app.stock.levels import Sort
from tests.support.installations import NOON, PROGRAMME, World, world_of
from tests.support.waiting import Meanwhile
from voucher.ledger import redeeming
from voucher.ledger.changes import withdrawing
from voucher.ledger.finding import by_reference
from voucher.scans.attempts import Attempt
from voucher.scans.follow_ups.confirming import confirm, release
from voucher.scans.follow_ups.undoing import undo_by_device
from voucher.scans.judgement.judging import judge_all
from voucher.scans.requests import EndRequest, ScanRequest, UndoRequest
from voucher.scans.scanners import Scanner

MUGS = (
    PROGRAMME
    + '\n[perks.mug]\nname = "Mug"\nitem = "mug"\n'
    + '\n[perks.mugs]\nname = "Mugs"\nitem = "mug"\nuses = 2\n'
    + '\n[items.mug]\nname = "Mug"\n'
)
UNTIL = NOON + timedelta(minutes=2)


world = world_of(MUGS, at=NOON)


@pytest.fixture
def here(world: World) -> Scanner:
    return world.add_device("popup")[0]


@pytest.fixture
def there(world: World) -> Scanner:
    return world.add_device("other")[0]


def receive(world: World, place: str, quantity: int) -> None:
    with world.installation.unit_of_work() as session:
        how: dict[str, Any] = {"reason": "r", "actor": COMMAND_LINE, "now": NOON}
        moving.receive(session, Sort(world.community_id, "mug", ""), place, quantity, **how)


def mugs(world: World, place: str) -> tuple[int, int]:
    """What lies there, and what of it is free."""
    with world.installation.reading() as session:
        rows = levels.of_community(session, world.community_id, now=clock.now())
        return next(
            (one.on_hand, one.on_hand - promised) for one, promised in rows if one.place == place
        )


def hold(world: World, scanner: Scanner, token: str, **more: Any) -> tuple[UUID, str]:
    attempt = uuid4()
    asked = {"attempt_id": str(attempt), "token": token, "mode": "hold", **more}
    return attempt, world.scan(scanner, **asked)["verdict"]


def end(world: World, how: Any, scanner: Scanner, attempt: UUID) -> str:
    with world.installation.unit_of_work() as session:
        answer = how(session, scanner, attempt, EndRequest(), now=clock.now())
    return str(answer["verdict"])


def test_it_is_there_as_the_hold_is_confirmed(world: World, here: Scanner, there: Scanner) -> None:
    receive(world, "popup", 2)
    pin, rival = world.issue("mug"), world.issue("mug", member="2")
    receive(world, "other", 1)
    attempt, verdict = hold(world, there, pin.token)
    assert verdict == "reserved"
    assert mugs(world, "other") == (1, 0)
    assert world.scan(there, token=rival.token)["verdict"] == "out_of_stock"
    assert end(world, confirm, there, attempt) == "redeemed"
    # Its own promise has ended as well, where it was not served.
    assert (mugs(world, "popup"), mugs(world, "other")) == ((2, 1), (0, 0))
    assert world.scan(here, token=rival.token)["verdict"] == "redeemed"


def test_what_is_not_there_is_not_held(world: World, there: Scanner) -> None:
    receive(world, "popup", 1)
    assert hold(world, there, world.issue("mug").token)[1] == "out_of_stock"


def test_released_or_over_it_is_free_again_and_its_own_promise_stands(
    world: World, there: Scanner
) -> None:
    receive(world, "popup", 1)
    pin = world.issue("mug")
    receive(world, "other", 1)
    attempt, _ = hold(world, there, pin.token)
    assert end(world, release, there, attempt) == "released"
    assert (mugs(world, "popup"), mugs(world, "other")) == ((1, 0), (1, 1))
    hold(world, there, pin.token)
    with clock.standing_at(UNTIL):
        assert (mugs(world, "popup"), mugs(world, "other")) == ((1, 0), (1, 1))


def test_undone_it_is_promised_where_it_came_back(world: World, there: Scanner) -> None:
    receive(world, "popup", 1)
    pin = world.issue("mug")
    receive(world, "other", 1)
    attempt, _ = hold(world, there, pin.token)
    end(world, confirm, there, attempt)
    with world.installation.unit_of_work() as session:
        request = UndoRequest(reason="the wrong one")
        undo_by_device(session, there, attempt, request, now=NOON)
    assert (mugs(world, "popup"), mugs(world, "other")) == ((1, 1), (1, 0))
    assert world.scan(there, token=pin.token)["verdict"] == "redeemed"


def test_where_its_own_lies_nothing_is_kept_twice(world: World, here: Scanner) -> None:
    receive(world, "popup", 3)
    both = world.issue("mugs")
    attempt, verdict = hold(world, here, both.token, uses=2)
    assert (verdict, mugs(world, "popup")) == ("reserved", (3, 1))
    assert end(world, confirm, here, attempt) == "redeemed"
    assert mugs(world, "popup") == (1, 1)


def test_holds_in_two_places_at_once_never_get_more_than_there_is(
    world: World, here: Scanner, there: Scanner
) -> None:
    receive(world, "popup", 8)
    pins = [world.issue("mug", member=str(number)) for number in range(8)]
    receive(world, "other", 3)
    begin, told = threading.Barrier(8), []

    def go(number: int) -> None:
        scanner = there if number < 6 else here
        begin.wait()
        attempt, verdict = hold(world, scanner, pins[number].token)
        if verdict == "reserved":
            told.append(end(world, confirm, scanner, attempt))

    threads = [threading.Thread(target=go, args=(number,)) for number in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert told == ["redeemed"] * 5
    # Those that found nothing there have theirs still.
    assert (mugs(world, "popup"), mugs(world, "other")) == ((6, 3), (0, 0))


def test_a_batch_has_its_vouchers_before_it_gives_back_what_was_held(
    world: World, there: Scanner
) -> None:
    receive(world, "popup", 2)
    pins = [world.issue("mug", member=str(number)) for number in range(2)]
    receive(world, "other", 2)
    for pin in pins:
        hold(world, there, pin.token)

    def scan_both() -> list[Any]:
        body = {"mode": "redeem", "scanned_at": NOON.isoformat()}
        attempts = [
            Attempt(there, ScanRequest.read({**body, "attempt_id": uuid4(), "token": pin.token}))
            for pin in pins
        ]
        with world.installation.unit_of_work() as session:
            return judge_all(session, attempts, now=NOON)

    with world.installation.unit_of_work() as session:
        second = by_reference(session, world.community_id, pins[1].reference).voucher
        redeeming.locked(session, second.id)
        both = Meanwhile(world, scan_both)
        withdrawing.void(session, second, reason="r", actor=COMMAND_LINE, now=NOON)
    assert [one["verdict"] for one in both.outcome()] == ["redeemed", "void"]
