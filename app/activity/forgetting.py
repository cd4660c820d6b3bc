"""What is erased of a member's activity."""

from typing import Any, cast

from sqlalchemy import delete
from sqlalchemy.orm import Session

from app import journal
from app.activity.counters import uncounting
from app.activity.event_log import others
from app.activity.event_log.models import StoredEvent
from app.activity.intake import recounting
from app.activity.metrics.definitions import metrics_of
from app.communities.erasing import RECORDED
from app.plugins import Plugins
from app.programme.applying import current


def forget(session: Session, member: Any, _how: Any) -> None:
    """Deletes what a member did when and where, and what it adds up to: nobody could count it
    again, and they would hold a place before others on boards that go on. Standings that are final
    keep their row. What others did with them names a number.

    Who was struck from a season stays so, but nothing says why any more.
    """
    named_them = others.make_one(session, member, even_alone=True) - {member.id}
    if named_them:
        in_force = current(session, member.community_id)
        metrics = metrics_of(in_force, cast(Plugins, session.info["plugins"]))
        recounting.judge_anew(session, member.community_id, metrics, named_them)
    uncounting.forget(session, member.community_id, member.id)
    session.execute(
        delete(StoredEvent).where(
            StoredEvent.community_id == member.community_id, StoredEvent.member_id == member.id
        )
    )
    journal.erase_remarks(session, member.community_id, [f"{RECORDED}{member.id}"])
