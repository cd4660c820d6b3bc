"""Who is somebody still: who was merged into another member, or erased, is a row alone."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from app.communities.erasing import ERASED
from app.communities.models import Member
from app.statements import among, table_of

_member = table_of(Member).c


def is_there() -> ColumnElement[bool]:
    """The condition that a row of members is somebody."""
    return and_(
        _member.merged_into.is_(None), or_(_member.display_name != ERASED, _member.sought != "")
    )


def everybody(session: Session, community_id: int, *conditions: Any) -> list[int]:
    """The ids of all members of a community who are somebody, or of some of them."""
    which = _member.community_id == community_id, is_there(), *conditions
    return list(session.scalars(select(_member.id).where(*which).order_by(_member.id)))


def who_they_are(session: Session, member_ids: Iterable[int]) -> dict[int, int]:
    """Into whom those of these members were merged who were; nobody else is in it."""
    wanted = among(session, _member.id, sorted(set(member_ids)))
    rows = session.execute(
        select(_member.id, _member.merged_into).where(wanted, _member.merged_into.is_not(None))
    )
    return {row.id: row.merged_into for row in rows}


def who_they_were(session: Session, member_ids: Iterable[int]) -> dict[int, int]:
    """Who was merged into these members, each with the one into whom."""
    wanted = among(session, _member.merged_into, sorted(set(member_ids)))
    rows = session.execute(select(_member.id, _member.merged_into).where(wanted))
    return {row.id: row.merged_into for row in rows}
