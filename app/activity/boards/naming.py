"""Windows and boards as people name and read them."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from app.activity.boards.settings import LeaderboardSettings
from app.activity.windows import ALL_TIME, KINDS, SEASON, Calendar, kind_of
from app.programme.sections import Programme
from app.refusals import Refused

KNOWN = re.compile(r"all|\d{4}-\d{2}(-\d{2})?|\d{4}-W\d{2}|season:[a-z][a-z0-9_]{0,39}")
NOW = {
    "day": "Today",
    "week": "This week",
    "month": "This month",
    "season": "This season",
    "all": "All time",
}


class UnknownWindow(Refused):
    """No leaderboard has that window."""

    code: ClassVar[str] = "unknown_window"
    status: ClassVar[int] = 404


class NotBegun(UnknownWindow):
    """A board is counted by season alone, and its first one is yet to come."""


class UnknownBoard(Refused):
    """The programme has no such leaderboard."""

    code: ClassVar[str] = "unknown_leaderboard"
    status: ClassVar[int] = 404


@dataclass(frozen=True)
class Choice:
    """A window that can be chosen: its name in addresses, and in words."""

    window: str
    words: str
    is_here: bool = False


def board_named(programme: Programme, key: str) -> LeaderboardSettings:
    """A board by its key; raises `UnknownBoard`."""
    board: LeaderboardSettings | None = programme["leaderboards"].get(key)
    if board is None:
        known = ", ".join(programme["leaderboards"]) or "none"
        raise UnknownBoard(f"There is no leaderboard {key}; known are: {known}.")
    return board


def window_named(calendar: Calendar, named: str, now: datetime) -> str:
    """A window by its own text, or as `day`, `week`, `month` or `season`: the one that `now` lies
    in; raises `UnknownWindow`.
    """
    if named in KINDS:
        here = calendar.windows_of(calendar.place(now).day).get(named)
        if here is None:
            raise UnknownWindow(f"There is no {named} just now.")
        return here
    try:
        if KNOWN.fullmatch(named) and (named == ALL_TIME or calendar.span(named)):
            return named
    except (ValueError, OverflowError):
        # No such day, or one at the very beginning or end of what a calendar knows.
        pass
    raise UnknownWindow(
        f"There is no window {named}: name one as 2026-11-18, 2026-W47, 2026-11, season:KEY or "
        "all, or the present one as day, week, month or season."
    )


def window_of(
    board: LeaderboardSettings, calendar: Calendar, named: str | None, now: datetime
) -> str:
    """A board's window by what it is named as, unless named the first one that is open, and between
    two seasons the last one; raises `UnknownWindow`, also for one that the board is not counted in,
    and `NotBegun`.
    """
    if named is None:
        open_now = present(board, calendar, now)
        named = open_now[0].window if open_now else _last_season(board, calendar, now)
    window = window_named(calendar, named, now)
    if (kind_of(window) or ALL_TIME) not in board.windows:
        raise UnknownWindow(f"{board.name} is not counted in {named}.")
    return window


def _last_season(board: LeaderboardSettings, calendar: Calendar, now: datetime) -> str:
    today = date.fromordinal(calendar.place(now).day)
    begun = [(one.begins, key) for key, one in calendar.seasons.items() if one.begins <= today]
    if begun:
        return f"{SEASON}{max(begun)[1]}"
    first = min((one.begins for one in calendar.seasons.values()), default=None)
    when = f": it begins on {_day(first)}" if first is not None else ""
    raise NotBegun(f"The first season of {board.name} has not begun{when}.")


def present(
    board: LeaderboardSettings, calendar: Calendar, now: datetime, here: str = ""
) -> list[Choice]:
    """The windows of a board that are open now; one of them may be `here`."""
    windows = calendar.windows_of(calendar.place(now).day)
    there = {ALL_TIME: ALL_TIME, **{str(kind): window for kind, window in windows.items()}}
    return [Choice(kind, NOW[kind], there[kind] == here) for kind in board.windows if kind in there]


def title_of(programme: Programme, calendar: Calendar, window: str) -> str:
    """A window in words: `18 November 2026`, `week 47 of 2026 (16 to 22 Nov)`, a season's name."""
    match kind_of(window):
        case "day":
            return _day(date.fromisoformat(window))
        case "week":
            year, week = int(window[:4]), int(window[6:])
            first = date.fromisocalendar(year, week, 1)
            last = date.fromisocalendar(year, week, 7)
            return f"week {week} of {year} ({first.day} {first:%b} to {last.day} {last:%b})"
        case "month":
            return f"{date.fromisoformat(f'{window}-01'):%B %Y}"
        case "season":
            season = programme["seasons"].get(window.removeprefix(SEASON))
            return season.name if season else window.removeprefix(SEASON)
    return "all time"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
