"""Opening hours and blackouts, as a programme writes them: pure, for server and tests alike.

A line is a span of each week (`Fri-Sun 10:00-18:00`), of one date (`2026-12-05 10:00-18:00`), or,
among what is closed, a whole date. All are in the station's own zone; a span that ends before it
begins ends on the next day. A date that is named has its own hours and not those of its weekday;
what is closed is closed by either.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_DAY = "|".join(DAYS)
_LINE = re.compile(
    rf"(?:(?P<date>\d{{4}}-\d\d-\d\d)|(?P<first>{_DAY})(?:-(?P<last>{_DAY}))?)"
    r"(?: (?P<from>[0-2]\d:[0-5]\d)-(?P<until>[0-2]\d:[0-5]\d))?"
)
FULL_DAY = 24 * 60
LOOK_AHEAD = 400
"""Days in which the next opening is looked for."""


class HoursUnreadable(ValueError):
    """A line says no hours; the text is a sentence."""


class Span(NamedTuple):
    """From the first minute to the first one after, counted from a day's midnight."""

    begins: int
    ends: int


class Opening(NamedTuple):
    """One time of being open: the first moment, and the first one after."""

    begins: datetime
    ends: datetime


@dataclass(frozen=True)
class Lines:
    """Lines as they were read."""

    weekly: tuple[tuple[int, Span], ...]
    dated: tuple[tuple[date, Span], ...]

    def hours_of(self, day: date) -> list[Span]:
        """The spans that begin on this day: its date's own, or else its weekday's."""
        return self._of_date(day) or self._of_weekday(day)

    def closed_on(self, day: date) -> list[Span]:
        """The spans that begin on this day, by its date and by its weekday."""
        return self._of_date(day) + self._of_weekday(day)

    def _of_date(self, day: date) -> list[Span]:
        return [span for named, span in self.dated if named == day]

    def _of_weekday(self, day: date) -> list[Span]:
        return [span for weekday, span in self.weekly if weekday == day.weekday()]


@lru_cache(maxsize=1024)
def read(lines: tuple[str, ...]) -> Lines:
    """Reads lines; raises `HoursUnreadable` with the one that cannot be read."""
    weekly: list[tuple[int, Span]] = []
    dated: list[tuple[date, Span]] = []
    for line in lines:
        found = _LINE.fullmatch(line.strip())
        if found is None:
            raise HoursUnreadable(
                f"“{line}” says no hours; write Fri-Sun 10:00-18:00 or 2026-12-05 10:00-18:00"
            )
        span = _span(line, found["from"], found["until"])
        if found["date"]:
            dated.append((_date(line, found["date"]), span))
        else:
            weekly += [(day, span) for day in _weekdays(found["first"], found["last"])]
    return Lines(tuple(weekly), tuple(dated))


def is_open(
    hours: Sequence[str] | None, closed: Iterable[str], zone: str, moment: datetime
) -> bool:
    """Whether it is open at a moment; without hours it always is, but for what is closed."""
    if _end_of(read(tuple(closed)).closed_on, moment, zone) is not None:
        return False
    return hours is None or _end_of(read(tuple(hours)).hours_of, moment, zone) is not None


def next_opening(
    hours: Sequence[str] | None, closed: Iterable[str], zone: str, moment: datetime
) -> Opening | None:
    """When it is open next, at the moment or after it; None where no opening is to come."""
    shut = read(tuple(closed))
    for opening in _openings(hours, zone, moment):
        begins = _first_free(shut, max(opening.begins, moment), opening.ends, zone)
        if begins is not None:
            return Opening(begins, opening.ends)
    return None


def next_closing(
    hours: Sequence[str] | None, closed: Iterable[str], zone: str, moment: datetime
) -> datetime | None:
    """When it closes next, where it is open at this moment; None where no end of it is to come.

    Spans that meet or overlap are one time of being open, also past midnight.
    """
    last = moment + timedelta(days=LOOK_AHEAD)
    ends = last if hours is None else _end_of_all(read(tuple(hours)), moment, last, zone)
    shuts = _begin_of_next(read(tuple(closed)), moment, ends, zone)
    if shuts is not None:
        return shuts
    return ends if ends < last else None


def _end_of_all(lines: Lines, moment: datetime, last: datetime, zone: str) -> datetime:
    """When the spans end that cover this moment, or begin before those that do are over."""
    while moment < last:
        over = _end_of(lines.hours_of, moment, zone)
        if over is None:
            break
        moment = over
    return moment


def _begin_of_next(shut: Lines, moment: datetime, ends: datetime, zone: str) -> datetime | None:
    """The first moment after this one, and before the end, at which a blackout begins."""
    first, last = (one.astimezone(ZoneInfo(zone)).date() for one in (moment, ends))
    for ahead in range((last - first).days + 1):
        day = first + timedelta(days=ahead)
        spans = ((_moment(day, a, zone), _moment(day, b, zone)) for a, b in shut.closed_on(day))
        begun = min((a for a, b in spans if moment < a < min(b, ends)), default=None)
        if begun is not None:
            return begun
    return None


def _openings(hours: Sequence[str] | None, zone: str, moment: datetime) -> Iterable[Opening]:
    if hours is None:
        yield Opening(moment, moment + timedelta(days=LOOK_AHEAD))
        return
    lines = read(tuple(hours))
    first = moment.astimezone(ZoneInfo(zone)).date() - timedelta(days=1)
    for ahead in range(LOOK_AHEAD):
        day = first + timedelta(days=ahead)
        for span in sorted(lines.hours_of(day)):
            opening = Opening(_moment(day, span.begins, zone), _moment(day, span.ends, zone))
            if opening.ends > moment:
                yield opening


def _first_free(shut: Lines, moment: datetime, ends: datetime, zone: str) -> datetime | None:
    """The first moment, from this one to the end, that no blackout covers."""
    while moment < ends:
        over = _end_of(shut.closed_on, moment, zone)
        if over is None:
            return moment
        moment = over
    return None


def _end_of(spans_of: Callable[[date], list[Span]], moment: datetime, zone: str) -> datetime | None:
    """When the span that covers this moment ends; None where none does."""
    day = moment.astimezone(ZoneInfo(zone)).date()
    # One of the day before may last past midnight.
    for begun in (day, day - timedelta(days=1)):
        for span in spans_of(begun):
            begins, ends = _moment(begun, span.begins, zone), _moment(begun, span.ends, zone)
            if begins <= moment < ends:
                return ends
    return None


def _moment(day: date, minute: int, zone: str) -> datetime:
    day, minute = day + timedelta(days=minute // FULL_DAY), minute % FULL_DAY
    local = datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=ZoneInfo(zone))
    return local.astimezone(UTC)


def _span(line: str, begins: str | None, ends: str | None) -> Span:
    if begins is None or ends is None:
        return Span(0, FULL_DAY)
    span = Span(_minutes(begins), _minutes(ends))
    if span.begins >= FULL_DAY or span.ends > FULL_DAY:
        raise HoursUnreadable(f"“{line}” names an hour that no day has")
    return span if span.ends > span.begins else Span(span.begins, span.ends + FULL_DAY)


def _minutes(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def _date(line: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise HoursUnreadable(f"“{line}” names a day that no calendar has") from error


def _weekdays(first: str, last: str | None) -> list[int]:
    begins, ends = DAYS.index(first), DAYS.index(last or first)
    return [day % len(DAYS) for day in range(begins, ends + (1 if ends >= begins else 8))]
