"""On which day a hand-over counts at its station: by the server's clock, not by a device's."""

from datetime import UTC, datetime, timedelta

import pytest

from app import clock
from app.clock import as_text
from tests.kiosk.desks import Desk
from tests.support.installations import NOON, World, world_of

MIDNIGHT = datetime(2026, 11, 17, 23, tzinfo=UTC)
"""In Berlin, before `NOON`."""


world = world_of(at=NOON)


def uses_today(desk: Desk) -> int:
    status, answer = desk.ask("GET", "/station")
    assert status == 200
    return sum(one["uses"] for one in answer["handed_out"])


def claim(decided: datetime, ahead: timedelta) -> dict[str, object]:
    """What a device decided then, whose clock is so far ahead."""
    return {
        "verdict": "redeemed",
        "judged_at": as_text(decided + ahead),
        "synced_at": as_text(decided),
        "skew_ms": round(ahead.total_seconds() * 1000),
    }


@pytest.mark.parametrize("ahead", [timedelta(days=-1), timedelta(days=1)])
def test_a_wrong_clock_moves_no_hand_over_to_another_day(world: World, ahead: timedelta) -> None:
    door = Desk(world)
    with clock.standing_at(MIDNIGHT - timedelta(minutes=5)):
        late, online, offline = (world.issue().code for _ in range(3))
        assert door.told(code=world.issue().code, scanned_at=as_text(clock.now() + ahead)) == (
            "redeemed"
        )
    assert door.told(code=online, scanned_at=as_text(NOON + ahead)) == "redeemed"
    today = claim(NOON - timedelta(minutes=3), ahead)
    with clock.standing_at(NOON + timedelta(minutes=1)):
        assert door.told(code=offline, offline=today, scanned_at=today["judged_at"]) == "redeemed"
        yesterday = claim(MIDNIGHT - timedelta(minutes=1), ahead)
        at = yesterday["judged_at"]
        assert door.told(code=late, offline=yesterday, scanned_at=at) == "redeemed"
        assert uses_today(door) == 2


def test_what_was_held_before_midnight_counts_on_the_day_of_its_confirmation(world: World) -> None:
    door = Desk(world)
    with clock.standing_at(MIDNIGHT - timedelta(minutes=1)):
        attempt, told = door.scan(code=world.issue().code, mode="hold")
        earlier, _ = door.scan(code=world.issue().code, mode="hold")
        undone, _ = door.scan(code=world.issue().code, mode="hold")
        assert told["verdict"] == "reserved"
        assert door.end(earlier, "confirm") == "redeemed"
        assert uses_today(door) == 1
    with clock.standing_at(MIDNIGHT):
        assert door.end(attempt, "confirm") == "redeemed"
        assert door.end(undone, "confirm") == "redeemed"
        door.end(undone, "undo", reason="r")
        assert uses_today(door) == 1
