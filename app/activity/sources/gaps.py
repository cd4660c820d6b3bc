"""Gaps: times of which a source's events are missing, and could not be read back."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import journal
from app.activity.sources.models import Gap
from app.actor import Actor
from app.journal import Fact

REASONS = {
    "no_history": "its history could not be read",
    "voice": "nobody could tell who was there",
    "event": "Discord does not tell any more who was at an event",
    "source_away": "its source kept nothing",
}
MOST = 20
"""So many are told of one window: with more, something is wrong that no list makes clearer."""


@dataclass(frozen=True, kw_only=True)
class ActivityMissed(Fact):
    """What happened in a time is missing, and every board of that time may be wrong by it."""

    kind: ClassVar[str] = "activity.missed"
    source: str
    channel: str | None
    from_at: datetime
    until_at: datetime
    reason: str


def note(
    session: Session,
    community_id: int,
    source: str,
    *,
    channel: str | None = None,
    from_at: datetime,
    until_at: datetime,
    reason: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Keeps and records that events of this time are missing; `reason` is one of `REASONS`."""
    fact = ActivityMissed(
        source=source, channel=channel, from_at=from_at, until_at=until_at, reason=reason
    )
    session.add(Gap(community_id=community_id, noted_at=now, **vars(fact)))
    journal.record(session, fact, community_id=community_id, actor=actor, now=now)


def gaps_in(
    session: Session, community_id: int, begins: datetime | None, ends: datetime | None
) -> list[Gap]:
    """The gaps that touch a time, the newest first; None for without a beginning or an end."""
    which = [Gap.community_id == community_id]
    if begins is not None:
        which.append(Gap.until_at > begins)
    if ends is not None:
        which.append(Gap.from_at < ends)
    wanted = select(Gap).where(*which).order_by(Gap.from_at.desc(), Gap.id.desc()).limit(MOST)
    return list(session.scalars(wanted))


def reason_of(gap: Gap) -> str:
    """Why it could not be read back, in words."""
    return REASONS.get(gap.reason, gap.reason.replace("_", " "))
