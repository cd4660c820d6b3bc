"""A million events: whether the last come in as fast as the first, and in how much memory.

The last tenth and a first tenth, into a database that is empty, come in batch by batch in turn: a
machine that is slower for a while is slower for both. Each in a process of its own, so that the
memory is that of the long replay alone.
"""

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from app.achievements.intake.replaying import Replayed, replay
from app.activity.events import ActivityEvent
from app.activity.formats.ndjson import RefusedLine, read
from app.programme.applying import ready_community
from tests.bench.places import ROOT, SAMPLE, busy_programme
from tests.support.installations import make_installation

EVENTS = 1_000_000
QUARTER = timedelta(days=90)
"""So long the sample goes on: it is repeated, one quarter after the other, and ends with itself."""
LONG, FIRST = "long", "first"


class Steady(NamedTuple):
    """Events a second in the first and the last tenth, and megabytes at the most."""

    first: float
    last: float
    megabytes: float


class Batch(NamedTuple):
    """How many events a batch brought, and in how many seconds."""

    events: int
    seconds: float


def measure(events: int = EVENTS) -> Steady:
    """Replays a million events in another process."""
    told = subprocess.run(_command(LONG, events), cwd=ROOT, check=True, stdout=subprocess.PIPE)
    return Steady(*map(float, told.stdout.split()))


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


def _command(which: str, events: int) -> list[str]:
    return [sys.executable, "-m", "tests.bench.steady", which, str(events)]


def _replayed(events: int, on_batch: Callable[[Batch], None]) -> None:
    """Replays into a database that is empty; what `on_batch` does takes none of the next's time."""
    with tempfile.TemporaryDirectory(prefix="keepsake-bench-") as name:
        url = f"sqlite:///{Path(name) / 'keepsake.sqlite3'}"
        installation = make_installation(Path(name), url, busy_programme())
        community = ready_community(installation)
        counted, since = 0, time.perf_counter()

        def tell(done: Replayed) -> None:
            nonlocal counted, since
            on_batch(Batch(done.counted - counted, time.perf_counter() - since))
            counted, since = done.counted, time.perf_counter()

        done = replay(installation, community, repeated(events), source="sample", on_batch=tell)
        installation.close()
        if done.counted < 0.99 * events:
            raise RuntimeError(f"of {events} events {done.counted} were counted")


def _long(events: int) -> Steady:
    """All of them, and from the last tenth on beside each batch one of the first."""
    before, first, last = 0, Batch(0, 0), Batch(0, 0)
    pipe = subprocess.PIPE
    command = _command(FIRST, events)
    with subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True) as beside:
        asked, told = beside.stdin, beside.stdout
        assert asked is not None and told is not None

        def compare(batch: Batch) -> None:
            nonlocal before, first, last
            before += batch.events
            if before <= events * 9 // 10:
                return
            print(file=asked, flush=True)
            other = told.readline().split()
            first = _sum(first, Batch(int(other[0]), float(other[1])))
            last = _sum(last, batch)

        _replayed(events, compare)
    peak = _peak()
    return Steady(first.events / first.seconds, last.events / last.seconds, peak)


def _first(events: int) -> None:
    """A batch for each line that is read, and one line about it; until nobody asks any more."""

    def tell(batch: Batch) -> None:
        print(*batch, flush=True)
        if not sys.stdin.readline():
            raise EOFError

    sys.stdin.readline()
    with suppress(EOFError):
        _replayed(events, tell)


def _sum(one: Batch, other: Batch) -> Batch:
    return Batch(one.events + other.events, one.seconds + other.seconds)


def _peak() -> float:
    """The megabytes that this process held at most. On Linux `ru_maxrss` begins with what the
    process had held that started it.
    """
    with suppress(OSError):
        for line in Path("/proc/self/status").read_text("ascii", "replace").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    if sys.argv[1] == FIRST:
        _first(int(sys.argv[2]))
    else:
        print(*_long(int(sys.argv[2])))
