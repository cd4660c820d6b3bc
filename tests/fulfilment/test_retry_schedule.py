"""The pauses between tries are those of Standard Webhooks 1.0.0."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fulfilment.webhooks.schedule import PAUSES, asked_by, pause_after

NOW = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)


def test_the_plan_lasts_75_hours_and_35_minutes() -> None:
    assert sum(PAUSES, timedelta()) == timedelta(hours=75, minutes=35, seconds=5)


@given(tries=st.integers(1, 9))
def test_pauses_vary_by_a_fifth(tries: int) -> None:
    pause, planned = pause_after(tries), PAUSES[tries - 1]
    assert pause is not None
    assert 0.8 * planned <= pause <= 1.2 * planned


def test_after_the_tenth_try_there_is_none() -> None:
    assert pause_after(10) is None
    assert pause_after(10, timedelta(seconds=5)) is None


@given(tries=st.integers(1, 9), asked=st.timedeltas())
def test_what_is_asked_for_is_granted_within_limits(tries: int, asked: timedelta) -> None:
    pause, planned = pause_after(tries, asked), PAUSES[tries - 1]
    assert pause is not None
    assert planned <= pause <= 2 * planned
    if planned <= asked <= 2 * planned:
        assert pause == asked


@pytest.mark.parametrize(
    ("header", "asked"),
    [
        ("120", timedelta(seconds=120)),
        (" 7 ", timedelta(seconds=7)),
        ("9" * 5000, timedelta(hours=48)),
        ("Tue, 24 Nov 2026 14:02:00 GMT", timedelta(minutes=2)),
        ("Tue, 24 Nov 2026 13:00:00 GMT", timedelta(hours=-1)),
    ],
)
def test_seconds_and_dates_are_understood(header: str, asked: timedelta) -> None:
    assert asked_by(header, now=NOW) == asked


@pytest.mark.parametrize("header", [None, "", "soon", "-5", "1.5", "٣", "Tue, 99 Nov 2026", "²"])
def test_anything_else_asks_for_nothing(header: str | None) -> None:
    assert asked_by(header, now=NOW) is None
