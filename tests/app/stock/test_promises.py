"""Promises: kept where fewer lie there than were promised, and where what lies there moves."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from app.communities.models import Station
from app.stock import handing_out, moving
from app.stock.moving import StockRefused
from tests.app.stock.shelves import SHIRTS, SOON, Shelves
from tests.support.installations import NOON, World, world_of

world = world_of(SHIRTS, at=NOON)


@pytest.fixture
def shelves(world: World) -> Shelves:
    return Shelves(world)


def withdraw(world: World, station: str) -> None:
    with world.installation.unit_of_work() as session:
        session.execute(update(Station).where(Station.key == station).values(withdrawn_at=NOON))


def carry(shelves: Shelves, quantity: int) -> None:
    shelves(moving.move, shelves.sort, "popup", "other", quantity, reason="it was closed")


def test_who_was_promised_one_gets_it_though_fewer_lie_there_than_are_promised(
    shelves: Shelves,
) -> None:
    shelves.receive(3)
    shelves.reserve("V-1", "V-2", "V-3")
    shelves(moving.count, shelves.sort, "popup", 2, reason="counted by two")
    assert shelves.there() == (2, -1)
    assert not shelves.take("V-4", "r1")
    assert not shelves.take("V-1", "r2", quantity=2)
    assert shelves.take("V-1", "r3")
    assert shelves.take("V-2", "r4")
    assert not shelves.take("V-3", "r5")


def test_what_is_undone_is_promised_where_it_came_back(shelves: Shelves) -> None:
    shelves.receive(1, "popup")
    shelves.reserve("V-1")
    shelves.receive(1, "other")
    assert shelves.take("V-1", "r1", place="other")
    assert shelves.reserve("V-2") == {"V-2"}
    shelves(handing_out.put_back, "r1")
    assert (shelves.there("popup"), shelves.there("other")) == ((1, 0), (1, 0))
    assert shelves.take("V-1", "r2", place="other")
    assert shelves.take("V-2", "r3", place="popup")


def test_a_promise_of_several_lies_in_two_places_once_one_of_them_came_back(
    shelves: Shelves,
) -> None:
    shelves.receive(2, "popup")
    shelves.reserve("V-1", quantity=2)
    shelves.receive(1, "other")
    assert shelves.take("V-1", "r1", place="other")
    assert (shelves.there("popup"), shelves.there("other")) == ((2, 1), (0, 0))
    shelves(handing_out.put_back, "r1")
    assert (shelves.there("popup"), shelves.there("other")) == ((2, 1), (1, 0))
    assert not shelves.take("V-2", "r2", place="other")
    assert shelves.take("V-1", "r3", place="popup")
    assert shelves.take("V-1", "r4", place="other")
    assert (shelves.there("popup"), shelves.there("other")) == ((1, 1), (0, 0))


def test_promises_in_two_places_are_prolonged_and_end_together(shelves: Shelves) -> None:
    shelves.receive(2, "popup")
    shelves.reserve("V-1", quantity=2)
    shelves.receive(1, "other")
    shelves.take("V-1", "r1", place="other")
    shelves(handing_out.put_back, "r1")
    later = SOON + timedelta(hours=1)
    assert shelves.prolong("V-1", quantity=2, until=later) == set()
    assert shelves.there("other", now=SOON) == (1, 0)
    again = later + timedelta(hours=1)
    assert shelves.prolong("V-1", quantity=2, until=again, now=later) == set()
    free = shelves.there("popup", now=later), shelves.there("other", now=later)
    assert free == ((2, 0), (1, 1))


def test_what_was_used_up_is_prolonged_though_fewer_lie_there_than_are_promised(
    shelves: Shelves,
) -> None:
    shelves.receive(2)
    shelves.reserve("V-1", "V-2")
    shelves.take("V-1", "r1")
    shelves(moving.count, shelves.sort, "popup", 0, reason="counted by two")
    assert shelves.prolong("V-1", quantity=0, until=SOON + timedelta(hours=1), now=SOON) == set()


def test_from_a_withdrawn_station_promises_are_carried_along(
    world: World, shelves: Shelves
) -> None:
    shelves.receive(4)
    shelves.reserve("V-1", quantity=2, until=SOON + timedelta(hours=1))
    shelves.reserve("V-2")
    with pytest.raises(StockRefused, match="Only 1 of shirt"):
        carry(shelves, 2)
    withdraw(world, "popup")
    with pytest.raises(StockRefused, match="Only 4 of shirt"):
        carry(shelves, 5)
    carry(shelves, 2)
    # V-2's ends first, and of the two of V-1 one is left.
    assert (shelves.there("popup"), shelves.there("other")) == ((2, 1), (2, 0))
    assert shelves.take("V-2", "r1", place="other")
    carry(shelves, 2)
    assert (shelves.there("popup"), shelves.there("other")) == ((0, 0), (3, 1))
    assert shelves.take("V-1", "r2", quantity=2, place="other")
    assert shelves.there("other") == (1, 1)


def test_where_less_lies_than_is_promised_nothing_can_be_carried_away(shelves: Shelves) -> None:
    shelves.receive(2)
    shelves.reserve("V-1", "V-2")
    shelves(moving.count, shelves.sort, "popup", 1, reason="counted by two")
    with pytest.raises(StockRefused, match="Only 0 of shirt"):
        carry(shelves, 1)


def test_a_clock_that_is_an_hour_ahead_ends_no_promise_for_others(shelves: Shelves) -> None:
    shelves.receive(2)
    shelves.reserve("V-1")
    half = timedelta(minutes=30)
    assert shelves.reserve("V-2", until=SOON + 2 * half, now=SOON + half) == {"V-2"}
    before = SOON - half
    assert shelves.reserve("V-3", until=SOON + 2 * half, now=before) == set()
    assert shelves.there(now=before) == (2, 0)
    # Whoever gives something by the right clock leaves no trace of the wrong one.
    shelves.receive(1)
    assert shelves.reserve("V-3", until=SOON + 2 * half, now=before) == {"V-3"}
    assert shelves.reserve("V-4", until=SOON + 2 * half, now=before + timedelta(minutes=2)) == set()
    assert shelves.take("V-1", "r1")


def test_who_was_served_up_to_a_minute_later_is_believed(shelves: Shelves) -> None:
    shelves.receive(1)
    shelves.reserve("V-1")
    later = SOON + timedelta(hours=1)
    assert shelves.reserve("V-2", until=later, now=SOON) == {"V-2"}
    before = SOON - timedelta(minutes=1)
    assert shelves.prolong("V-1", until=later, now=before) == {"V-1"}
    assert shelves.there(now=before) == (1, -1)
