"""Live intake: `keepsake bot` on a Discord of the tests' own, while people ask it things."""

import math
import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from statistics import median, quantiles
from typing import Any, NamedTuple

from sqlalchemy import func, select

from app.activity.counters.models import Counter
from app.activity.event_log.models import StoredEvent
from app.installation import Installation
from tests.bench.places import busy_programme
from tests.support.gateway.process import GatewayServer
from tests.support.installations import make_installation
from tests.support.postgres import PostgresServer

RATE, SECONDS, ASKS, BARE_SECONDS = 1_000, 20, 5, 8
"""Events a second, for how long, and interactions a second; for how long the bare bot hears."""
BEHIND, AGE, ACKNOWLEDGED = 2, 1, 300
"""Aims: seconds, seconds, and milliseconds in the median."""
LOOK_EVERY = 0.1
PATIENCE_SECONDS = 60.0


class Live(NamedTuple):
    """What was seen in one run."""

    rate: float
    """Events a second, from the first that was sent until the last was in the database."""
    behind: float
    """Seconds from the last that was sent until all were in the database."""
    age: float
    """Seconds that an event which had been sent was not in the database, at most."""
    lost: int
    asked: int
    acknowledged: float
    """Milliseconds from an interaction's dispatch to its callback, in the median."""
    late: float
    """The same at the 95th percentile."""
    answered: float
    """Milliseconds until the answer, in the median."""
    cpu: float
    """Share of one core that the bot took until it had written all."""
    event_cost: float
    """Microseconds of a core for each event."""
    ratio: float
    """That, against a bot that only hears."""
    memory: float
    """MiB that the bot held at most."""


class _Ran(NamedTuple):
    told: dict[str, Any]
    seen: list[tuple[float, int]]
    """How many events were in the database, and when."""
    cpu: float
    memory: float


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
            with closing(make_installation(own, url, busy_programme())) as installation:
                found[name] = _measure(installation, own)
        return found


def _measure(installation: Installation, folder: Path) -> Live:
    bare = _run(installation, folder, BARE_SECONDS, 0, ("tests.bench.bare_bot",))
    bare_cost = bare.cpu / len(bare.told["sent"])
    told, seen, cpu, memory = _run(installation, folder, SECONDS, ASKS, ("app.cli", "bot"))
    sent, count = told["sent"], len(told["expected"])
    _check(installation, told["expected"])
    last = next((at for at, stored in seen if stored >= count), seen[-1][0])
    took = sorted(_milliseconds(one, "acknowledged") for one in told["asked"])
    return Live(
        rate=len(sent) / (last - sent[0][0]),
        behind=last - sent[-1][0],
        age=_largest_age(sent, seen),
        lost=count - seen[-1][1],
        asked=len(took),
        acknowledged=median(took),
        late=quantiles(took, n=20)[18],
        answered=median(_milliseconds(one, "answered") for one in told["asked"]),
        cpu=cpu / (seen[-1][0] - sent[0][0]),
        event_cost=1e6 * cpu / len(sent),
        ratio=cpu / len(sent) / bare_cost,
        memory=memory,
    )


def _run(
    installation: Installation, folder: Path, seconds: int, asks: int, module: tuple[str, ...]
) -> _Ran:
    seen, memory = [], 0.0
    with _town(installation, folder, module) as (discord, bot):
        before, _ = _used(bot)
        discord.begin("load", rate=RATE, seconds=seconds, asks=asks)
        until = time.time() + seconds + BEHIND
        while time.time() < until:
            seen.append(_stored(installation))
            memory = max(memory, _used(bot)[1])
            time.sleep(LOOK_EVERY)
        told = discord.outcome()
        until += PATIENCE_SECONDS if asks else 0
        while seen[-1][1] < len(told["expected"]) and time.time() < until:
            time.sleep(LOOK_EVERY)
            seen.append(_stored(installation))
        cpu = _used(bot)[0] - before
    return _Ran(told, seen, cpu, memory)


def _milliseconds(asked: dict[str, Any], until: str) -> float:
    if asked[until] is None:
        raise RuntimeError(f"{asked['what']} was not {until}")
    took: float = asked[until] - asked["sent"]
    return 1000 * took


@contextmanager
def _town(
    installation: Installation, folder: Path, module: tuple[str, ...]
) -> Iterator[tuple[GatewayServer, int]]:
    with (
        (folder / "bot.log").open("wb") as log,
        GatewayServer("tests.bench.gateway_load").start() as discord,
        discord.bot(installation, log, module) as process,
    ):
        until = time.monotonic() + PATIENCE_SECONDS
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


def _check(installation: Installation, expected: dict[str, bool]) -> None:
    """Raises where an event that is there should not be, or was not taken back, or where the
    counters say something else than the events.
    """
    with installation.reading() as session:
        rows = session.execute(
            select(StoredEvent.event_id, StoredEvent.kind, StoredEvent.undone_at)
        ).all()
        counted = session.scalar(
            select(func.sum(Counter.count)).where(
                Counter.metric == "message", Counter.window == "all"
            )
        )
    wrong = [
        row.event_id for row in rows if expected.get(row.event_id) is not (row.undone_at is None)
    ]
    messages = sum(row.kind == "message" and row.undone_at is None for row in rows)
    if wrong or messages != int(counted or 0):
        raise RuntimeError(f"{len(wrong)} of {len(rows)} are wrong, {counted} of {messages} count")
