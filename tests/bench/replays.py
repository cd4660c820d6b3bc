"""Replaying the sample, against a bare loop that inserts the same rows into the same tables."""

import sqlite3
import time
from contextlib import closing
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from app.achievements.replaying import BATCH, replay
from app.activity.events import ActivityEvent
from app.activity.metrics import Metrics
from app.activity.ndjson import RefusedLine, read
from app.programme.applying import current, ready_community
from tests.bench.places import SAMPLE, programme
from tests.support.installations import make_installation

COLUMNS = (
    "community_id, source, event_id, member_id, kind, channel, thread, at, amount, length, "
    "fingerprint"
)
INSERT = f"INSERT INTO activity_event ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
UPSERT = (
    'INSERT INTO counter (community_id, metric, "window", member_id, count) '
    "VALUES (1, ?, 'all', ?, ?) "
    'ON CONFLICT (community_id, metric, "window", member_id) '
    "DO UPDATE SET count = count + excluded.count"
)
"""Read back after each run: what both must agree on."""
SUMS = "SELECT metric, sum(count) FROM counter GROUP BY metric ORDER BY metric"

Moves = list[tuple[str, int, int]]
Plan = list[tuple[tuple[Any, ...], Moves]]


class Measured(NamedTuple):
    """Medians over the rounds, in seconds; `ratio` is that of each round's own two times."""

    replay: float
    bare: float
    ratio: float
    events: int


def measure(folder: Path, rounds: int) -> Measured:
    """Replays the sample and runs the bare loop, one after the other, so many times."""
    plan: Plan = []
    ours, bare = [], []
    for number in range(rounds):
        took, plan, sums = _replay(_made(folder / f"replay-{number}"), plan)
        ours.append(took)
        took, same = _insert(_made(folder / f"bare-{number}"), plan)
        bare.append(took)
        if sums != same:
            raise RuntimeError(f"the bare loop counted {same}, the replay {sums}")
    ratios = [one / other for one, other in zip(ours, bare, strict=True)]
    return Measured(median(ours), median(bare), median(ratios), len(plan))


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _replay(folder: Path, plan: Plan) -> tuple[float, Plan, list[Any]]:
    database = folder / "keepsake.sqlite3"
    installation = make_installation(folder, f"sqlite:///{database}", programme())
    try:
        community = ready_community(installation)
        began = time.perf_counter()
        counted = replay(installation, community, read(SAMPLE), source="sample").counted
        took = time.perf_counter() - began
        if not plan:
            with installation.reading() as session:
                plan = _plan(Metrics(current(session, community)))
        if counted != len(plan):
            raise RuntimeError(f"the replay counted {counted} events, the plan has {len(plan)}")
    finally:
        installation.close()
    with closing(sqlite3.connect(database)) as connection:
        return took, plan, connection.execute(SUMS).fetchall()


def _insert(folder: Path, plan: Plan) -> tuple[float, list[Any]]:
    database = folder / "keepsake.sqlite3"
    make_installation(folder, f"sqlite:///{database}", programme()).close()
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "cache_size = -32000"):
            connection.execute(f"PRAGMA {pragma}")
        began = time.perf_counter()
        for start in range(0, len(plan), BATCH):
            connection.execute("BEGIN IMMEDIATE")
            for row, moves in plan[start : start + BATCH]:
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
    seen: set[tuple[str, int, str]] = set()
    for event in read(SAMPLE):
        if isinstance(event, RefusedLine) or event.bot or event.id in known:
            continue
        known.add(event.id)
        member = members.setdefault(event.member, len(members) + 1)
        plan.append((_row(event, member), _moves(event, member, metrics, seen)))
    return plan


def _moves(
    event: ActivityEvent, member: int, metrics: Metrics, seen: set[tuple[str, int, str]]
) -> Moves:
    moves = [(event.kind, member, event.amount)]
    for metric in metrics.moved_by(event.kind)[1:]:
        if metric.value_of is None:
            moves.append((metric.key, member, event.amount))
        elif value := metric.value_of(event):
            if (metric.key, member, value) not in seen:
                moves.append((metric.key, member, 1))
            seen.add((metric.key, member, value))
    return moves


def _row(event: ActivityEvent, member: int) -> tuple[Any, ...]:
    at = event.at.astimezone(ZoneInfo("UTC")).strftime("%Y-%m-%d %H:%M:%S.%f")
    what = (event.kind, event.channel, event.thread, at)
    return (1, "sample", event.id, member, *what, event.amount, event.length, event.fingerprint)
