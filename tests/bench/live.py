"""Live intake: `keepsake bot` on a Discord of the tests' own, while people ask it things."""

import math
import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from sqlalchemy import func, select

from app.activity.models import Counter, StoredEvent
from app.installation import Installation
from tests.bench.places import programme
from tests.support.gateway.process import GatewayServer
from tests.support.installations import make_installation
from tests.support.postgres import PostgresServer

RATE, SECONDS, ASKS = 1_000, 20, 5
"""Events a second, for how long, and interactions a second."""
AIMS = {"acknowledged": 300, "age": 1.0, "behind": 2.0}
LOOK_EVERY = 0.1
READY_WITHIN, ALL_WITHIN = 60.0, 30.0
BOARD = """
[leaderboards.talk]
name = "Most talkative"
metric = "message"
windows = ["week", "all"]
public = true
"""


@dataclass(frozen=True)
class Live:
    """What was seen in one run; times in seconds unless named otherwise."""

    rate: float
    """Events a second, from the first that was sent until the last was in the database."""
    behind: float
    """From the last that was sent until all were in the database."""
    age: float
    """The longest that an event which had been sent was not in the database."""
    acknowledged: tuple[float, float]
    """Milliseconds in the median and at the 95th percentile, of interactions."""
    answered: float
    """Milliseconds until the answer, in the median."""
    asked: int
    cpu: float
    """Share of one core that the bot took."""
    event_cost: float
    """Microseconds of the bot's for each event."""
    memory: float
    """MiB that the bot held at most."""
    lost: int
    wrong: int
    """Events that were stored and should count, or the other way round, or counted twice."""


def measure(folder: Path) -> dict[str, Live]:
    """For each engine."""
    with ExitStack() as stack:
        server = stack.enter_context(PostgresServer(durable=True).start())
        urls = {
            "SQLite": f"sqlite:///{folder / 'live.sqlite3'}",
            "PostgreSQL": server.create_database("live"),
        }
        found = {}
        for name, url in urls.items():
            own = folder / f"live-{name}"
            own.mkdir()
            with closing(make_installation(own, url, programme() + BOARD)) as installation:
                found[name] = _measure(installation, own)
        return found


def _measure(installation: Installation, folder: Path) -> Live:
    with _town(installation, folder) as (discord, bot):
        before, _ = _used(bot)
        began = time.time()
        discord.begin("load", rate=RATE, seconds=SECONDS, asks=ASKS)
        seen, memory = [], 0.0
        while time.time() < began + SECONDS + 2:
            seen.append(_stored(installation))
            memory = max(memory, _used(bot)[1])
            time.sleep(LOOK_EVERY)
        told = discord.outcome()
        cpu = _used(bot)[0] - before
        while _stored(installation)[1] < len(told["expected"]) and time.time() < began + ALL_WITHIN:
            time.sleep(LOOK_EVERY)
    lost, wrong = _compare(installation, told["expected"])
    sent = told["sent"]
    last = next((at for at, count in seen if count >= len(told["expected"])), time.time())
    took = [
        1000 * ((one["acknowledged"] or one["sent"] + 60) - one["sent"]) for one in told["asked"]
    ]
    answered = [
        1000 * ((one["answered"] or one["sent"] + 60) - one["sent"]) for one in told["asked"]
    ]
    return Live(
        rate=len(sent) / (last - sent[0][0]),
        behind=last - sent[-1][0],
        age=_largest_age(sent, seen),
        acknowledged=(median(took), quantiles(took, n=20)[18]),
        answered=median(answered),
        asked=len(took),
        cpu=cpu / told["seconds"],
        event_cost=1e6 * cpu / len(sent),
        memory=memory,
        lost=lost,
        wrong=wrong,
    )


@contextmanager
def _town(installation: Installation, folder: Path) -> Iterator[tuple[GatewayServer, int]]:
    with (
        (folder / "bot.log").open("wb") as log,
        GatewayServer("tests.bench.gateway_load").start() as discord,
        discord.bot(installation, log) as process,
    ):
        until = time.monotonic() + READY_WITHIN
        while b"The bot is" not in (folder / "bot.log").read_bytes():
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError((folder / "bot.log").read_text("utf-8"))
            time.sleep(LOOK_EVERY)
        yield discord, process.pid


def _used(pid: int) -> tuple[float, float]:
    """How many seconds of a core a process took, and how many MiB it holds; Linux alone tells."""
    folder = Path("/proc") / str(pid)
    if not folder.exists():
        return math.nan, math.nan
    # Behind the name, which may hold anything: fields 14 and 15 are times, and 24 is pages.
    fields = (folder / "stat").read_text().rpartition(")")[2].split()
    ticks, pages = int(fields[11]) + int(fields[12]), int(fields[21])
    return ticks / os.sysconf("SC_CLK_TCK"), pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def _stored(installation: Installation) -> tuple[float, int]:
    """The time, and how many events are in the database then."""
    with installation.reading() as session:
        at = time.time()
        count = session.scalar(select(func.count()).select_from(StoredEvent)) or 0
    return at, count


def _largest_age(sent: list[tuple[float, int]], seen: list[tuple[float, int]]) -> float:
    """How long ago the first event that was not there yet had been sent, each time one looked."""
    oldest, place = 0.0, 0
    for at, count in seen:
        while place < len(sent) and sent[place][1] <= count:
            place += 1
        if place < len(sent):
            oldest = max(oldest, at - sent[place][0])
    return oldest


def _compare(installation: Installation, expected: dict[str, bool]) -> tuple[int, int]:
    with installation.reading() as session:
        rows = session.execute(
            select(StoredEvent.event_id, StoredEvent.kind, StoredEvent.undone_at)
        )
        there: dict[str, Any] = {row.event_id: row for row in rows}
        counted = session.scalar(
            select(func.sum(Counter.count)).where(
                Counter.metric == "message", Counter.window == "all"
            )
        )
    lost = sum(one not in there for one in expected)
    wrong = sum(
        expected.get(known_by) is not (row.undone_at is None) for known_by, row in there.items()
    )
    messages = sum(row.kind == "message" and row.undone_at is None for row in there.values())
    return lost, wrong + abs(messages - (counted or 0))
