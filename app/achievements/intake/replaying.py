"""Replaying a file of activity: read, taken in by batches, interruptible at any moment.

While it runs no window that it can touch becomes final.
"""

from collections import Counter as Tally
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic as elapsed
from typing import Any

from app import clock
from app.achievements.intake.pace import Pace
from app.achievements.intake.taking_in import TakenIn, take_in, withdraw
from app.activity.events import ActivityEvent
from app.activity.formats.ndjson import FileRefused, RefusedLine
from app.activity.intake.refusing import count_refusals
from app.activity.sources import watermarks
from app.installation import Installation


@dataclass
class Replayed:
    """What a replay counted and refused, as far as it came."""

    read: int = 0
    counted: int = 0
    duplicates: int = 0
    refused: Tally[str] = field(default_factory=Tally)
    grants: int = 0
    """Made by it; with `counters_only` none."""

    def add(self, read: int, refused: Tally[str], taken: TakenIn) -> None:
        """Adds a batch: how many lines were read, and what became of them."""
        self.read += read
        self.counted += taken.intake.counted
        self.duplicates += taken.intake.duplicates
        self.refused += refused + taken.intake.refused
        self.grants += taken.grants

    def as_json(self) -> dict[str, Any]:
        """As `replay --json` prints it."""
        return {**vars(self), "refused": dict(sorted(self.refused.items()))}


@dataclass(frozen=True)
class Manner:
    """What a run is, and how it takes events in."""

    what: str = "replay"
    earliest: datetime | None = None
    """It brings nothing older, if that is known."""
    counters_only: bool = False
    """Counts, and grants nothing."""
    keep_refusals: bool = True
    """Whether refused events are added up for good, or only told."""
    replaced: Callable[[list[ActivityEvent]], set[str]] = lambda events: set()
    """The ids of what some events tell better: those are taken back."""


REPLAY = Manner()


def replay(
    installation: Installation,
    community_id: int,
    lines: Iterable[ActivityEvent | RefusedLine],
    *,
    source: str,
    dated_by_event: bool = False,
    shift: timedelta = timedelta(),
    manner: Manner = REPLAY,
    on_refused: Callable[[RefusedLine], None] = lambda line: None,
    on_batch: Callable[[Replayed], None] = lambda replayed: None,
    replayed: Replayed | None = None,
) -> Replayed:
    """Takes all lines in, a batch a transaction, and returns what became of them.

    Interrupted and started again, it ends with the same counters as one that ran through. Where
    `lines` raises `FileRefused`, what came before is taken in first; `replayed` is filled as it
    goes, so that the caller knows how far it came.
    """
    replayed = replayed if replayed is not None else Replayed()
    with watermarks.running(
        installation, community_id, source, manner.what, earliest=manner.earliest
    ) as run:
        better, pace = _Better(manner), Pace()
        for events, refused, failure in _batches(lines, shift, on_refused, pace):
            with installation.unit_of_work() as session:
                began = elapsed()
                now = clock.now()
                run.goes_on(session, now=now)
                if manner.keep_refusals:
                    count_refusals(session, community_id, source, refused, now=now)
                taken = take_in(
                    session,
                    community_id,
                    source,
                    events,
                    now=now,
                    dated_by_event=dated_by_event,
                    keep_refusals=manner.keep_refusals,
                    counters_only=manner.counters_only,
                )
                # Once both are there, in whichever order.
                if worse := better.than(events):
                    withdraw(session, community_id, source, worse, now=now)
            pace.took(elapsed() - began)
            replayed.add(len(events) + refused.total(), refused, taken)
            on_batch(replayed)
            if failure is not None:
                raise failure
    return replayed


class _Better:
    """What is told better by now: all that is told of one time may lie in several batches."""

    def __init__(self, manner: Manner):
        self._manner = manner
        self._until: datetime | None = None
        self._ids: set[str] = set()

    def than(self, events: list[ActivityEvent]) -> set[str]:
        """The ids of what these events, and those of the same time before them, replace."""
        ids = self._manner.replaced(events)
        if events and events[0].at == self._until:
            ids |= self._ids
        if events:
            self._until, self._ids = events[-1].at, ids
        return ids


def _batches(
    lines: Iterable[ActivityEvent | RefusedLine],
    shift: timedelta,
    on_refused: Callable[[RefusedLine], None],
    pace: Pace,
) -> Iterator[tuple[list[ActivityEvent], Tally[str], FileRefused | None]]:
    """Batches of events with the refusals between them, and at the end why it ended early."""
    events: list[ActivityEvent] = []
    refused: Tally[str] = Tally()
    failure: FileRefused | None = None
    read = 0
    try:
        for line in lines:
            if isinstance(line, RefusedLine):
                refused[line.reason] += 1
                on_refused(line)
            else:
                events.append(line._replace(at=line.at + shift) if shift else line)
            read += 1
            if read == pace.size:
                yield events, refused, None
                events, refused, read = [], Tally(), 0
    except FileRefused as error:
        failure = error
    if events or refused or failure:
        yield events, refused, failure
