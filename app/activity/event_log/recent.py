"""Who did something lately."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.activity.event_log.models import StoredEvent
from app.communities import present
from app.communities.models import Member
from app.statements import table_of

_event, _member = table_of(StoredEvent).c, table_of(Member).c


def active(session: Session, community_id: int, *, since: datetime, most: int) -> list[int]:
    """The ids of members who did something since then, who did so last first, up to so many."""
    last = (
        select(_event.at)
        .where(_event.community_id == _member.community_id, _event.member_id == _member.id)
        .order_by(_event.at.desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = select(_member.id, last.label("last")).where(
        _member.community_id == community_id, present.is_there()
    )
    found = rows.subquery()
    return list(
        session.scalars(
            select(found.c.id)
            .where(found.c.last >= since)
            .order_by(found.c.last.desc(), found.c.id)
            .limit(most)
        )
    )
