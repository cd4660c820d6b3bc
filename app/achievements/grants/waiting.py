"""Members of whom an import brought something that was to be counted alone: nothing is granted to
them before they do something themselves, however often criteria are looked at.
"""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from app.achievements.models import WaitingMember
from app.communities import present
from app.communities.linking import let_go
from app.communities.merging import Merge
from app.communities.models import Member
from app.statements import among, insert_or, table_of

_waiting, _member = table_of(WaitingMember).c, table_of(Member).c


def wait(session: Session, community_id: int, member_ids: Iterable[int]) -> None:
    """Has these members wait for the next thing that they do."""
    rows = [{"community_id": community_id, "member_id": one} for one in sorted(member_ids)]
    if rows:
        statement = insert_or(session, table_of(WaitingMember)).on_conflict_do_nothing()
        session.connection().execute(statement, rows)


def wait_no_longer(session: Session, community_id: int, member_ids: Collection[int]) -> set[int]:
    """These members did something; returns who of them waited until then."""
    if not member_ids:
        return set()
    gone = session.connection().execute(
        delete(table_of(WaitingMember))
        .where(_waiting.community_id == community_id)
        .where(among(session, _waiting.member_id, sorted(member_ids)))
        .returning(_waiting.member_id)
    )
    return {row.member_id for row in gone}


def who_may(
    session: Session, community_id: int, member_ids: Iterable[int], *, even_waiting: bool = False
) -> set[int]:
    """Those of these members to whom something may be granted: who is somebody, waits for nothing,
    and is no account that somebody unlinked for a while.
    """
    wanted = [among(session, _member.id, sorted(member_ids)), present.is_there()]
    if not even_waiting:
        wanted.append(~_waits())
    may = set(session.connection().execute(select(_member.id).where(*wanted)).scalars())
    return may - let_go.held_back(session, community_id, may)


def who_waits(session: Session, community_id: int) -> set[int]:
    """All members of a community who wait."""
    return set(
        session.scalars(select(_waiting.member_id).where(_waiting.community_id == community_id))
    )


def merge(session: Session, how: Merge) -> None:
    """To link an account is something that a member does."""
    wait_no_longer(session, how.member.community_id, [how.member.id, how.merged.id])


def forget(session: Session, member: Any, _how: Any) -> None:
    """Who is erased waits for nothing."""
    wait_no_longer(session, member.community_id, [member.id])


def _waits() -> Any:
    return exists().where(
        _waiting.community_id == _member.community_id, _waiting.member_id == _member.id
    )
