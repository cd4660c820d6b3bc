"""Striking a member from a season: they stand on none of its leaderboards, nor of those of the
days, weeks and months that begin in it. What they counted, and what is final, stays as it is.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app import journal
from app.activity.boards.models import Struck
from app.activity.windows import ALL_TIME, SEASON, Calendar, kind_of
from app.actor import Actor
from app.communities.erasing import RECORDED
from app.communities.models import Member
from app.journal import Fact
from app.programme.applying import current
from app.refusals import Refused
from app.statements import insert_or, table_of

_struck = table_of(Struck).c


class UnknownSeason(Refused):
    """The programme in force has no such season."""

    code = "unknown_season"


@dataclass(frozen=True, kw_only=True)
class MemberStruck(Fact):
    """An organiser struck a member from a season; `reason` is a remark's hash."""

    kind: ClassVar[str] = "member.struck"
    member: int
    season: str
    reason: str

    @property
    def found_by(self) -> str:
        """The member, as the record names them."""
        return f"{RECORDED}{self.member}"


@dataclass(frozen=True, kw_only=True)
class MemberRestored(MemberStruck):
    """It was taken back."""

    kind: ClassVar[str] = "member.restored"


def strike(
    session: Session, member: Member, season: str, *, reason: str, actor: Actor, now: datetime
) -> bool:
    """Strikes a member from a season of the programme in force; whether they stood in it before.

    Raises `UnknownSeason`.
    """
    seasons = current(session, member.community_id)["seasons"]
    if season not in seasons:
        known = ", ".join(sorted(seasons)) or "none"
        raise UnknownSeason(f"The programme has no season {season}; known are: {known}.")
    row = insert_or(session, table_of(Struck)).values(
        community_id=member.community_id, season=season, member_id=member.id, struck_at=now
    )
    stood = session.execute(row.on_conflict_do_nothing().returning(_struck.member_id)).all()
    if not stood:
        return False
    _record(session, MemberStruck, member, season, reason, actor, now)
    return True


def restore(
    session: Session, member: Member, season: str, *, reason: str, actor: Actor, now: datetime
) -> bool:
    """Lets them stand in it again; whether they were struck."""
    gone = session.execute(
        delete(table_of(Struck))
        .where(_struck.community_id == member.community_id, _struck.season == season)
        .where(_struck.member_id == member.id)
        .returning(_struck.member_id)
    ).all()
    if not gone:
        return False
    _record(session, MemberRestored, member, season, reason, actor, now)
    return True


def struck(session: Session, community_id: int, window: str) -> set[int]:
    """Who stands on no leaderboard of a window, by member id: nobody of all time."""
    if window == ALL_TIME:
        return set()
    rows = session.execute(
        select(_struck.season, _struck.member_id).where(_struck.community_id == community_id)
    ).all()
    if not rows:
        return set()
    season = _season_of(session, community_id, window)
    return {row.member_id for row in rows if row.season == season}


def seasons_of(session: Session, member: Any) -> list[str]:
    """The seasons that a member is struck from."""
    return list(
        session.scalars(
            select(_struck.season)
            .where(_struck.community_id == member.community_id, _struck.member_id == member.id)
            .order_by(_struck.season)
        )
    )


def _season_of(session: Session, community_id: int, window: str) -> str | None:
    """The season that a window is, or that it begins in."""
    if kind_of(window) == "season":
        return window.removeprefix(SEASON)
    programme = current(session, community_id)
    calendar = Calendar(programme["community"].timezone, programme["seasons"])
    span = calendar.span(window)
    found = calendar.windows_of(calendar.place(span.opens).day).get("season") if span else None
    return found.removeprefix(SEASON) if found else None


def _record(
    session: Session,
    fact: type[MemberStruck],
    member: Member,
    season: str,
    reason: str,
    actor: Actor,
    now: datetime,
) -> None:
    kept = journal.remark(session, member.community_id, reason, now=now)
    made = fact(member=member.id, season=season, reason=kept)
    journal.record(session, made, community_id=member.community_id, actor=actor, now=now)


def copy(there: Session, community_id: int, here: Session, copy_id: int) -> None:
    """Copies who was struck from what into another database, where something is tried out."""
    rows = there.execute(select(table_of(Struck)).where(_struck.community_id == community_id))
    for row in rows.mappings():
        here.execute(table_of(Struck).insert(), {**row, "community_id": copy_id})
