"""How long a leaderboard of 100,000 members takes to say who is first, around whom, and at which
rank.
"""

import random
import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path
from statistics import median
from typing import NamedTuple

from sqlalchemy.orm import Session

from app.activity.boards import leaderboards
from app.activity.counters import ranks
from app.activity.counters.models import Counter
from app.installation import Installation
from app.programme.applying import ready_community
from app.rows import RowInsert
from tests.bench.places import programme
from tests.support.installations import make_installation
from tests.support.postgres import PostgresServer

MEMBERS, CHUNK = 100_000, 5_000
METRIC, WINDOW = "message", "2026-W47"
AIM = 10
"""Milliseconds, in the median."""
BOARD = f'\n[leaderboards.talk]\nname = "Talk"\nmetric = "{METRIC}"\nwindows = ["week"]\n'
CALLS = 40


class Took(NamedTuple):
    """Milliseconds in the median over members of all ranks, and of the last ones alone."""

    middle: float
    last: float


def measure(folder: Path) -> dict[str, dict[str, Took]]:
    """For each engine, by what is asked."""
    with ExitStack() as stack:
        server = stack.enter_context(PostgresServer())
        urls = {
            "SQLite": f"sqlite:///{folder / 'standings.sqlite3'}",
            "PostgreSQL": server.create_database("standings"),
        }
        found = {}
        for name, url in urls.items():
            text = programme() + BOARD
            own = folder / f"standings-{name}"
            own.mkdir()
            installation = make_installation(own, url, text)
            with closing(installation):
                found[name] = _measure(installation)
        return found


def _measure(installation: Installation) -> dict[str, Took]:
    community_id = ready_community(installation)
    drawn = random.Random(7)
    # As real ones are: most did little, some far more than all others; each count moved often.
    counts = [min(50_000, int(drawn.paretovariate(0.6))) for _ in range(MEMBERS)]
    for start in range(0, MEMBERS, CHUNK):
        _write(installation, community_id, start, counts[start : start + CHUNK])
    order = sorted(range(MEMBERS), key=lambda at: -counts[at])
    everywhere = [1 + order[at] for at in range(0, MEMBERS, MEMBERS // CALLS)]
    last = [1 + at for at in order[-CALLS:]]
    asked: dict[str, Callable[[Session, int], object]] = {
        "top(10)": lambda session, _: leaderboards.top(
            session, community_id, METRIC, window=WINDOW, public=True
        ),
        "around": lambda session, one: leaderboards.around(
            session, community_id, METRIC, one, window=WINDOW, public=True
        ),
        "rank": lambda session, one: leaderboards.rank(
            session, community_id, METRIC, one, window=WINDOW
        ),
    }
    return {
        what: Took(_median(installation, ask, everywhere), _median(installation, ask, last))
        for what, ask in asked.items()
    }


def _median(
    installation: Installation, ask: Callable[[Session, int], object], members: list[int]
) -> float:
    took = []
    for member_id in members:
        began = time.perf_counter()
        with installation.reading() as session:
            if not ask(session, member_id):
                raise RuntimeError(f"member {member_id} has no place")
        took.append(1000 * (time.perf_counter() - began))
    return median(took)


_INSERT = RowInsert(Counter)


def _write(installation: Installation, community_id: int, start: int, counts: list[int]) -> None:
    with installation.unit_of_work() as session:
        _INSERT.run(
            session,
            [
                {
                    "community_id": community_id,
                    "metric": METRIC,
                    "window": WINDOW,
                    "member_id": start + at,
                    "count": count,
                }
                for at, count in enumerate(counts, start=1)
            ],
        )
        moved = [ranks.Moved(METRIC, WINDOW, 0, count) for count in counts]
        ranks.shift(session, community_id, moved)
