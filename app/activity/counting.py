"""Counters: moved by a batch at once, one upsert for each (member, metric, window)."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from itertools import chain
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.activity.boards import ranks
from app.activity.metrics import Metric, Metrics
from app.activity.models import Counter, DistinctValue
from app.activity.shares import Share, Step
from app.activity.windows import ALL_TIME, Kind
from app.statements import RowAdd, among

_ADD_COUNTS = RowAdd(Counter, "count", returning=True)
_ADD_VALUES = RowAdd(DistinctValue, "events", returning=True)
_Counted = tuple[int, str, str]
"""Member, metric and window."""
_Window = tuple[Kind | None, str]
"""A window's kind and text; all time is of no kind."""
_ALWAYS: _Window = None, ALL_TIME


class Change(NamedTuple):
    """That a share of a member's activity counts for a metric from now on, or no longer does."""

    metric: Metric
    share: Share


class _Windows:
    """In which windows a metric is counted on a day: all time, and those that are not frozen."""

    def __init__(self, metrics: Metrics, frozen: Collection[tuple[str, str]]):
        self._metrics, self._frozen = metrics, frozen
        self._known: dict[tuple[str, int], list[_Window]] = {}

    def of(self, metric: Metric, day: int) -> list[_Window]:
        """All of them."""
        found = self._known.get((metric.key, day))
        if found is None:
            there = self._metrics.calendar.windows_of(day)
            some = [(kind, there[kind]) for kind in metric.windows if kind in there]
            found = [_ALWAYS, *(one for one in some if (metric.key, one[1]) not in self._frozen)]
            self._known[metric.key, day] = found
        return found


class Movement:
    """How far a batch moved one counter, and when each step was made."""

    __slots__ = ("_parts", "added", "after", "kind", "member_id", "metric", "window")

    def __init__(
        self, member_id: int, metric: str, window: str = ALL_TIME, kind: Kind | None = None
    ):
        self.member_id, self.metric, self.window, self.kind = member_id, metric, window, kind
        self.added = 0
        """By how much the counter grew; below zero where events no longer count."""
        self.after = 0
        """What it came to."""
        self._parts: list[Sequence[Step]] = []

    def add(self, steps: Sequence[Step], total: int) -> None:
        """Some more steps, and what they come to together."""
        self._parts.append(steps)
        self.added += total

    def join(self, later: "Movement") -> None:
        """Goes on with what moved the same counter after it."""
        self._parts += later._parts
        self.added += later.added
        self.after = later.after

    @property
    def steps(self) -> list[Step]:
        """In order of time."""
        return sorted(chain.from_iterable(self._parts), key=_at)

    def moment_of(self, threshold: int) -> datetime:
        """When the counter came to `threshold`; the first step's time if it was there before."""
        reached, steps = self.after - self.added, self.steps
        for at, amount in steps:
            reached += amount
            if reached >= threshold:
                return at
        return steps[-1][0]


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
    moves = _Moves(_Windows(metrics, frozen))
    distinct = [change for change in changes if not moves.count(change)]
    moves.count_values(session, community_id, distinct)
    moved = [one for _, one in sorted(moves.found.items()) if one.added]
    if moved:
        _upsert(session, community_id, moved)
        ranks.shift(
            session,
            community_id,
            [
                ranks.Moved(one.metric, one.window, one.after - one.added, one.after)
                for one in moved
                if one.metric in metrics.ranked
            ],
        )
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


def _at(step: Step) -> datetime:
    return step[0]


class _Value:
    """By how many events more or less a distinct value counts, and since when."""

    __slots__ = ("at", "day", "events", "metric", "sign")

    def __init__(self, metric: Metric, share: Share, at: datetime):
        self.metric, self.day, self.sign, self.at = metric, share.day, share.sign, at
        self.events = 0


class _Moves:
    """What a batch moves, put together before the database hears of it."""

    def __init__(self, windows: _Windows):
        self._windows = windows
        self.found: dict[_Counted, Movement] = {}

    def count(self, change: Change) -> bool:
        """Takes a change in, unless it is one of distinct values."""
        metric, share = change
        if metric.distinct is not None:
            return False
        for window in self._windows.of(metric, share.day):
            self._add(metric.key, window, share.member_id, share.steps, share.total)
        return True

    def count_values(self, session: Session, community_id: int, changes: Iterable[Change]) -> None:
        """Changes how many events have each value: which have become one more or less?

        A day lies in each of its windows whole, so that it is kept for all time alone.
        """
        values: dict[tuple[str, str, int, str], _Value] = {}
        for metric, share in changes:
            windows = self._windows.of(metric, share.day)
            kept = windows[:1] if metric.distinct == "day" else windows
            for value, events, at in share.values(metric.distinct or "day"):
                for _, window in kept:
                    key = metric.key, window, share.member_id, value
                    there = values.get(key)
                    if there is None:
                        there = values[key] = _Value(metric, share, at)
                    elif (-share.sign, at) < (-there.sign, there.at):
                        # One more it becomes by what is new, not by what goes.
                        there.sign, there.at = share.sign, at
                    there.events += events
        rows = [
            (community_id, *key, value.events)
            for key, value in sorted(values.items(), key=_key)
            if value.events
        ]
        for _, metric_key, window, member_id, value, events in _ADD_VALUES.run(session, rows):
            change = values[metric_key, window, member_id, value]
            became = (events > 0) - (events - change.events > 0)
            if became:
                self._become(change, window, member_id, became)

    def _become(self, change: _Value, window: str, member_id: int, became: int) -> None:
        for one in self._windows.of(change.metric, change.day):
            if change.metric.distinct == "day" or one[1] == window:
                self._add(change.metric.key, one, member_id, [(change.at, became)], became)

    def _add(
        self, key: str, window: _Window, member_id: int, steps: Sequence[Step], total: int
    ) -> None:
        kind, text = window
        counted = member_id, key, text
        movement = self.found.get(counted)
        if movement is None:
            movement = self.found[counted] = Movement(member_id, key, text, kind)
        movement.add(steps, total)


def _key(item: tuple[tuple[str, str, int, str], _Value]) -> tuple[str, str, int, str]:
    return item[0]


def _upsert(session: Session, community_id: int, moved: Sequence[Movement]) -> None:
    rows = [(community_id, one.member_id, one.metric, one.window, one.added) for one in moved]
    after = {row[1:4]: row[4] for row in _ADD_COUNTS.run(session, rows)}
    for one in moved:
        one.after = after[one.member_id, one.metric, one.window]
