"""A streak is found around what moved, however long the past is, and wherever the day lies."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app import clock
from app.achievements.criteria.streaks import streaks
from app.achievements.evaluation import counted
from tests.app.achievements.rules import community, id_of, programme, who_has
from tests.support.installations import NOON, World, message

DAY = timedelta(days=1)
ALONE = 'alone]\nall = [{ streak = 4, of = "message", grace = 1 }]'
WITH_MORE = (
    'more]\nall = [{ streak = 4, of = "message", grace = 1 }, '
    '{ metric = "thread_started", at_least = 1 }]'
)


def wrote(world: World, name: str, days: Sequence[int], kind: str = "message", **how: Any) -> None:
    """On these days, counted back from now."""
    events = [message(f"{name}-{kind}-{day}", name, NOON - day * DAY, kind=kind) for day in days]
    world.take(*events, **how)


def test_whatever_the_order_of_the_days_a_streak_is_granted_once_it_is_there(
    tmp_path: Path, engine_url: str
) -> None:
    with clock.standing_at(NOON), community(tmp_path, engine_url, programme(ALONE)) as world:
        run = iter(range(10_000))

        @settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
        @given(
            st.lists(st.lists(st.integers(0, 40), min_size=1, max_size=6, unique=True), max_size=8)
        )
        def same(batches: list[list[int]]) -> None:
            name = f"m{next(run)}"
            wrote(world, name, [100])
            for batch in batches:
                wrote(world, name, batch)
            days = sorted({-100, *(-day for batch in batches for day in batch)})
            has = id_of(world, name) in who_has(world, "alone")
            assert has == bool(streaks(days, 4, 1))

        same()


def test_only_days_around_what_moved_are_read_where_a_streak_is_all_that_is_asked_for(
    tmp_path: Path, engine_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[Any] = []
    days_of = counted._days_of

    def seen(*where: Any) -> Any:
        found = days_of(*where)
        read.append((where[3] is None, len(found)))
        return found

    monkeypatch.setattr(counted, "_days_of", seen)
    old = [day for day in range(50, 400) if day % 3]
    text = programme(ALONE.replace("4", "40"))
    with clock.standing_at(NOON), community(tmp_path, engine_url, text) as world:
        wrote(world, "a", old)
        read.clear()
        wrote(world, "a", [0])
        assert [one for one in read if one[1]] == [(False, 1)]


def test_all_days_count_where_another_criterion_was_missing_or_a_member_returned(
    tmp_path: Path, engine_url: str
) -> None:
    text = programme(ALONE, WITH_MORE)
    with clock.standing_at(NOON), community(tmp_path, engine_url, text) as world:
        wrote(world, "a", range(300, 304))
        assert (who_has(world, "alone"), who_has(world, "more")) == ([id_of(world, "a")], [])
        wrote(world, "a", [1], "thread_started")
        assert who_has(world, "more") == [id_of(world, "a")]
        wrote(world, "b", range(300, 304), counters_only=True)
        wrote(world, "b", [0])
        assert who_has(world, "alone") == [id_of(world, "a"), id_of(world, "b")]
