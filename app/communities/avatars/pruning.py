"""Forgetting avatars that are not needed, or no longer allowed."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from app import clock
from app.communities.avatars import noting
from app.communities.avatars.models import MemberAvatar
from app.communities.models import Community
from app.installation import Installation
from app.plugins import Tick

KEPT = timedelta(days=90)
"""How long after it was fetched an avatar is kept; it is noted anew as its member is seen."""
AT_ONCE = 500
"""Rows in one transaction: on SQLite nobody else writes meanwhile."""


def prune(installation: Installation) -> int:
    """Deletes old avatars, and all of communities that switched them off, in batches."""
    with installation.reading() as session:
        of_communities = {
            one: noting.are_allowed(session, one) for one in session.scalars(select(Community.id))
        }
    deleted = 0
    for community_id, allowed in of_communities.items():
        while batch := _prune_some(installation, community_id, allowed=allowed):
            deleted += batch
    return deleted


def _prune_some(installation: Installation, community_id: int, *, allowed: bool) -> int:
    over = _over(community_id, allowed=allowed)
    with installation.reading() as session:
        if session.scalar(over.limit(1)) is None:
            return 0
    with installation.unit_of_work() as session:
        return _delete_some(session, over)


def _delete_some(session: Session, over: Select[Any]) -> int:
    found = session.scalars(over.limit(AT_ONCE).with_for_update(skip_locked=True)).all()
    session.execute(delete(MemberAvatar).where(MemberAvatar.member_id.in_(found)))
    return len(found)


def _over(community_id: int, *, allowed: bool) -> Select[Any]:
    over = select(MemberAvatar.member_id).where(MemberAvatar.community_id == community_id)
    return over.where(MemberAvatar.asked_at <= clock.now() - KEPT) if allowed else over


TICK = Tick("avatars.prune", 3600.0, prune)
