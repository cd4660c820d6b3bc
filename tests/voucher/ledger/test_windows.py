"""Windows and opening hours: no voucher is issued dead, and none is handed over while closed."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app import clock
from app.programme.loading import ProgrammeRefused
from tests.support.installations import PROGRAMME, World, make_installation, world_of

# In Berlin it is an hour later; 2026-11-18 is a Wednesday.
WEDNESDAY_NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)
SATURDAY = datetime(2026, 11, 21, 9, tzinfo=UTC)

HOURS = PROGRAMME.replace(
    'name = "Pop-up"',
    'name = "Pop-up"\nhours = ["Sat-Sun 10:00-18:00"]\nclosed = ["2026-11-21 13:00-14:00"]',
).replace(
    "[perks.elsewhere]",
    """[perks.brief]
name = "Brief"
window_hours = 24
stations = ["popup"]

[perks.fair]
name = "At the fair"
window_hours = 10
window_starts = "opening"
stations = ["popup"]
closed = ["Sat"]

[perks.anywhere]
name = "Anywhere"
window_hours = 1

[perks.elsewhere]""",
)


world = world_of(HOURS)


@pytest.fixture(autouse=True)
def wednesday() -> Iterator[None]:
    with clock.standing_at(WEDNESDAY_NOON):
        yield


def test_outside_the_stations_hours_it_is_closed(world: World) -> None:
    scanner, _ = world.add_device()
    voucher = world.issue("brief")
    answer = world.scan(scanner, token=voucher.token)
    assert answer["verdict"] == "closed_now"
    assert answer["message"] == "Closed now. It is handed over again from Sat 21 Nov 10:00 on."
    with clock.standing_at(SATURDAY):
        assert world.scan(scanner, token=voucher.token, mode="check")["verdict"] == "valid"
    with clock.standing_at(SATURDAY + timedelta(hours=3)):
        answer = world.scan(scanner, code=voucher.code)
        assert answer["message"] == "Closed now. It is handed over again from today 14:00 on."
    with clock.standing_at(SATURDAY + timedelta(hours=4)):
        assert world.scan(scanner, token=voucher.token)["verdict"] == "redeemed"


def test_a_perks_blackout_is_one_at_every_station(world: World) -> None:
    scanner, _ = world.add_device()
    voucher = world.issue("fair", now=SATURDAY)
    with clock.standing_at(SATURDAY + timedelta(days=1)):
        assert world.scan(scanner, token=voucher.token)["verdict"] == "redeemed"


def test_a_window_that_would_be_over_before_the_opening_counts_from_it(world: World) -> None:
    voucher = world.issue("brief")
    assert voucher.valid_from == WEDNESDAY_NOON
    assert voucher.valid_until == SATURDAY + timedelta(hours=24)


def test_a_window_that_meets_an_opening_is_the_perks_own(world: World) -> None:
    voucher = world.issue("pin")
    assert voucher.valid_until == WEDNESDAY_NOON + timedelta(hours=72)


def test_a_window_may_start_with_the_next_opening(world: World) -> None:
    scanner, _ = world.add_device()
    voucher = world.issue("fair")
    sunday = SATURDAY + timedelta(days=1)
    assert (voucher.valid_from, voucher.valid_until) == (sunday, sunday + timedelta(hours=10))
    answer = world.scan(scanner, token=voucher.token)
    assert answer["message"] == "Too early: valid from Sun 22 Nov 10:00."


def test_where_one_station_is_always_open_nothing_is_stretched(world: World) -> None:
    voucher = world.issue("anywhere")
    assert voucher.valid_until == WEDNESDAY_NOON + timedelta(hours=1)


def test_hours_that_a_programme_cannot_mean_are_named(engine_url: str, tmp_path: Path) -> None:
    broken = HOURS.replace("Sat-Sun 10:00-18:00", "Sat-Sun 10 to 18")
    with pytest.raises(ProgrammeRefused, match=r"stations\.popup.*hours.*Sat-Sun 10 to 18"):
        make_installation(tmp_path, engine_url, broken)
