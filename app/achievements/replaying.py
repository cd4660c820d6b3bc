"""Replaying a file of activity: read, taken in by batches, interruptible at any moment."""

from collections import Counter as Tally
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from app import clock
from app.achievements.taking_in import take_in
from app.activity.events import ActivityEvent
from app.activity.intake import count_refusals
from app.activity.ndjson import FileRefused, RefusedLine
from app.installation import Installation
from app.programme.applying import current

BATCH = 2000


@dataclass
class Replayed:
    """What a replay counted and refused, as far as it came."""

    read: int = 0
    counted: int = 0
    duplicates: int = 0
    refused: Tally[str] = field(default_factory=Tally)
    grants: int = 0

    def as_json(self) -> dict[str, Any]:
        """As `replay --json` prints it."""
        return {**vars(self), "refused": dict(sorted(self.refused.items()))}


def replay(
    installation: Installation,
    community_id: int,
    lines: Iterable[ActivityEvent | RefusedLine],
    *,
    source: str,
    dated_by_event: bool = False,
    shift: timedelta = timedelta(),
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
    with installation.reading() as session:
        programme = current(session, community_id)
    for events, refused, failure in _batches(lines, shift, on_refused):
        with installation.unit_of_work() as session:
            now = clock.now()
            count_refusals(session, community_id, source, refused, now=now)
            taken = take_in(
                session,
                community_id,
                programme,
                source,
                events,
                now=now,
                dated_by_event=dated_by_event,
            )
        replayed.read += len(events) + refused.total()
        replayed.counted += taken.intake.counted
        replayed.duplicates += taken.intake.duplicates
        replayed.refused += refused + taken.intake.refused
        replayed.grants += taken.grants
        on_batch(replayed)
        if failure is not None:
            raise failure
    return replayed


def _batches(
    lines: Iterable[ActivityEvent | RefusedLine],
    shift: timedelta,
    on_refused: Callable[[RefusedLine], None],
) -> Iterator[tuple[list[ActivityEvent], Tally[str], FileRefused | None]]:
    """Batches of events with the refusals between them, and at the end why it ended early."""
    events: list[ActivityEvent] = []
    refused: Tally[str] = Tally()
    failure: FileRefused | None = None
    try:
        for line in lines:
            if isinstance(line, RefusedLine):
                refused[line.reason] += 1
                on_refused(line)
            else:
                events.append(line._replace(at=line.at + shift) if shift else line)
            if len(events) + refused.total() >= BATCH:
                yield events, refused, None
                events, refused = [], Tally()
    except FileRefused as error:
        failure = error
    if events or refused or failure:
        yield events, refused, failure
