"""What is erased of a member's activity."""

from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app import journal
from app.activity import by_window, others
from app.activity.models import DistinctValue, LimitDay, LimitMemory, LimitRefusal, StoredEvent
from app.communities.erasing import RECORDED


def forget(session: Session, member: Any, _how: Any) -> None:
    """Deletes what a member did when and where; what it adds up to stays, as figures. What others
    did with them names a number.

    Who was struck from a season stays so, but nothing says why any more.
    """
    others.make_one(session, member, even_alone=True)
    values = by_window.rows_of(session, member.community_id, DistinctValue, [member.id])
    session.execute(delete(DistinctValue).where(values))
    for table in (StoredEvent, LimitMemory, LimitDay, LimitRefusal):
        session.execute(
            delete(table).where(
                table.community_id == member.community_id, table.member_id == member.id
            )
        )
    journal.erase_remarks(session, member.community_id, [f"{RECORDED}{member.id}"])
