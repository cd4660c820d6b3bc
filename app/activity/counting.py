"""Counters: moved by a batch at once, one upsert for each (member, metric, window)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.activity.metrics import Metric, Metrics
from app.activity.models import Counter, DistinctValue
from app.activity.windows import ALL_TIME
from app.statements import among, insert_or, insert_returning, table_of

Step = tuple[datetime, int]
"""When a counter moved, and by how much."""
_Counted = tuple[str, str, int]
"""Metric, window and member."""


class Change(NamedTuple):
    """That an event counts for a metric from now on, or no longer does."""

    member_id: int
    metric: Metric
    at: datetime
    day: int
    """The ordinal of its date in the community's zone."""
    value: str | None
    """What is distinct of it, for a metric of distinct ones."""
    amount: int
    """How much more, or less where it is below zero; for a metric of distinct ones, of events."""


class _Windows:
    """In which windows a metric is counted on a day: all time, and those that are not frozen."""

    def __init__(self, metrics: Metrics, frozen: Collection[tuple[str, str]]):
        self._metrics, self._frozen = metrics, frozen
        self._known: dict[tuple[str, int], list[str]] = {}

    def of(self, key: str, day: int) -> list[str]:
        """The windows' texts."""
        found = self._known.get((key, day))
        if found is None:
            there = self._metrics.calendar.windows_of(day)
            kinds = self._metrics.of(key).windows
            some = [there[kind] for kind in kinds if kind in there]
            found = [ALL_TIME, *(one for one in some if (key, one) not in self._frozen)]
            self._known[key, day] = found
        return found


@dataclass
class Movement:
    """How far a batch moved one counter, and when each step was made."""

    member_id: int
    metric: str
    steps: list[Step]
    """In order of time."""
    window: str = ALL_TIME
    after: int = 0
    added: int = field(init=False)
    """By how much the counter grew; below zero where events no longer count."""

    def __post_init__(self) -> None:
        self.added = sum(amount for _, amount in self.steps)

    def moment_of(self, threshold: int) -> datetime:
        """When the counter came to `threshold`; the first step's time if it was there before."""
        reached = self.after - self.added
        for at, amount in self.steps:
            reached += amount
            if reached >= threshold:
                return at
        return self.steps[-1][0]


def move(
    session: Session,
    community_id: int,
    changes: Iterable[Change],
    metrics: Metrics,
    *,
    frozen: Collection[tuple[str, str]] = (),
) -> list[Movement]:
    """Moves the counters by these changes, for all time and in the windows that are counted.

    A counter in a window that is `frozen`, as (metric, window), stays as it is.
    """
    windows = _Windows(metrics, frozen)
    # By the day first: all windows are made of days, and there are far fewer of them than events.
    by_day: defaultdict[tuple[str, int, int], list[Step]] = defaultdict(list)
    values: dict[tuple[str, int, int, str], list[Any]] = {}
    for change in sorted(changes, key=_by_time):
        member_id, metric, at, day, value, amount = change
        if metric.value_of is None:
            by_day[metric.key, member_id, day].append((at, amount))
        elif value is not None:
            values.setdefault((metric.key, member_id, day, value), [0, at])[0] += amount
    steps: defaultdict[_Counted, list[Step]] = defaultdict(list)
    for (key, member_id, day), made in by_day.items():
        for window in windows.of(key, day):
            steps[key, window, member_id] += made
    for counted, at, added in _distinct(session, community_id, values, windows):
        steps[counted].append((at, added))
    moved = [
        Movement(member_id, metric, made, window)
        for (metric, window, member_id), made in sorted(steps.items())
    ]
    moved = [movement for movement in moved if movement.added]
    if moved:
        _upsert(session, community_id, moved)
    return moved


def counts(session: Session, community_id: int, member_id: int) -> dict[str, int]:
    """A member's counters of all time, by metric."""
    rows = session.execute(
        select(Counter.metric, Counter.count.label("counted"))
        .where(Counter.community_id == community_id, Counter.member_id == member_id)
        .where(Counter.window == ALL_TIME)
        .order_by(Counter.metric)
    )
    return {row.metric: row.counted for row in rows}


def counts_of(
    session: Session, community_id: int, pairs: Sequence[tuple[int, str]]
) -> dict[tuple[int, str], int]:
    """All-time counters by (member id, metric); one that never moved is missing."""
    if not pairs:
        return {}
    wanted = set(pairs)
    rows = session.execute(
        select(Counter.member_id, Counter.metric, Counter.count.label("counted"))
        .where(Counter.community_id == community_id, Counter.window == ALL_TIME)
        .where(among(session, Counter.member_id, {member_id for member_id, _ in wanted}))
        .where(Counter.metric.in_({metric for _, metric in wanted}))
    )
    counted = {(row.member_id, row.metric): row.counted for row in rows}
    return {pair: counted[pair] for pair in wanted if pair in counted}


def _by_time(change: Change) -> datetime:
    return change.at


def _distinct(
    session: Session,
    community_id: int,
    by_day: dict[tuple[str, int, int, str], list[Any]],
    windows: _Windows,
) -> list[tuple[_Counted, datetime, int]]:
    """Changes how many events have each value; which have become one more or less, and when."""
    values: dict[tuple[_Counted, str], list[Any]] = {}
    for (key, member_id, day, value), (change, at) in by_day.items():
        for window in windows.of(key, day):
            values.setdefault(((key, window, member_id), value), [0, at])[0] += change
    rows = [
        {
            "community_id": community_id,
            "metric": metric,
            "window": window,
            "member_id": member_id,
            "value": value,
            "events": change,
        }
        for ((metric, window, member_id), value), (change, _) in sorted(values.items())
        if change
    ]
    if not rows:
        return []
    table = table_of(DistinctValue)
    statement = insert_or(session, table)
    statement = statement.on_conflict_do_update(
        index_elements=["community_id", "metric", "window", "member_id", "value"],
        set_={"events": table.c.events + statement.excluded.events},
    ).returning(table.c.metric, table.c.window, table.c.member_id, table.c.value, table.c.events)
    found = []
    for row in insert_returning(session, statement, rows):
        counted = row.metric, row.window, row.member_id
        change, at = values[counted, row.value]
        became = (row.events > 0) - (row.events - change > 0)
        if became:
            found.append((counted, at, became))
    return sorted(found, key=lambda one: (one[1], one[0]))


def _upsert(session: Session, community_id: int, moved: list[Movement]) -> None:
    rows = [
        {
            "community_id": community_id,
            "metric": movement.metric,
            "window": movement.window,
            "member_id": movement.member_id,
            "count": movement.added,
        }
        for movement in moved
    ]
    columns = table_of(Counter).c
    statement = insert_or(session, table_of(Counter))
    statement = statement.on_conflict_do_update(
        index_elements=["community_id", "metric", "window", "member_id"],
        set_={"count": columns["count"] + statement.excluded["count"]},
    ).returning(
        columns.member_id, columns.metric, columns.window, columns["count"].label("counted")
    )
    returned: Sequence[Any] = insert_returning(session, statement, rows)
    after = {(member_id, key, window): counted for member_id, key, window, counted in returned}
    for movement in moved:
        movement.after = after[movement.member_id, movement.metric, movement.window]
