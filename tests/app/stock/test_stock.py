"""Stock: what is promised, what goes out and comes back, and that it is never oversold."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.audit.models import AuditEntry
from app.stock import handing_out, moving, reserving
from app.stock.models import StockLevel, StockMovement
from app.stock.moving import StockRefused
from tests.app.stock.shelves import SHIRTS, SOON, Shelves
from tests.support.installations import NOON, World, world_of

world = world_of(SHIRTS, at=NOON)


@pytest.fixture
def shelves(world: World) -> Shelves:
    return Shelves(world)


def facts(world: World, kind: str) -> list[dict[str, Any]]:
    with world.installation.reading() as session:
        entries = select(AuditEntry).where(AuditEntry.kind == kind).order_by(AuditEntry.id)
        return [entry.data for entry in session.scalars(entries)]


def test_a_promise_is_kept_for_its_holder_and_for_nobody_else(shelves: Shelves) -> None:
    shelves.receive(2)
    assert shelves.reserve("V-1") == {"V-1"}
    assert shelves.there() == (2, 1)
    assert shelves.take("V-2", "r1")
    assert not shelves.take("V-3", "r2")
    assert shelves.take("V-1", "r3")
    assert shelves.there() == (0, 0)


def test_a_promise_that_ended_is_free_by_itself(shelves: Shelves) -> None:
    shelves.receive(1)
    shelves.reserve("V-1")
    assert shelves.reserve("V-2") == set()
    assert shelves.there(now=SOON) == (1, 1)
    assert shelves.reserve("V-2", now=SOON, until=SOON + timedelta(hours=1)) == {"V-2"}


def test_what_is_released_is_free_at_once(shelves: Shelves, world: World) -> None:
    shelves.receive(1)
    shelves.reserve("V-1")
    with world.installation.unit_of_work() as session:
        reserving.release(session, "V-1", now=NOON)
    assert shelves.there() == (1, 1)


def test_a_promise_that_ended_is_made_again_or_refused(shelves: Shelves) -> None:
    shelves.receive(1)
    shelves.reserve("V-1")
    later = SOON + timedelta(hours=2)
    assert shelves.prolong("V-1", until=later, now=SOON) == set()
    assert shelves.there(now=SOON) == (1, 0)
    shelves.reserve("V-2", now=later, until=later + timedelta(hours=1))
    gone = shelves.prolong("V-1", "V-3", until=later + timedelta(hours=1), now=later)
    assert gone == {"V-1"}


def test_served_in_another_place_its_promise_ends(shelves: Shelves) -> None:
    shelves.receive(3, "popup")
    shelves.receive(1, "other")
    shelves.reserve("V-1")
    assert shelves.there("popup") == (3, 2)
    assert shelves.take("V-1", "r1", place="other")
    assert shelves.there("popup") == (3, 3)
    assert shelves.there("other") == (0, 0)


def test_what_is_undone_comes_back_and_is_promised_again(shelves: Shelves) -> None:
    shelves.receive(1)
    shelves.reserve("V-1")
    shelves.take("V-1", "r1")
    assert shelves.there() == (0, 0)
    shelves(handing_out.put_back, "r1")
    assert shelves.there() == (1, 0)
    shelves(handing_out.put_back, "unknown")
    assert shelves.there() == (1, 0)


@pytest.mark.parametrize(("usable", "there"), [(True, 1), (False, 0)])
def test_a_faulty_item_goes_back_or_is_written_off(
    shelves: Shelves, world: World, usable: bool, there: int
) -> None:
    shelves.receive(1)
    shelves.take("V-1", "r1")
    shelves(handing_out.take_in, "V-1", 1, usable=usable)
    assert shelves.there() == (there, there)
    with world.installation.reading() as session:
        causes = [one.cause for one in session.scalars(select(StockMovement))]
    assert causes == ["received", "redeemed", "returned" if usable else "faulty"]


def test_every_movement_says_what_lay_there_afterwards(shelves: Shelves, world: World) -> None:
    shelves.receive(5)
    shelves(moving.write_off, shelves.sort, "popup", 1, reason="torn")
    shelves(moving.move, shelves.sort, "popup", "other", 2, reason="more guests there")
    shelves(moving.count, shelves.sort, "popup", 7, reason="counted by two")
    shelves.take("V-1", "r1")
    with world.installation.reading() as session:
        assert _adds_up(session) == {"popup": 6, "other": 2}
    told = [(one["cause"], one["change"], one["on_hand"]) for one in facts(world, "stock.changed")]
    assert told == [
        ("received", 5, 5),
        ("written_off", -1, 4),
        ("moved", -2, 2),
        ("moved", 2, 2),
        ("counted", 5, 7),
    ]
    assert "torn" not in str(facts(world, "stock.changed"))


def _adds_up(session: Session) -> dict[str, int]:
    """What the movements come to in each place, which the levels must say as well."""
    sums: dict[int, int] = {}
    for one in session.scalars(select(StockMovement).order_by(StockMovement.id)):
        sums[one.level_id] = sums.get(one.level_id, 0) + one.change
        assert one.on_hand == sums[one.level_id]
    rows = select(StockLevel).where(StockLevel.id.in_(sums))
    found = {level.place: level.on_hand for level in session.scalars(rows)}
    assert sorted(found.values()) == sorted(sums.values())
    return found


def test_low_is_told_once_as_it_is_reached(shelves: Shelves, world: World) -> None:
    shelves.receive(4)
    shelves.reserve("V-1", "V-2")
    shelves.take("V-1", "r1")
    shelves.take("V-3", "r2")
    assert [(one["free"], one["low"]) for one in facts(world, "stock.low")] == [(2, 2)]
    shelves.receive(3)
    shelves.take("V-4", "r3", quantity=2)
    assert [one["free"] for one in facts(world, "stock.low")] == [2, 2]


@pytest.mark.parametrize(
    ("move", "given", "sentence"),
    [
        (moving.write_off, ("popup", 1), "Only 0 of shirt at popup can go"),
        (moving.move, ("popup", "other", 1), "Only 0 of shirt at popup can go"),
        (moving.move, ("popup", "popup", 1), "Name two places"),
        (moving.receive, ("nowhere", 1), "no item shirt, variant small at nowhere"),
    ],
)
def test_what_cannot_be_is_one_sentence(
    shelves: Shelves, move: Any, given: tuple[Any, ...], sentence: str
) -> None:
    with pytest.raises(StockRefused, match=sentence):
        shelves(move, shelves.sort, *given, reason="r")


def test_what_is_promised_is_not_carried_away(shelves: Shelves) -> None:
    shelves.receive(2)
    shelves.reserve("V-1")
    with pytest.raises(StockRefused, match="Only 1 of shirt"):
        shelves(moving.move, shelves.sort, "popup", "other", 2, reason="r")


def test_64_writers_at_once_never_get_more_than_there_is(shelves: Shelves) -> None:
    shelves.receive(20)
    shelves.alone = False
    served: list[str] = []
    begin = threading.Barrier(64)

    def write(number: int) -> None:
        begin.wait()
        if number % 2:
            served.extend(shelves.reserve(f"V-{number}"))
        elif shelves.take(f"V-{number}", f"r{number}"):
            served.append(f"V-{number}")

    threads = [threading.Thread(target=write, args=(number,)) for number in range(64)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    taken = sum(1 for one in served if int(one[2:]) % 2 == 0)
    assert len(served) == 20
    assert shelves.there() == (20 - taken, 0)
