from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

import pytest

from voucher.cards.wording import say_window

END = datetime(2026, 11, 28, 14, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        (UTC, "Valid until Sat 28 Nov 2026, 14:00 UTC"),
        (ZoneInfo("Europe/Berlin"), "Valid until Sat 28 Nov 2026, 15:00 CET"),
        (ZoneInfo("Asia/Tokyo"), "Valid until Sat 28 Nov 2026, 23:00 JST"),
        (ZoneInfo("Pacific/Auckland"), "Valid until Sun 29 Nov 2026, 03:00 NZDT"),
        (ZoneInfo("America/Sao_Paulo"), "Valid until Sat 28 Nov 2026, 11:00 UTC-03"),
        (timezone(timedelta(hours=5, minutes=30)), "Valid until Sat 28 Nov 2026, 19:30 UTC+05:30"),
    ],
)
def test_the_end_is_said_in_the_zone_of_the_place(zone: tzinfo, said: str) -> None:
    assert say_window(None, END, zone) == (said,)


def test_a_window_within_one_day_names_the_day_once() -> None:
    said = say_window(END - timedelta(hours=4), END, UTC)
    assert said == ("Valid Sat 28 Nov 2026, 10:00 to 14:00 UTC",)


def test_a_longer_window_takes_a_line_for_each_date() -> None:
    assert say_window(END - timedelta(days=2), END, ZoneInfo("Europe/Berlin")) == (
        "Valid from Thu 26 Nov 2026, 15:00 CET",
        "until Sat 28 Nov 2026, 15:00 CET",
    )


def test_a_window_over_a_change_of_clocks_names_both_zones() -> None:
    start, end = datetime(2026, 10, 24, 10, tzinfo=UTC), datetime(2026, 10, 26, 10, tzinfo=UTC)
    assert say_window(start, end, ZoneInfo("Europe/Berlin")) == (
        "Valid from Sat 24 Oct 2026, 12:00 CEST",
        "until Mon 26 Oct 2026, 11:00 CET",
    )


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        say_window(None, END.replace(tzinfo=None), UTC)
