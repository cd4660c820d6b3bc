"""Who holds which achievements."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.achievements.models import Grant
from app.statements import among, table_of

Held = dict[tuple[int, str, int], "Holding"]
"""By member, achievement and tier."""
_grant = table_of(Grant).c
_reached = func.coalesce(_grant.reached_at, _grant.granted_at)


@dataclass(frozen=True)
class Holding:
    """How often a member has an achievement's tier, and since when the last time."""

    rounds: int
    last_at: datetime
    reached_at: datetime
    """When they had met what it asks for, the first time."""
    by_hand: int = 0
    """How many of these times an organiser gave it."""


def held(session: Session, community_id: int, member_ids: Collection[int]) -> Held:
    """What these members hold."""
    rows = session.execute(
        select(
            _grant.member_id,
            _grant.achievement,
            _grant.tier,
            func.max(_grant["round"]).label("rounds"),
            func.max(_grant.granted_at, type_=_grant.granted_at.type).label("last_at"),
            func.count().filter(_grant.by_hand).label("by_hand"),
            func.min(_reached, type_=_grant.granted_at.type).label("reached_at"),
        )
        .where(_grant.community_id == community_id, among(session, _grant.member_id, member_ids))
        .group_by(_grant.member_id, _grant.achievement, _grant.tier)
    )
    return {
        (row.member_id, row.achievement, row.tier): Holding(
            row.rounds, row.last_at, row.reached_at, row.by_hand
        )
        for row in rows
    }


def grants_of(session: Session, community_id: int, member_id: int) -> list[Grant]:
    """A member's grants, oldest first."""
    return list(
        session.scalars(
            select(Grant)
            .where(Grant.community_id == community_id, Grant.member_id == member_id)
            .order_by(Grant.granted_at, Grant.id)
        )
    )


def holders(session: Session, community_id: int) -> dict[tuple[str, int], int]:
    """How many members hold each achievement's tier."""
    rows = session.execute(
        select(_grant.achievement, _grant.tier, func.count().label("members"))
        .where(_grant.community_id == community_id, _grant["round"] == 1)
        .group_by(_grant.achievement, _grant.tier)
    )
    return {(row.achievement, row.tier): row.members for row in rows}
