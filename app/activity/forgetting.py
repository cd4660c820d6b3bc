"""What is erased of a member's activity."""

from typing import Any, cast

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app import journal
from app.activity import by_window, others, recounting
from app.activity.boards import ranks
from app.activity.metrics import metrics_of
from app.activity.models import (
    Counter,
    DistinctValue,
    LimitDay,
    LimitMemory,
    LimitRefusal,
    StoredEvent,
)
from app.communities.erasing import RECORDED
from app.plugins import Plugins
from app.programme.applying import current
from app.statements import table_of


def forget(session: Session, member: Any, _how: Any) -> None:
    """Deletes what a member did when and where, and what it adds up to: nobody could count it
    again, and they would hold a place before others on boards that go on. Standings that are final
    keep their row. What others did with them names a number.

    Who was struck from a season stays so, but nothing says why any more.
    """
    named_them = others.make_one(session, member, even_alone=True) - {member.id}
    in_force = current(session, member.community_id)
    metrics_now = metrics_of(in_force, cast(Plugins, session.info["plugins"]))
    recounting.judge_anew(session, member.community_id, metrics_now, named_them)
    theirs = by_window.rows_of(session, member.community_id, Counter, [member.id])
    metrics = session.scalars(select(Counter.metric).where(theirs).distinct()).all()
    where = member.community_id, metrics
    ranks.forget(session, *where, but=(), member_ids=[member.id])
    for model in (Counter, DistinctValue):
        own = by_window.rows_of(session, member.community_id, model, [member.id])
        session.execute(delete(table_of(model)).where(own))
    for table in (StoredEvent, LimitMemory, LimitDay, LimitRefusal):
        session.execute(
            delete(table).where(
                table.community_id == member.community_id, table.member_id == member.id
            )
        )
    journal.erase_remarks(session, member.community_id, [f"{RECORDED}{member.id}"])
