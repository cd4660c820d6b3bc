"""Taking a batch of events in: duplicates change nothing, bots do not count, counters move."""

from collections import Counter as Tally
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.activity.counting import Movement, move
from app.activity.events import ActivityEvent
from app.activity.metrics import Metrics
from app.activity.models import IntakeRefusal, StoredEvent
from app.communities import members
from app.statements import RowInsert, among, insert_or, lock

_INSERT = RowInsert(StoredEvent)
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
"""Before it there was no community to be active in: such a time is a mistake of its source."""
FUTURE_TOLERANCE = timedelta(minutes=10)
"""How far a source's clock may run ahead of ours."""


@dataclass
class Intake:
    """What became of a batch."""

    counted: int = 0
    duplicates: int = 0
    refused: Tally[str] = field(default_factory=Tally)
    movements: list[Movement] = field(default_factory=list)


def take(
    session: Session,
    community_id: int,
    source: str,
    events: Sequence[ActivityEvent],
    *,
    metrics: Metrics,
    now: datetime,
) -> Intake:
    """Stores new events and moves their counters, in the caller's transaction."""
    intake = Intake()
    offered = [event for event in events if _counts(event, intake, metrics, now)]
    count_refusals(session, community_id, source, intake.refused, now=now)
    fresh = _fresh(session, community_id, source, offered)
    intake.duplicates = len(offered) - len(fresh)
    intake.counted = len(fresh)
    if not fresh:
        return intake
    names: dict[str, str | None] = {}
    for event in fresh:
        names[event.member] = event.member_name or names.get(event.member)
    member_ids = members.ids_of(session, community_id, source, names, first_seen=fresh[0].at)
    _INSERT.run_columns(session, _columns(community_id, source, fresh, member_ids))
    moving = [(member_ids[event.member], event) for event in fresh]
    intake.movements = move(session, community_id, moving, metrics)
    return intake


def count_refusals(
    session: Session, community_id: int, source: str, reasons: Tally[str], *, now: datetime
) -> None:
    """Adds to how many events of this source were refused, by reason."""
    for reason, count in sorted(reasons.items()):
        statement = insert_or(session, IntakeRefusal).values(
            community_id=community_id, source=source, reason=reason, count=count, last_at=now
        )
        session.execute(
            statement.on_conflict_do_update(
                index_elements=["community_id", "source", "reason"],
                set_={"count": IntakeRefusal.count + count, "last_at": now},
            )
        )


def is_stored(session: Session, community_id: int, source: str, event_id: str) -> bool:
    """Whether an event of this id counted."""
    return session.get(StoredEvent, (community_id, source, event_id)) is not None


def _counts(event: ActivityEvent, intake: Intake, metrics: Metrics, now: datetime) -> bool:
    reason = None
    if event.bot:
        reason = "bot"
    elif event.at > now + FUTURE_TOLERANCE:
        reason = "future"
    elif event.at < EARLIEST:
        reason = "too_old"
    elif event.kind in metrics.keys:
        reason = "kind_is_a_metric"
    if reason:
        intake.refused[reason] += 1
    return reason is None


def _fresh(
    session: Session, community_id: int, source: str, offered: Iterable[ActivityEvent]
) -> list[ActivityEvent]:
    """The first of each id that is not yet stored, in order of time."""
    by_id: dict[str, ActivityEvent] = {}
    for event in offered:
        by_id.setdefault(event.id, event)
    if not by_id:
        return []
    _one_at_a_time(session, community_id, source)
    stored = set(
        session.scalars(
            select(StoredEvent.event_id).where(
                StoredEvent.community_id == community_id,
                StoredEvent.source == source,
                among(session, StoredEvent.event_id, by_id),
            )
        )
    )
    fresh = [event for event in by_id.values() if event.id not in stored]
    return sorted(fresh, key=lambda event: (event.at, event.id))


def _columns(
    community_id: int, source: str, events: Sequence[ActivityEvent], member_ids: dict[str, int]
) -> dict[str, Sequence[Any]]:
    ids, kinds, members_, ats, channels, threads, _, amounts, lengths, prints, _ = zip(
        *events, strict=True
    )
    return {
        "community_id": [community_id] * len(events),
        "source": [source] * len(events),
        "event_id": ids,
        "member_id": [member_ids[member] for member in members_],
        "kind": kinds,
        "channel": channels,
        "thread": threads,
        "at": ats,
        "amount": amounts,
        "length": lengths,
        "fingerprint": prints,
    }


def _one_at_a_time(session: Session, community_id: int, source: str) -> None:
    """Two batches of one source wait for each other, so that neither counts what the other does.

    Different sources go in side by side. On SQLite a writer is alone anyway.
    """
    lock(session, f"keepsake.intake.{community_id}.{source}")
