"""Hours and blackouts in words, as organisers read them of a station."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from kiosk.stations.times import lines_to_come, said, state_of, timetable

BERLIN = ZoneInfo("Europe/Berlin")
HOURS = ("Fri-Sun 10:00-18:00", "Sat 20:00-02:00", "2026-12-05 12:00-20:00", "2026-11-01")
CLOSED = ("Sat 13:00-14:00", "2026-12-24", "2026-11-26 22:00-11:00", "2026-11-20")


def at(text: str) -> datetime:
    """A moment in Berlin; its second time in the hour that comes twice with `second`."""
    first = text.removesuffix(" second")
    return datetime.fromisoformat(first).replace(tzinfo=BERLIN, fold=int(first != text))


@pytest.mark.parametrize(
    ("now", "is_open", "words", "is_blackout"),
    [
        ("2026-11-27T12:00", True, "18:00", False),  # a Friday
        ("2026-11-27T10:30", False, "11:00", True),
        ("2026-11-27T19:00", False, "Sat 28 Nov, 10:00", False),
        ("2026-11-28T12:00", True, "13:00", False),
        ("2026-11-28T23:00", True, "Sun 29 Nov, 02:00", False),
        ("2026-12-24T12:00", False, "Fri 25 Dec, 10:00", True),
        ("2026-12-31T12:00", False, "Fri 1 Jan 2027, 10:00", False),
    ],
)
def test_it_is_open_or_closed_until_a_moment_in_its_own_zone(
    now: str, is_open: bool, words: str, is_blackout: bool
) -> None:
    state = state_of(HOURS, CLOSED, BERLIN, at(now))
    assert (state.is_open, state.words, state.is_blackout) == (is_open, words, is_blackout)


@pytest.mark.parametrize(
    ("now", "words", "in_utc"),
    [
        ("2026-10-24T23:00", "Sun 25 Oct, 03:00", "02:00"),  # six hours, of which one comes twice
        ("2026-10-25T02:30", "03:00", "02:00"),
        ("2026-10-25T02:30 second", "03:00", "02:00"),
        ("2026-03-28T23:00", "Sun 29 Mar, 03:00", "01:00"),  # four hours: one never comes
    ],
)
def test_the_night_when_clocks_change_closes_by_the_clock(
    now: str, words: str, in_utc: str
) -> None:
    state = state_of(("Sat 22:00-03:00",), (), BERLIN, at(now))
    assert (state.is_open, state.words) == (True, words)
    assert state.until is not None
    assert f"{state.until:%H:%M}" == in_utc


def test_who_never_closes_or_opens_says_no_moment() -> None:
    now = at("2026-11-27T12:00")
    assert state_of(None, (), BERLIN, now).words == ""
    over = state_of(("2026-11-01 10:00-12:00",), (), BERLIN, now)
    assert (over.is_open, over.until, over.words) == (False, None, "")
    assert said(at("2026-11-28T00:00"), BERLIN, now) == "midnight"


def test_a_week_and_the_dates_that_are_otherwise_and_not_over() -> None:
    told = timetable(HOURS, CLOSED, BERLIN, at("2026-11-27T10:30"))
    assert [(day.name, day.spans, day.shut) for day in told.week[3:]] == [
        ("Thu", (), ()),
        ("Fri", ("10:00–18:00",), ()),
        ("Sat", ("10:00–18:00", "20:00–02:00 the next day"), ("13:00–14:00",)),
        ("Sun", ("10:00–18:00",), ()),
    ]
    assert [day.name for day in told.week if day.is_today] == ["Fri"]
    assert [(day.name, day.spans, day.shut) for day in told.dates] == [
        ("Sat 5 Dec", ("12:00–20:00",), ("13:00–14:00",))
    ]
    assert [(day.name, day.spans) for day in told.blackouts] == [
        ("Thu 26 Nov", ("22:00–11:00 the next day",)),
        ("Thu 24 Dec", ("all day",)),
    ]


def test_a_blackout_of_today_stands_beside_its_weekday() -> None:
    told = timetable(HOURS, CLOSED, BERLIN, at("2026-12-24T10:00"))
    assert [(day.name, day.shut) for day in told.week if day.is_today] == [("Thu", ("all day",))]
    assert [day.name for day in told.blackouts if day.is_today] == ["Thu 24 Dec"]


def test_a_date_with_hours_of_its_own_is_today_in_place_of_its_weekday() -> None:
    told = timetable(HOURS, (), BERLIN, at("2026-12-05T10:00"))
    assert [day.name for day in told.week if day.is_today] == []
    assert [day.name for day in told.dates if day.is_today] == ["Sat 5 Dec"]


def test_without_hours_each_day_is_open_all_day() -> None:
    told = timetable(None, ("Sat 13:00-14:00",), BERLIN, at("2026-11-27T12:00"))
    assert told.is_always
    assert {day.spans for day in told.week} == {("all day",)}


def test_lines_are_told_in_words_and_those_that_are_over_are_not() -> None:
    lines = ("2026-12-24", "Fri-Sun 10:00-12:00", "2026-11-01 10:00-12:00", "Mon")
    assert lines_to_come(lines, BERLIN, at("2026-11-27T12:00")) == (
        "Fri–Sun 10:00–12:00",
        "Mon",
        "Thu 24 Dec all day",
    )
