"""Quiet hours as a pure function, also in the nights in which the clocks change."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.communities.quiet import Night, QuietHoursUnreadable, night_at, read

BERLIN = "Europe/Berlin"


def berlin(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(BERLIN)).astimezone(UTC)


@pytest.mark.parametrize(
    ("moment", "begins"),
    [
        ("2026-11-18 21:59", None),
        ("2026-11-18 22:00", "2026-11-18 22:00"),
        ("2026-11-19 03:00", "2026-11-18 22:00"),
        ("2026-11-19 07:59", "2026-11-18 22:00"),
        ("2026-11-19 08:00", None),
    ],
)
def test_a_night_is_known_from_both_sides_of_midnight(moment: str, begins: str | None) -> None:
    night = night_at("22:00-08:00", BERLIN, berlin(moment))
    assert (night and night.begins) == (berlin(begins) if begins else None)
    assert night is None or night.ends == berlin("2026-11-19 08:00")


@pytest.mark.parametrize(("day", "hours"), [("2026-03-28", 9), ("2026-10-24", 11)])
def test_the_night_of_a_change_of_the_clocks_is_shorter_or_longer(day: str, hours: int) -> None:
    night = night_at("22:00-08:00", BERLIN, berlin(f"{day} 23:00"))
    assert night is not None
    assert night.ends - night.begins == timedelta(hours=hours)
    assert night.ends.astimezone(ZoneInfo(BERLIN)).hour == 8


def test_a_rest_at_noon_and_none_at_all() -> None:
    noon = berlin("2026-11-18 13:30")
    assert night_at("13:00-15:00", BERLIN, noon) == Night(
        berlin("2026-11-18 13:00"), berlin("2026-11-18 15:00")
    )
    assert night_at("never", BERLIN, berlin("2026-11-18 23:30")) is None


@pytest.mark.parametrize(
    "hours", ["", "22-8", "22:00-24:00", "25:00-08:00", "08:00-08:00", "08:00-07:00"]
)
def test_what_names_no_hours_is_refused(hours: str) -> None:
    with pytest.raises(QuietHoursUnreadable, match=f"^“{hours}” "):
        read(hours)
