"""Counters: moved by a batch at once, one upsert for each (member, metric)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.activity.events import ActivityEvent
from app.activity.metrics import Metrics
from app.activity.models import ALL_TIME, Counter, DistinctValue
from app.statements import among, insert_or, insert_returning, table_of

Step = tuple[datetime, int]
"""When a counter moved, and by how much."""


@dataclass
class Movement:
    """How far a batch moved one counter, and when each step was made."""

    member_id: int
    metric: str
    steps: list[Step]
    """In order of time."""
    after: int = 0
    added: int = field(init=False)
    """By how much the counter grew."""

    def __post_init__(self) -> None:
        self.added = sum(amount for _, amount in self.steps)

    def moment_of(self, threshold: int) -> datetime:
        """When the counter came to `threshold`; the first step's time if it was there before."""
        reached = self.after - self.added
        for at, amount in self.steps:
            reached += amount
            if reached >= threshold:
                return at
        return self.steps[-1][0]


def move(
    session: Session,
    community_id: int,
    events: Sequence[tuple[int, ActivityEvent]],
    metrics: Metrics,
) -> list[Movement]:
    """Moves the counters of (member id, event) pairs that come in order of time."""
    steps: defaultdict[tuple[int, str], list[Step]] = defaultdict(list)
    distinct: dict[tuple[str, int, str], datetime] = {}
    defined = {kind: metrics.moved_by(kind) for kind in {event.kind for _, event in events}}
    for member_id, event in events:
        at, amount = event.at, event.amount
        step = at, amount
        steps[member_id, event.kind].append(step)
        for metric in defined[event.kind]:
            if metric.value_of is None:
                steps[member_id, metric.key].append(step)
            elif value := metric.value_of(event):
                distinct.setdefault((metric.key, member_id, value), at)
    for (key, member_id, _), at in _unseen(session, community_id, distinct):
        steps[member_id, key].append((at, 1))
    moved = [Movement(*key, made) for key, made in sorted(steps.items())]
    if moved:
        _upsert(session, community_id, moved)
    return moved


def counts(session: Session, community_id: int, member_id: int) -> dict[str, int]:
    """A member's counters of all time, by metric."""
    rows = session.execute(
        select(Counter.metric, Counter.count.label("counted"))
        .where(Counter.community_id == community_id, Counter.member_id == member_id)
        .where(Counter.window == ALL_TIME)
        .order_by(Counter.metric)
    )
    return {row.metric: row.counted for row in rows}


def counts_of(
    session: Session, community_id: int, pairs: Sequence[tuple[int, str]]
) -> dict[tuple[int, str], int]:
    """All-time counters by (member id, metric); one that never moved is missing."""
    if not pairs:
        return {}
    wanted = set(pairs)
    rows = session.execute(
        select(Counter.member_id, Counter.metric, Counter.count.label("counted"))
        .where(Counter.community_id == community_id, Counter.window == ALL_TIME)
        .where(among(session, Counter.member_id, {member_id for member_id, _ in wanted}))
        .where(Counter.metric.in_({metric for _, metric in wanted}))
    )
    counted = {(row.member_id, row.metric): row.counted for row in rows}
    return {pair: counted[pair] for pair in wanted if pair in counted}


def _unseen(
    session: Session, community_id: int, distinct: dict[tuple[str, int, str], datetime]
) -> list[tuple[tuple[str, int, str], datetime]]:
    """Stores values that are new to their (metric, member) and returns them in order of time."""
    if not distinct:
        return []
    rows = [
        {"community_id": community_id, "metric": key, "member_id": member_id, "value": value}
        for key, member_id, value in sorted(distinct)
    ]
    table = table_of(DistinctValue)
    columns = (table.c.metric, table.c.member_id, table.c.value)
    statement = insert_or(session, table).on_conflict_do_nothing().returning(*columns)
    unseen = [tuple(row) for row in insert_returning(session, statement, rows)]
    found: list[Any] = [(key, distinct[key]) for key in unseen]
    return sorted(found, key=lambda pair: (pair[1], pair[0]))


def _upsert(session: Session, community_id: int, moved: list[Movement]) -> None:
    rows = [
        {
            "community_id": community_id,
            "metric": movement.metric,
            "window": ALL_TIME,
            "member_id": movement.member_id,
            "count": movement.added,
        }
        for movement in moved
    ]
    columns = table_of(Counter).c
    statement = insert_or(session, table_of(Counter))
    statement = statement.on_conflict_do_update(
        index_elements=["community_id", "metric", "window", "member_id"],
        set_={"count": columns["count"] + statement.excluded["count"]},
    ).returning(columns.member_id, columns.metric, columns["count"].label("counted"))
    returned = insert_returning(session, statement, rows)
    after = {(row.member_id, row.metric): row.counted for row in returned}
    for movement in moved:
        movement.after = after[movement.member_id, movement.metric]
