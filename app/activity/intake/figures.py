"""How much came from where: events taken in, sent again, refused, by source."""

from collections import defaultdict
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.activity.event_log.models import IntakeRefusal, StoredEvent
from app.activity.intake.batches import DUPLICATE
from app.statements import table_of

_event = table_of(StoredEvent).c


class Refusals(NamedTuple):
    """How many events of a source were refused for a reason, and when last."""

    reason: str
    events: int
    last_at: datetime


def taken_in(session: Session, community_id: int) -> dict[str, dict[str, int]]:
    """How many events stand that were taken in, by source and kind."""
    rows = session.execute(
        select(_event.source, _event.kind, func.count().label("taken"))
        .where(_event.community_id == community_id, _event.undone_at.is_(None))
        .group_by(_event.source, _event.kind)
        .order_by(_event.source, func.count().desc(), _event.kind)
    )
    found: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for row in rows:
        found[row.source][row.kind] = row.taken
    return dict(found)


def refused(session: Session, community_id: int) -> dict[str, list[Refusals]]:
    """What was refused of each source, by reason, the most frequent first; duplicates as well."""
    rows = session.scalars(
        select(IntakeRefusal)
        .where(IntakeRefusal.community_id == community_id)
        .order_by(IntakeRefusal.count.desc(), IntakeRefusal.reason)
    )
    found: defaultdict[str, list[Refusals]] = defaultdict(list)
    for row in rows:
        found[row.source].append(Refusals(row.reason, row.count, row.last_at))
    return dict(found)


def duplicates(of: list[Refusals]) -> int:
    """How many of these came again."""
    return sum(one.events for one in of if one.reason == DUPLICATE)
