"""Members who want to be shown on no leaderboard."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.activity.boards.models import HiddenMember
from app.statements import among, insert_or, table_of

_hidden = table_of(HiddenMember).c


def hide(session: Session, community_id: int, member_id: int, *, now: datetime) -> None:
    """From now on others see the member on no leaderboard, not on those of the past either.

    They go on being counted, keep their rank, and win what they win.
    """
    row = {"community_id": community_id, "member_id": member_id, "since": now}
    statement = insert_or(session, table_of(HiddenMember)).on_conflict_do_nothing()
    session.connection().execute(statement, row)


def appear(session: Session, community_id: int, member_id: int) -> None:
    """The member is shown again."""
    session.connection().execute(
        delete(table_of(HiddenMember)).where(
            _hidden.community_id == community_id, _hidden.member_id == member_id
        )
    )


def is_hidden(session: Session, community_id: int, member_id: int) -> bool:
    """Whether the member wants to be shown on no leaderboard."""
    return bool(among_hidden(session, community_id, [member_id]))


def among_hidden(session: Session, community_id: int, member_ids: Iterable[int]) -> set[int]:
    """Which of these members hide."""
    rows = session.execute(
        select(_hidden.member_id).where(
            _hidden.community_id == community_id,
            among(session, _hidden.member_id, list(member_ids)),
        )
    )
    return {row.member_id for row in rows}
