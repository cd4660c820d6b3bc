"""Hours as organisers read them: a week, the dates that are otherwise, and when it turns."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.communities import hours
from app.communities.hours import DAYS, FULL_DAY, Lines, Span

ALWAYS, NEVER = Span(0, FULL_DAY), Lines((), ())


@dataclass(frozen=True)
class Day:
    """A weekday, or a date: when it is open, and when it is not all the same."""

    name: str
    spans: tuple[str, ...]
    """Empty where it is closed."""
    shut: tuple[str, ...] = ()
    is_today: bool = False


@dataclass(frozen=True)
class Timetable:
    """All that a station's lines say and that is not over yet."""

    is_always: bool
    """It has no hours: open day and night, but for what is closed."""
    week: tuple[Day, ...]
    """Monday to Sunday."""
    dates: tuple[Day, ...]
    """Those with hours of their own, in order."""
    blackouts: tuple[Day, ...]
    """Those on which it is closed, in order; `spans` says when."""


@dataclass(frozen=True)
class State:
    """Whether a station is open, and until when."""

    is_open: bool
    until: datetime | None
    """When it closes, or opens; None where that is not to come."""
    words: str
    """The same in the station's zone: `18:00`, `midnight`, `Fri 27 Nov, 10:00`."""
    is_blackout: bool = False
    """It is closed whatever its hours say."""


def state_of(
    lines: Sequence[str] | None, closed: Sequence[str], zone: ZoneInfo, now: datetime
) -> State:
    """How a station with these lines stands now."""
    asked = (lines, closed, zone.key, now)
    if hours.is_open(*asked):
        closes = hours.next_closing(*asked)
        return State(True, closes, said(closes, zone, now))
    opening = hours.next_opening(*asked)
    opens = None if opening is None else opening.begins
    return State(False, opens, said(opens, zone, now), is_shut(closed, zone, now))


def is_shut(closed: Sequence[str], zone: ZoneInfo, now: datetime) -> bool:
    """Whether a blackout covers this moment."""
    return not hours.is_open(None, closed, zone.key, now)


def said(moment: datetime | None, zone: ZoneInfo, now: datetime) -> str:
    """A moment to come, to the minute; empty for none."""
    if moment is None:
        return ""
    there, here = moment.astimezone(zone), now.astimezone(zone)
    if there.date() == here.date():
        return f"{there:%H:%M}"
    if there.time() == time() and there.date() == here.date() + timedelta(days=1):
        return "midnight"
    return f"{_date(there.date(), here.date())}, {there:%H:%M}"


def timetable(
    lines: Sequence[str] | None, closed: Sequence[str], zone: ZoneInfo, now: datetime
) -> Timetable:
    """What these lines say from now on, in words."""
    here = now.astimezone(zone).replace(tzinfo=None)
    opens, shut = hours.read(tuple(lines or ())), hours.read(tuple(closed))
    today = here.date()
    own_today = any(day == today for day, _ in opens.dated)
    week = []
    for number, name in enumerate(DAYS):
        is_today = number == today.weekday() and not own_today
        spans = [ALWAYS] if lines is None else _on(opens.weekly, number)
        blackouts = shut.closed_on(today) if is_today else _on(shut.weekly, number)
        week.append(Day(name, _words(spans), _words(blackouts), is_today))
    dates = _to_come(opens.dated, here, but=shut)
    return Timetable(lines is None, tuple(week), dates, _to_come(shut.dated, here))


def lines_to_come(lines: Sequence[str], zone: ZoneInfo, now: datetime) -> tuple[str, ...]:
    """Lines in words: those of each week, then the dates that are not over, in order."""
    here = now.astimezone(zone).replace(tzinfo=None)
    weekly = [line.strip() for line in lines if hours.read((line,)).weekly]
    dates = _to_come(hours.read(tuple(lines)).dated, here)
    return (
        *(line.replace("-", "–") for line in weekly),
        *(f"{day.name} {' and '.join(day.spans)}" for day in dates),
    )


def _on(weekly: Iterable[tuple[int, Span]], number: int) -> list[Span]:
    return [span for weekday, span in weekly if weekday == number]


def _to_come(
    dated: Iterable[tuple[date, Span]], here: datetime, *, but: Lines = NEVER
) -> tuple[Day, ...]:
    kept: dict[date, list[Span]] = {}
    for day, span in sorted(dated):
        if datetime.combine(day, time()) + timedelta(minutes=span.ends) > here:
            kept.setdefault(day, []).append(span)
    return tuple(
        Day(
            _date(day, here.date()),
            _words(spans),
            _words(but.closed_on(day)),
            is_today=day == here.date(),
        )
        for day, spans in kept.items()
    )


def _words(spans: Iterable[Span]) -> tuple[str, ...]:
    return tuple("all day" if span == ALWAYS else _from_to(span) for span in sorted(spans))


def _from_to(span: Span) -> str:
    if span.ends <= FULL_DAY:
        return f"{_clock(span.begins)}–{_clock(span.ends)}"
    return f"{_clock(span.begins)}–{_clock(span.ends - FULL_DAY)} the next day"


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _date(day: date, today: date) -> str:
    year = f" {day.year}" if day.year != today.year else ""
    return f"{day:%a} {day.day} {day:%b}{year}"
