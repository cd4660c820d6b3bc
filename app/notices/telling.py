"""Telling members: a notice is a row and a job in the lane of who can reach them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app import journal
from app.actor import Actor
from app.communities import members, zones
from app.communities.quiet import Night, night_at
from app.jobs import queue
from app.jobs.queue import NewJob
from app.journal import Fact
from app.notices.models import Notice
from app.statements import insert_or, table_of

LANE = "discord"
DELIVER = "notices.deliver"
SENT, TOO_LATE, UNREACHABLE, OVERTAKEN = "sent", "too_late", "unreachable", "overtaken"
"""How a notice ends; overtaken, when what happened since makes it wrong."""
BOT = Actor("system", "bot")
AHEAD = timedelta(days=30)
"""What is due goes by its time, and a thousand reminders take the bot half an hour."""


@dataclass(frozen=True, kw_only=True)
class NoticeSettled(Fact):
    """A member was told, or could not be, or it was too late for it."""

    kind: ClassVar[str] = "notice.settled"
    notice: int
    about: str
    subject: str
    member: int
    outcome: str


@dataclass(frozen=True, kw_only=True)
class Message:
    """What a member is to be told of `subject`, once for each `occasion`."""

    community_id: int
    member_id: int
    kind: str
    subject: str
    occasion: str = ""
    not_after: datetime


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
    ahead: bool = False,
) -> bool:
    """As `lay_down()`, for one message; returns whether there is a new notice.

    One that goes `ahead` is sent before all that wait already.
    """
    message = Message(
        community_id=community_id,
        member_id=member_id,
        kind=kind,
        subject=subject,
        occasion=occasion,
        not_after=not_after,
    )
    send_at = now - AHEAD if ahead else now
    return bool(lay_down(session, [message], now=now, send_at=send_at))


def lay_down(
    session: Session,
    messages: Sequence[Message],
    *,
    now: datetime,
    send_at: datetime | None = None,
) -> list[int]:
    """Has members told, at once or from `send_at` on, in the caller's transaction.

    Returns the new notices' ids. Left out is what was laid down before, and what nobody can be
    told: only who has a Discord identity gets direct messages, and what has ended is not told.
    However many there are, it takes three statements.
    """
    wanted = [one for one in messages if now < one.not_after]
    if not wanted:
        return []
    known = members.identities_of(session, {one.member_id for one in wanted}, members.DISCORD)
    rows = [
        {**asdict(one), "recipient": known[one.member_id], "created_at": now}
        for one in wanted
        if one.member_id in known
    ]
    if not rows:
        return []
    columns = table_of(Notice).c
    statement = insert_or(session, table_of(Notice)).on_conflict_do_nothing()
    laid = session.execute(statement.returning(columns.id, columns.community_id), rows).all()
    queue.enqueue_all(
        session,
        [
            NewJob(DELIVER, LANE, {"notice": row.id}, send_at or now, row.community_id)
            for row in laid
        ],
    )
    return [row.id for row in laid]


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
    """The quiet hours that it is in now where the notice's member is, if it is in any."""
    return night_at(*zones.nights_of(session, notice.member_id), now)


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


def forget(session: Session, member: Any, how: Any) -> None:
    """Forgets where a member was written to; what waits is not sent any more."""
    ours = (Notice.community_id == member.community_id, Notice.member_id == member.id)
    session.execute(update(Notice).where(*ours).values(recipient=""))
    waiting = update(Notice).where(*ours, Notice.settled_at.is_(None))
    session.execute(waiting.values(settled_at=how.now, outcome=OVERTAKEN))


def merge(session: Session, how: Any) -> None:
    """Gives a member the notices of who is merged into them; each goes to whom it was meant for."""
    session.execute(
        update(Notice)
        .where(Notice.community_id == how.merged.community_id)
        .where(Notice.member_id == how.merged.id)
        .values(member_id=how.member.id)
    )
