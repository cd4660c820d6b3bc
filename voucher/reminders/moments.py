"""When a member is to be told that a voucher ends, and that it has ended: pure.

1. A reminder comes so many hours before the end; none where the voucher began after that moment.
2. One that falls into the night comes an hour before the night begins, if the voucher is then an
   hour old; else when the night is over, if half of those hours are left then; else not at all.
3. That it has ended is told at its end, or when the night is over.
4. A reminder that was late is of use until half an hour before the end, or a quarter of its hours.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from app.communities.quiet import Night

HOUR = timedelta(hours=1)
BEFORE_THE_NIGHT = HOUR
"""Whoever writes to many needs some time, and none of it may be the night's."""
SETTLED_IN = HOUR
"""How long a voucher is there before its member is reminded of it for the night's sake alone."""
STILL_NEWS = timedelta(days=3)
"""How long it is worth telling that a voucher has ended."""
TO_COME_BY = HOUR / 2
"""Who reads it needs some time to come."""
ENDED = 0
"""In place of hours before the end."""


class Moment(NamedTuple):
    """When something is to be told, and from when on it is too late for it."""

    at: datetime
    hours: int
    """Before the end; `ENDED` for the end itself."""
    not_after: datetime


NightAt = Callable[[datetime], Night | None]


def moments(
    begins: datetime, ends: datetime, reminders: Iterable[int], night_at: NightAt
) -> list[Moment]:
    """What a voucher's member is to be told by the clock alone, the earliest first."""
    found = [_reminder(begins, ends, hours, night_at) for hours in set(reminders)]
    return sorted([one for one in found if one is not None] + [_end(ends, night_at)])


def _reminder(begins: datetime, ends: datetime, hours: int, night_at: NightAt) -> Moment | None:
    before = hours * HOUR
    wanted = ends - before
    if wanted <= begins:
        return None
    at = _by_day(begins, wanted, ends - before / 2, night_at(wanted))
    return None if at is None else Moment(at, hours, ends - min(before / 4, TO_COME_BY))


def _by_day(
    begins: datetime, wanted: datetime, latest: datetime, night: Night | None
) -> datetime | None:
    if night is None:
        return wanted
    evening = night.begins - BEFORE_THE_NIGHT
    if evening >= begins + SETTLED_IN:
        return evening
    return night.ends if night.ends <= latest else None


def _end(ends: datetime, night_at: NightAt) -> Moment:
    night = night_at(ends)
    at = ends if night is None else night.ends
    return Moment(at, ENDED, at + STILL_NEWS)
