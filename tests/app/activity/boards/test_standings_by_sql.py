"""Counters and final standings of the real sample, against plain SQL that shares no code with them.

Where a window begins and ends is told by PostgreSQL's own date functions, and on SQLite by the rule
of the European Union for summer time written out here.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app import clock
from app.achievements.intake.replaying import replay
from app.achievements.intake.sample import SAMPLE
from app.activity.boards import closing
from app.activity.formats import ndjson
from tests.app.activity.boards.boards import community
from tests.support.installations import PROGRAMME, World

BOARDS = (
    PROGRAMME
    + """
[seasons.spring]
name = "Spring"
begins = 2025-02-10
ends = 2025-03-30

[leaderboards.talk]
name = "Talk"
metric = "message"
windows = ["day", "week", "month", "season", "all"]

[leaderboards.days]
name = "Days"
metric = "active_days"
windows = ["week", "month", "season", "all"]

[leaderboards.channels]
name = "Channels"
metric = "channels_joined"
windows = ["day", "week", "month", "season"]
"""
)
LOCAL = {
    "postgresql": """
        SELECT member_id, channel, amount,
            to_char(at AT TIME ZONE 'Europe/Berlin', 'YYYY-MM-DD') AS day,
            to_char(at AT TIME ZONE 'Europe/Berlin', 'IYYY-"W"IW') AS week
        FROM activity_event WHERE kind = 'message' AND undone_at IS NULL
    """,
    # The ISO week is that of its Thursday.
    "sqlite": """
        SELECT member_id, channel, amount, day,
            strftime('%Y', thursday) || '-W'
            || printf('%02d', (strftime('%j', thursday) - 1) / 7 + 1) AS week
        FROM (
            SELECT *, date(day, '-3 days', 'weekday 4') AS thursday FROM (
                SELECT *, date(at, CASE
                    WHEN at >= '2025-03-30 01:00' AND at < '2025-10-26 01:00' THEN '+2 hours'
                    ELSE '+1 hour' END) AS day
                FROM activity_event WHERE kind = 'message' AND undone_at IS NULL
            ) AS dated
        ) AS placed
    """,
}
WINDOWS = {
    "day": "day",
    "week": "week",
    "month": "substr(day, 1, 7)",
    "season": "CASE WHEN day BETWEEN '2025-02-10' AND '2025-03-30' THEN 'season:spring' END",
    "all": "'all'",
}
METRICS = {
    "message": ("sum(amount)", ("day", "week", "month", "season", "all")),
    "active_days": ("count(DISTINCT day)", ("week", "month", "season", "all")),
    "channels_joined": ("count(DISTINCT channel)", ("day", "week", "month", "season", "all")),
}
Counts = dict[tuple[str, str], dict[int, int]]
"""By metric and window, by member."""


@pytest.fixture
def club(engine_url: str, tmp_path: Path) -> Iterator[World]:
    with community(tmp_path, engine_url, BOARDS) as world:
        replay(world.installation, world.community_id, ndjson.read(SAMPLE), source="sample")
        yield world


def by_sql(session: Session) -> Counts:
    found: Counts = defaultdict(dict)
    local = LOCAL[session.get_bind().dialect.name]
    for metric, (count, kinds) in METRICS.items():
        for kind in kinds:
            rows = session.execute(
                text(
                    f"SELECT window_name, member_id, {count} FROM "
                    f"(SELECT *, {WINDOWS[kind]} AS window_name FROM ({local}) AS e) AS w "
                    "WHERE window_name IS NOT NULL GROUP BY window_name, member_id"
                )
            )
            for window, member_id, counted in rows:
                if counted:
                    found[metric, window][member_id] = counted
    return found


def counted(session: Session) -> Counts:
    found: Counts = defaultdict(dict)
    rows = session.execute(
        text(
            'SELECT metric, "window", member_id, count FROM counter '
            "WHERE count > 0 AND metric IN ('message', 'active_days', 'channels_joined')"
        )
    )
    for metric, window, member_id, count in rows:
        found[metric, window][member_id] = count
    return found


def test_the_samples_counters_and_standings_are_those_of_plain_sql(club: World) -> None:
    with club.installation.reading() as session:
        wanted = by_sql(session)
        assert counted(session) == wanted
        # The day on which summer time begins has 23 hours, and the one before it ends with it.
        utc = "at >= '2025-03-29 23:00+00' AND at < '2025-03-30 22:00+00'"
        if session.get_bind().dialect.name == "sqlite":
            utc = utc.replace("+00", "")
        short = session.scalar(
            text(f"SELECT count(*) FROM activity_event WHERE kind = 'message' AND {utc}")
        )
        assert sum(wanted["message", "2025-03-30"].values()) == short
        assert short
        assert len({window for _, window in wanted}) > 90

    later = clock.now() + timedelta(days=2)
    for moment in (later, later + timedelta(hours=1)):
        with clock.standing_at(moment):
            closing.close_due(club.installation)
    with club.installation.reading() as session:
        rows = session.execute(
            text(
                'SELECT s.metric, r."window", r.member_id, r.rank, r.count FROM standing_row r '
                "JOIN standing s ON s.community_id = r.community_id AND s.board = r.board "
                'AND s."window" = r."window" AND s.state = \'final\''
            )
        )
        frozen: dict[tuple[str, str], dict[int, tuple[int, int]]] = defaultdict(dict)
        for metric, window, member_id, rank, count in rows:
            frozen[metric, window][member_id] = rank, count
    for name, counts in wanted.items():
        if name[1] == "all":
            assert name not in frozen
            continue
        assert frozen[name] == {
            member_id: (1 + sum(other > count for other in counts.values()), count)
            for member_id, count in counts.items()
        }
