"""A million events: whether the last come in as fast as the first, and in how much memory.

Run as a process of its own, so that the memory is that of the replay alone.
"""

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from app.achievements.replaying import Replayed, replay
from app.activity.events import ActivityEvent
from app.activity.ndjson import RefusedLine, read
from app.programme.applying import ready_community
from tests.bench.places import ROOT, SAMPLE, busy_programme
from tests.support.installations import make_installation

EVENTS = 1_000_000
QUARTER = timedelta(days=90)
"""So long the sample goes on: it is repeated, one quarter after the other, and ends with itself."""


class Steady(NamedTuple):
    """Events a second in the first and the last tenth, and megabytes at the most."""

    first: float
    last: float
    megabytes: float


def measure() -> Steady:
    """Replays a million events in another process."""
    command = [sys.executable, "-m", "tests.bench.steady"]
    told = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return Steady(*map(float, told.split()))


def repeated(events: int) -> Iterator[ActivityEvent | RefusedLine]:
    """The sample again and again, up to so many events that are no bot's."""
    counted, times = 0, -(-events // _own())
    for number in range(times):
        for event in read(SAMPLE):
            if isinstance(event, RefusedLine) or event.bot:
                continue
            if counted == events:
                return
            counted += 1
            at = event.at - (times - 1 - number) * QUARTER
            yield event._replace(id=f"{number}-{event.id}", at=at)


def _own() -> int:
    return sum(isinstance(event, ActivityEvent) and not event.bot for event in read(SAMPLE))


def _run(folder: Path, events: int) -> Steady:
    installation = make_installation(
        folder, f"sqlite:///{folder / 'keepsake.sqlite3'}", busy_programme()
    )
    marks: list[tuple[int, float]] = [(0, time.perf_counter())]

    def mark(done: Replayed) -> None:
        marks.append((done.counted, time.perf_counter()))

    community = ready_community(installation)
    marks[0] = 0, time.perf_counter()
    replayed = replay(installation, community, repeated(events), source="sample", on_batch=mark)
    installation.close()
    if replayed.counted < 0.99 * events:
        raise RuntimeError(f"of {events} events {replayed.counted} were counted")
    tenth = len(marks) // 10
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Steady(_rate(marks[: tenth + 1]), _rate(marks[-tenth - 1 :]), peak)


def _rate(marks: list[tuple[int, float]]) -> float:
    return (marks[-1][0] - marks[0][0]) / (marks[-1][1] - marks[0][1])


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="keepsake-bench-") as name:
        print(*_run(Path(name), int(sys.argv[1]) if sys.argv[1:] else EVENTS))
