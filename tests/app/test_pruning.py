"""What nobody can use any more is deleted a month later, in batches, and nothing else is."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app import clock
from app.access import doors, signing_in
from app.access import pruning as access_pruning
from app.access.doors import MEMBERS, ORGANISERS, Door
from app.actor import COMMAND_LINE
from app.stock import moving, reserving
from app.stock import pruning as stock_pruning
from app.stock.levels import Sort
from app.stock.models import StockReservation
from app.stock.reserving import Want
from app.worker import do_everything
from tests.support.installations import NOON, PROGRAMME, World, world_of
from tests.support.interleaving import one_after_the_other

SHIRTS = PROGRAMME + '\n[items.shirt]\nname = "Shirt"\n'
DAY = timedelta(days=1)
HOW: dict[str, Any] = {"actor": COMMAND_LINE}


world = world_of(SHIRTS, at=NOON)


def rows(world: World, model: Any) -> int:
    with world.installation.reading() as session:
        return len(session.scalars(select(model)).all())


def holder(world: World, door: Door) -> int:
    with world.installation.unit_of_work() as session:
        if door is MEMBERS:
            return 1
        return signing_in.organiser(session, world.community_id, "Mara", now=NOON).id


@pytest.mark.parametrize("door", [MEMBERS, ORGANISERS])
def test_links_go_a_month_after_they_were_used_or_were_too_old(world: World, door: Door) -> None:
    who = holder(world, door)
    with world.installation.unit_of_work() as session:
        used = doors.new_link(session, door, who, now=NOON)
        doors.use_link(session, door, used, now=NOON)
        doors.new_link(session, door, who, now=NOON)
        later = doors.new_link(session, door, who, now=NOON + 2 * DAY)
    with clock.standing_at(NOON + 30 * DAY - DAY / 24):
        assert access_pruning.prune(world.installation) == 0
    with clock.standing_at(NOON + 30 * DAY):
        assert access_pruning.prune(world.installation) == 1
    with clock.standing_at(NOON + 31 * DAY):
        assert access_pruning.prune(world.installation) == 1
        assert rows(world, door.links) == 1
    with world.installation.reading() as session:
        assert doors.link_is_open(session, door, later, now=NOON + 2 * DAY)


@pytest.mark.parametrize("door", [MEMBERS, ORGANISERS])
def test_sessions_go_a_month_after_they_ended(world: World, door: Door) -> None:
    who = holder(world, door)
    with world.installation.unit_of_work() as session:
        ended, lasting = (doors.start_session(session, door, who, now=NOON) for _ in range(2))
        doors.end_session(session, door, ended, now=NOON + DAY)
    with clock.standing_at(NOON + 31 * DAY - timedelta(seconds=1)):
        assert access_pruning.prune(world.installation) == 0
    with clock.standing_at(NOON + 31 * DAY):
        assert access_pruning.prune(world.installation) == 1
    end = NOON + door.session_lasts
    with world.installation.reading() as session:
        assert doors.holder_of(session, door, lasting, now=end - DAY) == who
    with clock.standing_at(end + 30 * DAY):
        assert access_pruning.prune(world.installation) == 1
    assert rows(world, door.sessions) == 0


def test_many_go_in_batches(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access_pruning, "AT_ONCE", 3)
    with world.installation.unit_of_work() as session:
        for _ in range(8):
            doors.new_link(session, MEMBERS, 1, now=NOON)
    with clock.standing_at(NOON + 60 * DAY):
        do_everything(world.installation)
    assert rows(world, MEMBERS.links) == 0


def sort_of(world: World) -> Sort:
    return Sort(world.community_id, "shirt", "")


def promise(world: World, *ends: datetime) -> None:
    with world.installation.unit_of_work() as session:
        sort = sort_of(world)
        moving.receive(session, sort, "popup", 9, reason="a parcel", now=NOON, **HOW)
        wants = [Want(sort, None, 1, f"V-{number}", end) for number, end in enumerate(ends)]
        assert len(reserving.reserve(session, wants, now=NOON, **HOW)) == len(ends)


def test_promises_go_a_month_after_they_ended(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stock_pruning, "AT_ONCE", 2)
    promise(world, *[NOON + DAY] * 5, NOON + 40 * DAY)
    with clock.standing_at(NOON + 31 * DAY - timedelta(seconds=1)):
        assert stock_pruning.prune(world.installation) == 0
    with clock.standing_at(NOON + 31 * DAY):
        do_everything(world.installation)
    with world.installation.reading() as session:
        assert session.scalars(select(StockReservation.holder)).all() == ["V-5"]


@pytest.mark.parametrize("pruned_first", [True, False])
def test_a_promise_that_is_made_again_at_the_same_moment_stands(
    world: World, pruned_first: bool
) -> None:
    promise(world, NOON + DAY)
    now = NOON + 40 * DAY
    want = Want(sort_of(world), None, 1, "V-0", now + DAY)

    def prune(session: Any) -> int:
        return stock_pruning.prune_some(session, now=now)

    def again(session: Any) -> set[str]:
        return reserving.reserve(session, [want], now=now, **HOW)

    both = (prune, again) if pruned_first else (again, prune)
    outcomes = one_after_the_other(world.installation, *both)
    assert outcomes == ([1, {"V-0"}] if pruned_first else [{"V-0"}, 0])
    with world.installation.reading() as session:
        assert session.scalars(select(StockReservation.until)).all() == [now + DAY]
