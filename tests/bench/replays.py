"""Replaying the sample, against a bare loop that inserts the same rows into the same tables."""

import sqlite3
import time
from contextlib import closing
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from app.achievements.intake import pace
from app.achievements.intake.replaying import replay
from app.activity.event_log.taken import Taken, taken_from
from app.activity.events import ActivityEvent
from app.activity.formats.ndjson import RefusedLine, read
from app.activity.limits.memory import Memory
from app.activity.metrics.definitions import Metrics, metrics_of
from app.activity.metrics.shares import Share
from app.activity.windows import ALL_TIME
from app.database import CHECKPOINT_PAGES
from app.programme.applying import current, ready_community
from tests.bench.places import SAMPLE
from tests.support.installations import make_installation

COLUMNS = (
    "community_id, source, event_id, member_id, kind, channel, thread, at, amount, length, "
    "fingerprint"
)
INSERT = f"INSERT INTO activity_event ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
UPSERT = (
    'INSERT INTO counter (community_id, member_id, metric, "window", count) '
    "VALUES (1, ?, ?, ?, ?) "
    'ON CONFLICT (community_id, "window", member_id, metric) '
    "DO UPDATE SET count = count + excluded.count"
)
PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "cache_size = -32000",
    f"wal_autocheckpoint = {CHECKPOINT_PAGES}",
)
SUMS = (
    'SELECT metric, "window", sum(count) FROM counter '
    'WHERE count > 0 GROUP BY metric, "window" ORDER BY metric, "window"'
)
"""Read back after each run: what both must agree on."""

Moves = list[tuple[int, str, str, int]]
"""Each counter that an event moves: member, metric, window, and by how much."""
Plan = list[tuple[tuple[Any, ...], Moves]]


class Measured(NamedTuple):
    """Medians over the rounds, in seconds; `ratio` is that of each round's own two times."""

    replay: float
    bare: float
    ratio: float
    events: int


def measure(folder: Path, rounds: int, text: str) -> Measured:
    """Replays the sample by a programme and runs the bare loop, one after the other, so often."""
    folder.mkdir()
    plan: Plan = []
    ours, bare = [], []
    for number in range(rounds):
        took, plan, sums = _replay(_made(folder / f"replay-{number}"), text, plan)
        ours.append(took)
        took, same = _insert(_made(folder / f"bare-{number}"), text, plan)
        bare.append(took)
        if sums != same:
            raise RuntimeError(f"the bare loop counted {same}, the replay {sums}")
    ratios = [one / other for one, other in zip(ours, bare, strict=True)]
    return Measured(median(ours), median(bare), median(ratios), len(plan))


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _replay(folder: Path, text: str, plan: Plan) -> tuple[float, Plan, list[Any]]:
    database = folder / "keepsake.sqlite3"
    installation = make_installation(folder, f"sqlite:///{database}", text)
    try:
        community = ready_community(installation)
        began = time.perf_counter()
        counted = replay(installation, community, read(SAMPLE), source="sample").counted
        took = time.perf_counter() - began
        if not plan:
            with installation.reading() as session:
                programme = current(session, community)
                plan = _plan(metrics_of(programme, installation.plugins))
        if counted != len(plan):
            raise RuntimeError(f"the replay counted {counted} events, the plan has {len(plan)}")
    finally:
        installation.close()
    with closing(sqlite3.connect(database)) as connection:
        return took, plan, connection.execute(SUMS).fetchall()


def _insert(folder: Path, text: str, plan: Plan) -> tuple[float, list[Any]]:
    database = folder / "keepsake.sqlite3"
    make_installation(folder, f"sqlite:///{database}", text).close()
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        began = time.perf_counter()
        for start in range(0, len(plan), pace.MOST):
            connection.execute("BEGIN IMMEDIATE")
            for row, moves in plan[start : start + pace.MOST]:
                connection.execute(INSERT, row)
                for move in moves:
                    connection.execute(UPSERT, move)
            connection.execute("COMMIT")
        took = time.perf_counter() - began
        return took, connection.execute(SUMS).fetchall()


def _plan(metrics: Metrics) -> Plan:
    """Each event that counts, as its row and the counters that it moves."""
    plan: Plan = []
    members: dict[str, int] = {}
    known: set[str] = set()
    moves = _Moves(metrics)
    for event in read(SAMPLE):
        if isinstance(event, RefusedLine) or event.bot or event.id in known:
            continue
        known.add(event.id)
        member = members.setdefault(event.member, len(members) + 1)
        plan.append((_row(event, member), moves.of(taken_from(member, "sample", event))))
    return plan


class _Moves:
    """Which counters an event moves, one by one: the sample is in order of time."""

    def __init__(self, metrics: Metrics):
        self._metrics = metrics
        self._memories: dict[tuple[int, str], Memory] = {}
        self._seen: set[tuple[int, str, str, str]] = set()

    def of(self, one: Taken) -> Moves:
        member, kind, calendar = one.member_id, one.event.kind, self._metrics.calendar
        day = calendar.place(one.event.at).day
        there = calendar.windows_of(day)
        refused = {key for key in self._metrics.judges_of(kind) if self._refuses(key, one)}
        share = Share(member, day)
        share.events.append(one)
        moves: Moves = []
        for metric in self._metrics.moved_by(kind):
            if metric.judged_as in refused:
                continue
            values = share.values(metric.distinct) if metric.distinct else None
            amount = one.event.amount if values is None else 1
            for window in (ALL_TIME, *(there[name] for name in metric.windows if name in there)):
                counted = member, metric.key, window
                if values is None or any(self._is_new((*counted, v.value)) for v in values):
                    moves.append((*counted, amount))
        return moves

    def _refuses(self, key: str, one: Taken) -> bool:
        memory = self._memories.setdefault((one.member_id, key), Memory())
        judge = self._metrics.defined[key].judge
        return judge is not None and not judge.judge(memory, one.offered, None).counted

    def _is_new(self, value: tuple[int, str, str, str]) -> bool:
        is_new = value not in self._seen
        self._seen.add(value)
        return is_new


def _row(event: ActivityEvent, member: int) -> tuple[Any, ...]:
    at = event.at.astimezone(ZoneInfo("UTC")).strftime("%Y-%m-%d %H:%M:%S.%f")
    what = (event.kind, event.channel, event.thread, at)
    return (1, "sample", event.id, member, *what, event.amount, event.length, event.fingerprint)
