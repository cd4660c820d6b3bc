"""Opening hours as a programme writes them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.communities.hours import HoursUnreadable, is_open, next_closing, next_opening, read

BERLIN = "Europe/Berlin"
FAIR = ("Fri-Sun 10:00-18:00", "2026-12-05 12:00-20:00")
"""2026-12-05 is a Saturday."""


def at(text: str) -> datetime:
    """A moment, told in Berlin's winter time."""
    return datetime.fromisoformat(f"{text}+01:00")


@pytest.mark.parametrize(
    ("moment", "open_"),
    [
        ("2026-11-27T09:59:59", False),
        ("2026-11-27T10:00:00", True),  # a Friday
        ("2026-11-27T17:59:59", True),
        ("2026-11-27T18:00:00", False),
        ("2026-11-26T12:00:00", False),
        ("2026-12-05T11:00:00", False),  # a date has its own hours
        ("2026-12-05T19:00:00", True),
        ("2026-12-12T11:00:00", True),
    ],
)
def test_weekdays_and_dates(moment: str, open_: bool) -> None:
    assert is_open(FAIR, (), BERLIN, at(moment)) is open_


def test_without_hours_it_is_open_but_for_what_is_closed() -> None:
    closed = ("2026-12-24", "Sat 13:00-14:00")
    assert is_open(None, closed, BERLIN, at("2026-12-23T23:59:59"))
    assert not is_open(None, closed, BERLIN, at("2026-12-24T00:00:00"))
    assert not is_open(None, closed, BERLIN, at("2026-12-24T23:59:59"))
    assert is_open(None, closed, BERLIN, at("2026-12-25T00:00:00"))
    assert not is_open(None, closed, BERLIN, at("2026-12-26T13:30:00"))


def test_a_weekday_is_closed_on_a_date_that_is_closed_for_other_hours() -> None:
    closed = ("Sat 13:00-14:00", "2026-12-26 16:00-17:00")
    assert not is_open(None, closed, BERLIN, at("2026-12-26T13:30:00"))
    assert not is_open(None, closed, BERLIN, at("2026-12-26T16:30:00"))


def test_a_span_may_last_past_midnight_and_a_week_past_sunday() -> None:
    late = ("Sat-Mon 22:00-02:00",)
    for moment in ("2026-11-28T23:00:00", "2026-11-29T01:59:00", "2026-12-01T01:00:00"):
        assert is_open(late, (), BERLIN, at(moment))
    for moment in ("2026-11-28T01:00:00", "2026-11-29T02:00:00", "2026-12-01T22:30:00"):
        assert not is_open(late, (), BERLIN, at(moment))


def test_hours_follow_the_zones_clock() -> None:
    daily = ("Mon-Sun 10:00-11:00",)
    summer, winter = (
        datetime(2026, 7, 1, 8, 30, tzinfo=UTC),
        datetime(2026, 12, 1, 9, 30, tzinfo=UTC),
    )
    assert is_open(daily, (), BERLIN, summer)
    assert is_open(daily, (), BERLIN, winter)
    assert not is_open(daily, (), "UTC", summer)


@pytest.mark.parametrize(
    ("moment", "begins", "ends"),
    [
        ("2026-11-25T12:00:00", "2026-11-27T10:00:00", "2026-11-27T18:00:00"),
        ("2026-11-27T12:00:00", "2026-11-27T12:00:00", "2026-11-27T18:00:00"),
        ("2026-11-27T18:00:00", "2026-11-29T11:00:00", "2026-11-29T18:00:00"),
    ],
)
def test_the_next_opening_leaves_blackouts_out(moment: str, begins: str, ends: str) -> None:
    closed = ("2026-11-28", "2026-11-29 10:00-11:00")
    assert next_opening(FAIR, closed, BERLIN, at(moment)) == (at(begins), at(ends))


def test_who_never_opens_again_has_no_next_opening() -> None:
    assert next_opening(("2026-11-01 10:00-12:00",), (), BERLIN, at("2026-11-25T12:00:00")) is None
    always = ("Mon-Sun",)
    assert next_opening(None, always, BERLIN, at("2026-11-25T12:00:00")) is None


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("", "says no hours"),
        ("Friday 10:00-18:00", "says no hours"),
        ("Fri 10-18", "says no hours"),
        ("Fri 10:00-18:00, Sat", "says no hours"),
        ("Fri 24:00-25:00", "an hour that no day has"),
        ("Fri 10:00-24:30", "an hour that no day has"),
        ("2026-02-30 10:00-12:00", "a day that no calendar has"),
    ],
)
def test_a_line_that_says_no_hours_is_named(line: str, sentence: str) -> None:
    with pytest.raises(HoursUnreadable, match=sentence) as refused:
        read((line,))
    assert line in str(refused.value)


times = st.integers(0, 95).map(lambda quarter: f"{quarter // 4:02}:{15 * (quarter % 4):02}")
days = st.sampled_from(["Mon", "Tue-Thu", "Sat-Mon", "Sun", "2026-10-25", "2026-11-01"])
spans = st.builds("{} {}-{}".format, days, times, times)
moments = st.integers(0, 60 * 24 * 60).map(
    lambda minute: datetime(2026, 10, 1, tzinfo=UTC) + timedelta(minutes=minute)
)


@given(
    st.none() | st.lists(spans, max_size=3).map(tuple),
    st.lists(spans, max_size=2).map(tuple),
    moments,
)
def test_what_opens_next_is_open_then_and_was_not_before(
    hours: tuple[str, ...] | None, closed: tuple[str, ...], moment: datetime
) -> None:
    """Over the end of summer time as well: 2026-10-25 has its third hour twice."""
    opening = next_opening(hours, closed, BERLIN, moment)
    if is_open(hours, closed, BERLIN, moment):
        assert opening is not None
        assert opening.begins == moment
    if opening is None:
        return
    assert opening.begins < opening.ends
    assert is_open(hours, closed, BERLIN, opening.begins)
    step = (opening.begins - moment) / 50
    if step > timedelta(0):
        for number in range(50):
            assert not is_open(hours, closed, BERLIN, moment + number * step)


@pytest.mark.parametrize(
    ("hours", "moment", "closes"),
    [
        (FAIR, "2026-11-27T12:00:00", "2026-11-27T18:00:00"),
        (FAIR, "2026-11-29T12:00:00", "2026-11-29T13:00:00"),  # a blackout begins
        (("Fri-Sat 22:00-02:00", "Sat 01:00-10:00"), "2026-11-27T23:00:00", "2026-11-28T10:00:00"),
        (("Mon-Sat", "Sun 00:00-06:00"), "2026-11-27T23:00:00", "2026-11-29T06:00:00"),
        (None, "2026-11-30T12:00:00", None),
        (None, "2026-11-28T15:00:00", "2026-11-29T13:00:00"),
        (("Mon-Sun",), "2026-11-30T12:00:00", None),
    ],
)
def test_it_closes_as_its_spans_end_or_a_blackout_begins(
    hours: tuple[str, ...] | None, moment: str, closes: str | None
) -> None:
    closed = ("2026-11-29 13:00-14:00",)
    expected = None if closes is None else at(closes)
    assert next_closing(hours, closed, BERLIN, at(moment)) == expected


@given(
    st.none() | st.lists(spans, max_size=3).map(tuple),
    st.lists(spans, max_size=2).map(tuple),
    moments,
)
def test_it_is_open_until_it_closes_and_not_then(
    hours: tuple[str, ...] | None, closed: tuple[str, ...], moment: datetime
) -> None:
    if not is_open(hours, closed, BERLIN, moment):
        return
    closes = next_closing(hours, closed, BERLIN, moment)
    ends = closes or moment + timedelta(days=30)
    assert closes is None or not is_open(hours, closed, BERLIN, closes)
    for number in range(50):
        assert is_open(hours, closed, BERLIN, moment + number * (ends - moment) / 50)
