"""How old members are: when their accounts were made, and since when they are members."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.activity.event_log.models import StoredEvent
from app.communities import members
from app.communities.members import DISCORD
from app.communities.models import Member
from app.statements import among, table_of

DISCORD_EPOCH = 1_420_070_400
_event, _member = table_of(StoredEvent).c, table_of(Member).c


def accounts(session: Session, member_ids: Collection[int]) -> dict[int, float]:
    """When members' Discord accounts were made, in seconds since the epoch: their ids tell it."""
    known = members.identities_of(session, member_ids, DISCORD)
    return {
        member_id: (int(external_id) >> 22) / 1000 + DISCORD_EPOCH
        for member_id, external_id in known.items()
        if external_id.isdecimal()
    }


def first_seen(
    session: Session, community_id: int, member_ids: Collection[int]
) -> dict[int, float]:
    """When the first event of each of these members was that was not taken back, of any kind, in
    seconds since the epoch; who has none is missing.
    """
    first = (
        select(_event.at)
        .where(_event.community_id == community_id, _event.member_id == _member.id)
        .where(_event.undone_at.is_(None))
        .order_by(_event.at)
        .limit(1)
        .scalar_subquery()
    )
    rows = session.execute(
        select(_member.id, first.label("first")).where(among(session, _member.id, member_ids))
    )
    return {row.id: row.first.timestamp() for row in rows if row.first is not None}
