"""Shared vectors of opening hours: made by the Python functions, for every twin of them.

`python -m tests.app.communities.hours_vectors` writes them anew.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from app.communities.hours import HoursUnreadable, is_open, next_opening

FILE = Path(__file__).resolve().parents[2] / "vectors" / "opening-hours.json"
NOTE = (
    "When a station is open. Moments are Unix seconds; hours null: always. next is the opening at "
    "the moment or after it, null where none is to come. unreadable: no programme has such a line."
)
CHANGES = {
    "Europe/Berlin": ("2026-03-29", "2026-10-25"),
    "America/New_York": ("2026-03-08", "2026-11-01"),
    "Asia/Kolkata": ("2026-03-29", "2026-10-25"),
    "Australia/Lord_Howe": ("2026-04-05", "2026-10-04"),
    "UTC": ("2026-03-29", "2026-10-25"),
}
"""Zones, with days on which most of them change their clocks; Lord Howe's by half an hour."""
HOURS: tuple[list[str] | None, ...] = (
    None,
    [],
    ["Fri-Sun 10:00-18:00", "2026-03-28 12:00-20:00"],
    ["Sat-Mon 22:00-02:15"],
    ["Mon-Sun 01:30-02:30", "Sun 02:15-03:00"],
    ["Sun 01:00-01:45", "Mon-Sat 00:00-24:00"],
    ["Thu 18:00-18:00", "Fri-Wed"],
)
CLOSED: tuple[list[str], ...] = (
    [],
    ["Sun 01:45-02:20"],
    ["Sat 23:00-01:00", "Mon"],
    ["2026-10-25 00:00-06:00", "2026-03-29", "2026-11-01"],
)
UNREADABLE = (
    "",
    "Friday 10:00-18:00",
    "Fri 10-18",
    "Fri 10:00-18:00, Sat",
    "fri 10:00-18:00",
    "Fri  10:00-18:00",
    "Fri 10:00-18:00\nSat",
    "Fri-2026-12-05 10:00-18:00",
    "Fri 24:00-25:00",
    "Fri 10:00-24:30",
    "Fri 29:00-10:00",
    "Fri 10:60-12:00",
    "2026-02-29 10:00-12:00",
    "2026-04-31",
    "2026-13-01",
    "2026-00-10",
    "2026-12-00",
    "0000-01-01",
    "02026-12-05",
)
CLOCK = ("01:15", "01:29", "01:30", "01:45", "02:00", "02:15", "02:30", "03:00", "10:00", "23:30")
NONE_TO_COME = ["2026-01-01 10:00-12:00"]

Case = dict[str, Any]


def made() -> dict[str, Any]:
    """The vectors: for each zone moments around its changes, with some hours and blackouts."""
    return {"note": NOTE, "unreadable": list(UNREADABLE), "cases": [told(one) for one in _cases()]}


def told(case: Case) -> Case:
    """A case with what the server's functions say of it."""
    zone, moment = case["zone"], datetime.fromtimestamp(case["at"], UTC)
    opening = next_opening(case["hours"], case["closed"], zone, moment)
    spoken = opening and {name: when.timestamp() for name, when in opening._asdict().items()}
    return case | {
        "is_open": is_open(case["hours"], case["closed"], zone, moment),
        "next": spoken,
    }


def is_readable(line: str) -> bool:
    """Whether a programme may have this line."""
    try:
        is_open([line], (), "UTC", datetime.fromtimestamp(0, UTC))
    except HoursUnreadable:
        return False
    return True


def _cases() -> Iterator[Case]:
    draw = Random(20261125)
    for zone, days in CHANGES.items():
        for day in days:
            for clock in CLOCK:
                for fold in (0, 1):
                    at = seconds(f"{day}T{clock}", zone, fold) + draw.choice((-1, 0, 0, 1))
                    hours, closed = draw.choice(HOURS), draw.choice(CLOSED)
                    yield {"hours": hours, "closed": closed, "zone": zone, "at": at}
            noon = seconds(f"{day}T12:00", zone, 0)
            for hours in HOURS:
                for closed in CLOSED:
                    at = noon + draw.randint(-36 * 12, 36 * 12) * 300
                    yield {"hours": hours, "closed": closed, "zone": zone, "at": at}
            yield {"hours": NONE_TO_COME, "closed": [], "zone": zone, "at": noon}


def seconds(local: str, zone: str, fold: int) -> int:
    """When a zone's clocks say this, for the first time or (`fold` 1) for the second."""
    moment = datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone), fold=fold)
    return int(moment.timestamp())


def as_text(vectors: dict[str, Any]) -> str:
    """As the file has them: a case a line."""
    lines = ",\n".join(json.dumps(case, sort_keys=True) for case in vectors["cases"])
    head = f'"note": {json.dumps(vectors["note"])},\n"unreadable": {json.dumps(UNREADABLE)}'
    return f'{{{head},\n"cases": [\n{lines}\n]}}\n'


if __name__ == "__main__":
    FILE.write_text(as_text(made()), "utf-8")
