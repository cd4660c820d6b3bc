"""A community with leaderboards, for the tests of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from app import clock
from app.activity.boards import closing
from app.activity.events import ActivityEvent
from app.communities import members
from tests.support.installations import PROGRAMME, World, make_installation, message

BOARDS = (
    PROGRAMME
    + """
[seasons.autumn]
name = "Autumn"
begins = 2026-09-01
ends = 2026-11-30

[leaderboards.talk]
name = "Most talkative"
metric = "message"
windows = ["day", "week", "month", "season", "all"]
public = true

[leaderboards.days]
name = "Most faithful"
metric = "active_days"
windows = ["week"]
"""
)
TUESDAY = datetime(2026, 11, 17, 12, tzinfo=UTC)
DAY = "2026-11-17"
CLOSES = datetime(2026, 11, 17, 23, tzinfo=UTC)
"""Midnight in Berlin, in winter."""
HOUR, DAYS = timedelta(hours=1), timedelta(days=1)


@contextmanager
def community(folder: Path, url: str, programme: str = BOARDS) -> Iterator[World]:
    """One with these boards, closed at the end."""
    installation = make_installation(folder, url, programme)
    try:
        yield World(installation)
    finally:
        installation.close()


def wrote(world: World, at: datetime = TUESDAY, /, **counts: int) -> None:
    """Has each of these members write so many messages, told as they are written."""
    world.take(*messages(at, **counts), now=at + HOUR)


def messages(at: datetime = TUESDAY, /, **counts: int) -> list[ActivityEvent]:
    """So many messages of each of these members."""
    return [
        message(f"{name}-{at:%m%d%H%M}-{number}", name, at, member_name=name.capitalize())
        for name, count in counts.items()
        for number in range(count)
    ]


def id_of(world: World, name: str, source: str = "sample") -> int:
    """A member's number."""
    with world.installation.reading() as session:
        return members.find(session, world.community_id, source, name).id


def closed_at(world: World, *moments: datetime) -> int:
    """Lets the worker look at the windows at each of these moments; how many became final."""
    final = 0
    for moment in moments:
        with clock.standing_at(moment):
            final += closing.close_due(world.installation)
    return final
