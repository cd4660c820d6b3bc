"""What a batch moves, put together before the database hears of it."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain
from typing import Literal, NamedTuple

from sqlalchemy.orm import Session

from app.activity.counters.models import DistinctValue
from app.activity.metrics.definitions import Metric, Metrics
from app.activity.metrics.shares import Share, Step
from app.activity.windows import ALL_TIME, UNTIL, Kind
from app.rows import RowAdd

_ADD_VALUES = RowAdd(DistinctValue, "events", returning=True)
_Counted = tuple[str, int, str]
"""Window, member and metric: the order in which counters lie."""
_Kind = Kind | Literal["until"] | None
_Window = tuple[_Kind, str]
"""A window's kind and text; all time is of no kind."""
_ALWAYS: _Window = None, ALL_TIME


class Change(NamedTuple):
    """That a share of a member's activity counts for a metric from now on, or no longer does."""

    metric: Metric
    share: Share


class Windows:
    """In which windows a metric is counted on a day: all time, those that are not frozen, and those
    that go as far as a day that has not passed.
    """

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
            found += [(UNTIL, window) for window in self._cut(metric, day)]
            self._known[metric.key, day] = found
        return found

    def _cut(self, metric: Metric, day: int) -> Iterator[str]:
        calendar = self._metrics.calendar
        for kind, last in metric.untils:
            window = calendar.cut(kind, last) if day <= last else None
            if window is not None and (
                kind is None
                or calendar.windows_of(day).get(kind) == calendar.windows_of(last).get(kind)
            ):
                yield window


class Movement:
    """How far a batch moved one counter, and when each step was made."""

    __slots__ = ("_parts", "added", "after", "kind", "member_id", "metric", "window")

    def __init__(self, member_id: int, metric: str, window: str = ALL_TIME, kind: _Kind = None):
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


def _at(step: Step) -> datetime:
    return step[0]


class _Value:
    """By how many events more or less a distinct value counts, since when, and in which windows."""

    __slots__ = ("at", "events", "sign", "windows")

    def __init__(self, windows: Sequence[_Window], share: Share, at: datetime):
        self.windows, self.sign, self.at = windows, share.sign, at
        self.events = 0


class Moves:
    """The movements of a batch."""

    def __init__(self, windows: Windows):
        self._windows = windows
        self.found: dict[_Counted, Movement] = {}

    def count(self, change: Change) -> bool:
        """Takes a change in, unless it is one of distinct values."""
        metric, share = change
        if metric.distinct is not None:
            return False
        windows = self._windows.of(metric, share.day)
        self._add(metric.key, windows, share.member_id, share.steps, share.total)
        return True

    def count_values(self, session: Session, community_id: int, changes: Iterable[Change]) -> None:
        """Changes how many events have each value: which have become one more or less?"""
        values: dict[tuple[str, int, str, str], _Value] = {}
        for metric, share in changes:
            kept = self._kept(metric, share.day)
            for value, events, at in share.values(metric.distinct or "day"):
                for window, counted in kept:
                    key = window, share.member_id, value, metric.key
                    there = values.get(key)
                    if there is None:
                        there = values[key] = _Value(counted, share, at)
                    elif (-share.sign, at) < (-there.sign, there.at):
                        # One more it becomes by what is new, not by what goes.
                        there.sign, there.at = share.sign, at
                    there.events += events
        rows = [
            (community_id, *key, value.events)
            for key, value in sorted(values.items(), key=_key)
            if value.events
        ]
        for _, window, member_id, value, metric_key, events in _ADD_VALUES.run(session, rows):
            change = values[window, member_id, value, metric_key]
            became = (events > 0) - (events - change.events > 0)
            if became:
                self._add(metric_key, change.windows, member_id, [(change.at, became)], became)

    def _kept(self, metric: Metric, day: int) -> list[tuple[str, Sequence[_Window]]]:
        """In which windows values are kept, and in which each then counts: a day lies in each of
        its windows whole, so that it is kept for all time alone.
        """
        windows = self._windows.of(metric, day)
        if metric.distinct == "day":
            return [(ALL_TIME, windows)]
        return [(window[1], (window,)) for window in windows]

    def _add(
        self,
        key: str,
        windows: Iterable[_Window],
        member_id: int,
        steps: Sequence[Step],
        total: int,
    ) -> None:
        found = self.found
        for kind, window in windows:
            counted = window, member_id, key
            movement = found.get(counted)
            if movement is None:
                movement = found[counted] = Movement(member_id, key, window, kind)
            movement.add(steps, total)


def _key(item: tuple[tuple[str, int, str, str], _Value]) -> tuple[str, int, str, str]:
    return item[0]
