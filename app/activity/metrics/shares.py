"""Shares: what a member did of one kind on one day, the unit by which counters move.

There are far fewer of them than events, and all windows are made of whole days.
"""

from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import Literal, NamedTuple

from app.activity.event_log.taken import Taken
from app.activity.windows import Calendar

Dimension = Literal["day", "channel", "thread"]
Step = tuple[datetime, int]
"""When a counter moved, and by how much."""


class Value(NamedTuple):
    """One of the different days, channels or threads of a share."""

    value: str
    events: int
    """So many events have it; below zero where they no longer count."""
    at: datetime
    """When the first of them was."""


class Share:
    """Some of a member's events of one kind and day that count from now on, or no longer do."""

    __slots__ = ("_steps", "_total", "_values", "day", "events", "member_id", "sign")

    def __init__(self, member_id: int, day: int, sign: int = 1):
        self.member_id, self.day, self.sign = member_id, day, sign
        self.events: list[Taken] = []
        """In order of time; all are there before anything is asked of them."""
        self._steps: list[Step] | None = None
        self._total: int | None = None
        self._values: dict[Dimension, list[Value]] = {}

    @property
    def steps(self) -> list[Step]:
        """When what they count moves, and by how much."""
        if self._steps is None:
            sign = self.sign
            self._steps = [(one.event.at, sign * one.event.amount) for one in self.events]
        return self._steps

    @property
    def total(self) -> int:
        """By how much they count more, or less where it is below zero."""
        if self._total is None:
            self._total = sum([amount for _, amount in self.steps])
        return self._total

    def values(self, dimension: Dimension) -> list[Value]:
        """The different ones of a dimension; events that lie in none are left out."""
        found = self._values.get(dimension)
        if found is None:
            found = self._values[dimension] = self._different(dimension)
        return found

    def _different(self, dimension: Dimension) -> list[Value]:
        first = self.events[0].event
        if dimension == "day":
            return [Value(_written(self.day), self.sign * len(self.events), first.at)]
        if len(self.events) == 1:
            only = getattr(first, dimension)
            return [] if only is None else [Value(only, self.sign, first.at)]
        values: list[str | None] = [getattr(one.event, dimension) for one in self.events]
        return [
            Value(one, self.sign * values.count(one), self.events[values.index(one)].event.at)
            for one in dict.fromkeys(values)
            if one is not None
        ]


@lru_cache(maxsize=1024)
def _written(day: int) -> str:
    return date.fromordinal(day).isoformat()


class Shares:
    """Events, put together by member, kind and day."""

    def __init__(self) -> None:
        self._found: dict[tuple[int, str, int, int], Share] = {}

    def add(self, one: Taken, day: int, sign: int = 1) -> None:
        """Adds an event; those of one share are added in order of time."""
        key = one.member_id, one.event.kind, day, sign
        share = self._found.get(key)
        if share is None:
            share = self._found[key] = Share(one.member_id, day, sign)
        share.events.append(one)

    def by_kind(self) -> Iterable[tuple[str, Share]]:
        """Each share, with its kind."""
        return ((kind, share) for (_, kind, _, _), share in self._found.items())


def shares_of(taken: Iterable[Taken], calendar: Calendar, sign: int = 1) -> Shares:
    """The shares of events in order of time."""
    shares, place = Shares(), calendar.place
    for one in taken:
        shares.add(one, place(one.event.at, one.key.at).day, sign)
    return shares
