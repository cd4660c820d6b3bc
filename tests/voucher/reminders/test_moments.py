"""When a member is to be told that a voucher ends: the rule alone, in Berlin's nights."""

from datetime import UTC, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.communities.quiet import night_at
from voucher.reminders.moments import ENDED, moments

ZONE = ZoneInfo("Europe/Berlin")
NIGHTS = partial(night_at, "22:00-08:00", "Europe/Berlin")
HOUR = timedelta(hours=1)


def berlin(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)


def told(begins: str, ends: str, *reminders: int) -> list[tuple[int, str]]:
    found = moments(berlin(begins), berlin(ends), reminders or (24, 2), NIGHTS)
    return [(one.hours, f"{one.at.astimezone(ZONE):%m-%d %H:%M}") for one in found]


def test_by_day_it_is_a_day_and_two_hours_before_the_end_and_then_the_end() -> None:
    assert told("2026-11-18 13:00", "2026-11-21 13:00") == [
        (24, "11-20 13:00"),
        (2, "11-21 11:00"),
        (ENDED, "11-21 13:00"),
    ]


def test_what_falls_into_the_night_comes_an_hour_before_it() -> None:
    assert told("2026-11-18 13:00", "2026-11-21 01:00") == [
        (24, "11-19 21:00"),
        (2, "11-20 21:00"),
        (ENDED, "11-21 08:00"),
    ]
    assert told("2026-11-18 13:00", "2026-11-21 09:30", 2)[0] == (2, "11-20 21:00")


def test_where_that_is_too_early_it_comes_when_the_night_is_over() -> None:
    assert told("2026-11-18 20:30", "2026-11-19 09:00", 2)[0] == (2, "11-19 08:00")
    assert told("2026-11-18 23:30", "2026-11-20 02:00", 24)[0] == (24, "11-19 08:00")


def test_and_not_at_all_where_too_little_is_left_then() -> None:
    assert told("2026-11-18 20:30", "2026-11-19 08:59", 2) == [(ENDED, "11-19 08:59")]


def test_none_comes_where_the_voucher_began_after_that_moment() -> None:
    assert told("2026-11-18 13:00", "2026-11-19 13:00") == [
        (2, "11-19 11:00"),
        (ENDED, "11-19 13:00"),
    ]
    assert told("2026-11-18 13:00", "2026-11-18 15:00") == [(ENDED, "11-18 15:00")]


@pytest.mark.parametrize(
    ("ends", "expected"),
    [
        # The clocks go forward at 2:00 on 2026-03-29, and back at 3:00 on 2026-10-25.
        ("2026-03-29 13:00", [(24, "03-28 12:00"), (2, "03-29 11:00"), (0, "03-29 13:00")]),
        ("2026-03-29 09:00", [(24, "03-28 08:00"), (2, "03-28 21:00"), (0, "03-29 09:00")]),
        ("2026-03-29 03:30", [(24, "03-27 21:00"), (2, "03-28 21:00"), (0, "03-29 08:00")]),
        ("2026-10-25 13:00", [(24, "10-24 14:00"), (2, "10-25 11:00"), (0, "10-25 13:00")]),
        ("2026-10-25 07:30", [(24, "10-24 08:30"), (2, "10-24 21:00"), (0, "10-25 08:00")]),
    ],
)
def test_hours_are_counted_and_nights_are_read_where_the_clocks_change(
    ends: str, expected: list[tuple[int, str]]
) -> None:
    begins = f"{berlin(ends) - 72 * HOUR:%Y-%m-%d} 12:00"
    assert told(begins, ends) == expected


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001
    st.integers(1, 200 * 60),
    st.lists(st.integers(1, 168), max_size=4),
)
def test_nothing_is_told_at_night_nor_before_it_begins_nor_too_late(
    begins: datetime, minutes: int, reminders: list[int]
) -> None:
    ends = begins + timedelta(minutes=minutes)
    every = moments(begins, ends, reminders, NIGHTS)
    assert [one.hours for one in every].count(ENDED) == 1
    for one in every:
        assert NIGHTS(one.at) is None
        assert begins < one.at < one.not_after
        assert one.hours == ENDED or one.not_after < ends
        assert one.hours != ENDED or ends <= one.at <= ends + 11 * HOUR
