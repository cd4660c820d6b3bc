"""Telling members: a notice is a row and a job in the lane of who can reach them."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import journal
from app.actor import Actor
from app.communities import members
from app.communities.models import Community
from app.communities.quiet import Night, night_at
from app.jobs import queue
from app.journal import Fact
from app.notices.models import Notice
from app.statements import insert_or

LANE = "discord"
DELIVER = "notices.deliver"
SENT, TOO_LATE, UNREACHABLE, OVERTAKEN = "sent", "too_late", "unreachable", "overtaken"
"""How a notice ends; overtaken, when what happened since makes it wrong."""
BOT = Actor("system", "bot")


@dataclass(frozen=True, kw_only=True)
class NoticeSettled(Fact):
    """A member was told, or could not be, or it was too late for it."""

    kind: ClassVar[str] = "notice.settled"
    notice: int
    about: str
    subject: str
    member: int
    outcome: str


def tell(
    session: Session,
    community_id: int,
    member_id: int,
    *,
    kind: str,
    subject: str,
    not_after: datetime,
    now: datetime,
    occasion: str = "",
) -> bool:
    """As `lay_down()`, to be sent at once; returns whether there is a new notice."""
    notice_id = lay_down(
        session,
        community_id,
        member_id,
        kind=kind,
        subject=subject,
        not_after=not_after,
        now=now,
        occasion=occasion,
    )
    return notice_id is not None


def lay_down(
    session: Session,
    community_id: int,
    member_id: int,
    *,
    kind: str,
    subject: str,
    not_after: datetime,
    now: datetime,
    occasion: str = "",
    send_at: datetime | None = None,
) -> int | None:
    """Has a member told of `subject`, once for each `occasion`, in the caller's transaction.

    Returns the new notice's id; None where it is laid down already, or nobody can be told: only who
    has a Discord identity gets direct messages, and what has ended is not told.
    """
    recipient = members.identity_of(session, member_id, members.DISCORD)
    if recipient is None or now >= not_after:
        return None
    row = {
        "community_id": community_id,
        "member_id": member_id,
        "kind": kind,
        "subject": subject,
        "occasion": occasion,
        "recipient": recipient,
        "not_after": not_after,
        "created_at": now,
    }
    statement = insert_or(session, Notice).on_conflict_do_nothing().returning(Notice.id)
    notice_id = session.scalar(statement, row)
    if notice_id is None:
        return None
    queue.enqueue(
        session,
        DELIVER,
        {"notice": notice_id},
        lane=LANE,
        now=now,
        community_id=community_id,
        run_at=send_at,
    )
    return int(notice_id)


def due(session: Session, notice_id: int, *, now: datetime) -> Notice | None:
    """The notice, if it is still to be sent; one that has ended is settled as too late."""
    notice = session.get_one(Notice, notice_id)
    if notice.settled_at is not None:
        return None
    if now >= notice.not_after:
        settle(session, notice_id, TOO_LATE, now=now)
        return None
    return notice


def night_of(session: Session, notice: Notice, *, now: datetime) -> Night | None:
    """The quiet hours of the notice's community, if it is in them now."""
    community = session.get_one(Community, notice.community_id)
    return night_at(community.quiet_hours, community.timezone, now)


def is_followed(session: Session, notice: Notice) -> bool:
    """Whether a later notice of the same kind is about the same subject."""
    later = select(Notice.id).where(
        Notice.community_id == notice.community_id,
        Notice.kind == notice.kind,
        Notice.subject == notice.subject,
        Notice.id > notice.id,
    )
    return session.scalar(later.limit(1)) is not None


def settle(session: Session, notice_id: int, outcome: str, *, now: datetime) -> None:
    """Keeps how it ended, and records it; a notice that is settled stays as it is."""
    notice = session.get_one(Notice, notice_id)
    if notice.settled_at is not None:
        return
    notice.settled_at, notice.outcome = now, outcome
    fact = NoticeSettled(
        notice=notice.id,
        about=notice.kind,
        subject=notice.subject,
        member=notice.member_id,
        outcome=outcome,
    )
    journal.record(session, fact, community_id=notice.community_id, actor=BOT, now=now)
