"""Windows of time: days, weeks, months and seasons of a community's own clock.

Pure. A window is known by a text: `2025-03-30`, `2025-W13`, `2025-03`, `season:spring`, or `all`.
As far as a day, its last one, it is `all~2025-03-30`, or `2025-03~2025-03-30` of one that goes on.
Its borders are midnights of the community's zone, so that a day may have 23 or 25 hours.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, NamedTuple, Protocol
from zoneinfo import ZoneInfo

ALL_TIME = "all"
Kind = Literal["day", "week", "month", "season"]
KINDS: tuple[Kind, ...] = ("day", "week", "month", "season")
SEASON = "season:"
AS_FAR_AS = "~"
UNTIL: Literal["until"] = "until"
"""The kind of all windows that end with a day that somebody asked for."""
KEPT = 20_000
"""So many quarters of an hour are remembered: more than half a year."""
QUARTER = 900
"""Seconds: no zone's clock differs from UTC by anything finer, since 1972."""


class Season(Protocol):
    """What the programme says of a season: its first and its last day."""

    @property
    def begins(self) -> date:
        """Its first day."""

    @property
    def ends(self) -> date:
        """Its last day."""


class Place(NamedTuple):
    """Where a moment lies on the community's clock."""

    day: int
    """The proleptic ordinal of its date."""
    hour: int
    """When its hour began by the clock, in seconds since the epoch."""


class Span(NamedTuple):
    """A window's first moment and the first one after it; aware, in UTC."""

    opens: datetime
    closes: datetime


class Calendar:
    """A community's zone and seasons."""

    def __init__(self, zone: str, seasons: Mapping[str, Season]):
        self.zone = ZoneInfo(zone)
        self.seasons = dict(seasons)
        self._places: dict[int, Place] = {}
        self._windows: dict[int, dict[Kind, str]] = {}

    def place(self, at: datetime, seconds: float | None = None) -> Place:
        """Where a moment lies; remembered by the quarter of an hour.

        `seconds` is the same moment since the epoch, where the caller knows it already.
        """
        quarter = int(at.timestamp() if seconds is None else seconds) // QUARTER
        found = self._places.get(quarter)
        if found is None:
            if len(self._places) >= KEPT:
                self._places.clear()
            found = self._places[quarter] = self._place(at)
        return found

    def span(self, window: str) -> Span | None:
        """When a window opens and closes; None for all time and for a season that is unknown."""
        days = self._days_of(window)
        if days is None:
            return None
        first, after = days
        return Span(self._midnight(first), self._midnight(after))

    def _days_of(self, window: str) -> tuple[date, date] | None:
        """Its first day and the first one after it."""
        match kind_of(window):
            case "day":
                first = date.fromisoformat(window)
                return first, first + timedelta(days=1)
            case "week":
                first = date.fromisocalendar(int(window[:4]), int(window[6:]), 1)
                return first, first + timedelta(days=7)
            case "month":
                first = date.fromisoformat(f"{window}-01")
                return first, (first + timedelta(days=31)).replace(day=1)
            case "season":
                season = self.seasons.get(window.removeprefix(SEASON))
                if season is not None:
                    return season.begins, season.ends + timedelta(days=1)
        return None

    def first_of(self, day: int) -> datetime:
        """The first moment of a day, by the ordinal of its date."""
        return self._midnight(date.fromordinal(day))

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.zone).astimezone(UTC)

    def windows_of(self, day: int) -> dict[Kind, str]:
        """The window of each kind that a day lies in, by the ordinal of its date; none of a season
        between two.
        """
        found = self._windows.get(day)
        if found is None:
            found = self._windows[day] = self._windows_of(date.fromordinal(day))
        return found

    def cut(self, kind: Kind | None, last: int) -> str | None:
        """What the window of a kind that a day lies in is called as far as that day, its last one;
        None where it ends with it, or there is none.
        """
        window = ALL_TIME if kind is None else self.windows_of(last).get(kind)
        if window is None:
            return None
        days = self._days_of(window)
        if days is not None and days[1].toordinal() == last + 1:
            return None
        return as_far_as(window, date.fromordinal(last))

    def _windows_of(self, day: date) -> dict[Kind, str]:
        year, week, _ = day.isocalendar()
        windows: dict[Kind, str] = {
            "day": day.isoformat(),
            "week": f"{year}-W{week:02}",
            "month": f"{day.year:04}-{day.month:02}",
        }
        for key, season in self.seasons.items():
            if season.begins <= day <= season.ends:
                windows["season"] = f"{SEASON}{key}"
        return windows

    def _place(self, at: datetime) -> Place:
        local = at.astimezone(self.zone)
        offset = int((local.utcoffset() or timedelta()).total_seconds())
        hour = (int(at.timestamp()) + offset) // 3600 * 3600 - offset
        return Place(local.toordinal(), hour)


def as_far_as(window: str | None, last: date) -> str:
    """What a window or a kind of them, or all time, is called as far as a day, its last one."""
    return f"{window or ALL_TIME}{AS_FAR_AS}{last.isoformat()}"


def read_kind(text: str) -> tuple[Kind | None, int | None]:
    """A kind, None for all time, and as far as which day, by its ordinal, from how it is named."""
    name, _, last = text.partition(AS_FAR_AS)
    kind = next((one for one in KINDS if one == name), None)
    return kind, date.fromisoformat(last).toordinal() if last else None


def kind_of(window: str) -> Kind | Literal["until"] | None:
    """A window's kind by its text; None for all time."""
    if window == ALL_TIME:
        return None
    if AS_FAR_AS in window:
        return UNTIL
    if window.startswith(SEASON):
        return "season"
    if "W" in window:
        return "week"
    return "day" if window.count("-") == 2 else "month"
