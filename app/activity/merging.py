"""What becomes of the activity of who is merged into another member."""

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.activity.models import (
    Counter,
    DistinctValue,
    LimitDay,
    LimitMemory,
    LimitRefusal,
    StoredEvent,
)
from app.communities.merging import Merge
from app.statements import table_of

_event = table_of(StoredEvent).c


def merge(session: Session, how: Merge) -> None:
    """Gives a member the other's events. The other's counters go: the member has to be counted
    anew. Standings that are final stay as they are.
    """
    merged = how.merged
    for model in (Counter, DistinctValue, LimitMemory, LimitDay, LimitRefusal):
        columns = table_of(model).c
        session.connection().execute(
            delete(table_of(model)).where(
                columns.community_id == merged.community_id, columns.member_id == merged.id
            )
        )
    session.connection().execute(
        update(table_of(StoredEvent))
        .where(_event.community_id == merged.community_id, _event.member_id == merged.id)
        .values(member_id=how.member.id)
    )


def kinds_of(session: Session, community_id: int, member_id: int) -> list[str]:
    """The kinds of a member's events, also of those that were taken back."""
    rows = session.connection().execute(
        select(_event.kind)
        .where(_event.community_id == community_id, _event.member_id == member_id)
        .distinct()
        .order_by(_event.kind)
    )
    return [row.kind for row in rows]
