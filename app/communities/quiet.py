"""Quiet hours: when nobody is written to who need not be. Pure, for server and tests alike.

They are `22:00-08:00` where the member is, or in the community's zone where that is not known, or
`never`.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

NEVER = "never"
USUAL = "22:00-08:00"
FULL_DAY, LONGEST = 24 * 60, 16 * 60
"""Minutes; a day must have room for what is put before the night."""
_HOURS = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")


class QuietHoursUnreadable(ValueError):
    """The text names no quiet hours; it says so in a sentence."""


class Night(NamedTuple):
    """One time of quiet: the first moment, and the first one after."""

    begins: datetime
    ends: datetime


@lru_cache(maxsize=64)
def read(hours: str) -> tuple[time, time] | None:
    """When they begin and end; None for never. Raises `QuietHoursUnreadable`."""
    if hours == NEVER:
        return None
    found = _HOURS.fullmatch(hours)
    if found is None:
        raise QuietHoursUnreadable(f"“{hours}” names no quiet hours; write {USUAL} or {NEVER}")
    begins, ends = (time(int(found[n]), int(found[n + 1])) for n in (1, 3))
    minutes = (ends.hour - begins.hour) * 60 + ends.minute - begins.minute
    if not 0 < minutes % FULL_DAY <= LONGEST:
        raise QuietHoursUnreadable(
            f"“{hours}” is no time of at most {LONGEST // 60} hours; write {NEVER} for none"
        )
    return begins, ends


def night_at(hours: str, zone: str, moment: datetime) -> Night | None:
    """The quiet hours that a moment falls into, or None where it falls into none."""
    if read(hours) is None:
        return None
    nights = nights_of(hours, zone, moment.astimezone(ZoneInfo(zone)).date())
    return next((night for night in nights if night.begins <= moment < night.ends), None)


def nights_of(hours: str, zone: str, day: date) -> list[Night]:
    """The quiet hours that a day has a part in."""
    span = read(hours)
    if span is None:
        return []
    begins, ends = span
    nights = []
    # Those that began the day before may still last.
    for first in (day, day - timedelta(days=1)):
        last = first if ends > begins else first + timedelta(days=1)
        nights.append(Night(_moment(first, begins, zone), _moment(last, ends, zone)))
    return nights


def _moment(day: date, at: time, zone: str) -> datetime:
    return datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC)
