"""While something is brought in, no window that it can touch becomes final."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from app import clock
from app.achievements.intake import pace
from app.achievements.intake.replaying import Manner, Replayed, replay
from app.activity.events import ActivityEvent
from app.activity.formats.ndjson import FileRefused
from app.activity.sources import watermarks
from tests.support.installations import NOON, World, message, minutes

START = NOON + timedelta(days=1)


def held_from(world: World, now: datetime) -> datetime | None:
    with world.installation.reading() as session:
        return watermarks.held_from(session, world.community_id, now=now)


def breaking_off() -> Iterator[ActivityEvent]:
    yield message("1")
    raise FileRefused("it breaks off")


@pytest.mark.parametrize("earliest", [None, NOON])
def test_a_replay_holds_windows_open_as_long_as_it_goes_on(
    world: World, monkeypatch: pytest.MonkeyPatch, earliest: datetime | None
) -> None:
    monkeypatch.setattr(pace, "MOST", 1)
    moments = iter([START + minutes(4), START + minutes(8)])
    held: list[datetime | None] = []

    def later(_: Replayed) -> None:
        moment = next(moments)
        monkeypatch.setattr(clock, "now", lambda: moment)
        held.append(held_from(world, moment))
        # Had it said nothing since, it would be taken for dead.
        assert held_from(world, moment + minutes(6)) is None

    monkeypatch.setattr(clock, "now", lambda: START)
    lines = [message("1"), message("2")]
    manner = Manner(earliest=earliest)
    replay(world.installation, world.community_id, lines, source="a", manner=manner, on_batch=later)
    everything = datetime.min.replace(tzinfo=NOON.tzinfo)
    assert held == [earliest or everything] * 2
    assert held_from(world, START + minutes(8)) is None


def test_a_replay_that_fails_holds_nothing(world: World) -> None:
    with pytest.raises(FileRefused):
        replay(world.installation, world.community_id, breaking_off(), source="a")
    assert held_from(world, clock.now()) is None
    assert world.take(message("1"), source="a").intake.duplicates == 1
