"""What one-time links and sessions are, whoever they are for: organisers or members.

A door is a table of links and one of sessions. A link is used up by one conditional UPDATE; a
session is known by a secret that only its browser has. Both are kept as hashes.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar, cast

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.orm import Session

from app import credentials
from app.access.models import MemberLink, MemberSession, SignInLink, SignInSession
from app.refusals import Refused


class LinkSpent(Refused):
    """The link was used before, is too old, or was never one."""

    code: ClassVar[str] = "link_spent"
    status: ClassVar[int] = 410


@dataclass(frozen=True)
class Door:
    """Whose links and sessions these are, and how long each lasts."""

    links: type[Any]
    sessions: type[Any]
    holder: str
    """The column that names whose they are."""
    link_lasts: timedelta
    session_lasts: timedelta


ORGANISERS = Door(
    SignInLink, SignInSession, "organiser_id", timedelta(hours=24), timedelta(days=14)
)
MEMBERS = Door(MemberLink, MemberSession, "member_id", timedelta(minutes=15), timedelta(days=90))
"""A member's link is asked for when it is wanted, so it need not last; their phone stays theirs."""


def new_link(session: Session, door: Door, holder_id: int, *, now: datetime) -> str:
    """A secret that opens the door to this one, once."""
    secret = credentials.new_secret()
    values = {door.holder: holder_id, "expires_at": now + door.link_lasts}
    session.add(door.links(secret_hash=credentials.hash_of(secret), **values))
    return secret


def link_is_open(session: Session, door: Door, secret: str, *, now: datetime) -> bool:
    """Whether a link could still be used; looking at it does not use it up."""
    link = session.get(door.links, credentials.hash_of(secret))
    return link is not None and link.used_at is None and link.expires_at > now


def use_link(session: Session, door: Door, secret: str, *, now: datetime) -> str:
    """Uses a link up and returns a new session's secret; raises `LinkSpent`."""
    hashed, links = credentials.hash_of(secret), door.links
    used = cast(
        CursorResult[Any],
        session.execute(
            update(links)
            .where(links.secret_hash == hashed, links.used_at.is_(None), links.expires_at > now)
            .values(used_at=now)
        ),
    )
    link = session.get(links, hashed)
    if used.rowcount != 1 or link is None:
        raise LinkSpent("This link was used or is too old. Ask for a new one.")
    return start_session(session, door, getattr(link, door.holder), now=now)


def start_session(session: Session, door: Door, holder_id: int, *, now: datetime) -> str:
    """Signs a browser in and returns what its cookie carries."""
    secret = credentials.new_secret()
    values = {door.holder: holder_id, "created_at": now, "expires_at": now + door.session_lasts}
    session.add(door.sessions(secret_hash=credentials.hash_of(secret), **values))
    return secret


def holder_of(session: Session, door: Door, secret: str, *, now: datetime) -> int | None:
    """Whose browser carries this secret, or None."""
    sessions = door.sessions
    return session.scalar(
        select(getattr(sessions, door.holder)).where(
            sessions.secret_hash == credentials.hash_of(secret),
            sessions.ended_at.is_(None),
            sessions.expires_at > now,
        )
    )


def end_session(session: Session, door: Door, secret: str, *, now: datetime) -> None:
    """Signs a browser out."""
    sessions = door.sessions
    session.execute(
        update(sessions)
        .where(sessions.secret_hash == credentials.hash_of(secret))
        .values(ended_at=now)
    )


def end_all(session: Session, door: Door, holder_id: int, *, now: datetime, but: str = "") -> int:
    """Signs out every browser of this one but the one that carries the secret `but`, and lets no
    link to them work any more; returns how many browsers were signed in.
    """
    links, sessions = door.links, door.sessions
    # First the links: whoever uses one just now has a session by the time that those are ended.
    session.execute(
        update(links)
        .where(getattr(links, door.holder) == holder_id)
        .where(links.used_at.is_(None), links.expires_at > now)
        .values(expires_at=now)
        .execution_options(synchronize_session=False)
    )
    ended = session.execute(
        update(sessions)
        .where(getattr(sessions, door.holder) == holder_id)
        .where(sessions.secret_hash != credentials.hash_of(but))
        .where(sessions.ended_at.is_(None), sessions.expires_at > now)
        .values(ended_at=now)
        .execution_options(synchronize_session=False)
    )
    return cast(CursorResult[Any], ended).rowcount


def close_merged(session: Session, how: Any) -> None:
    """Deletes the links and sessions of who is merged into another member: whoever has one of them
    has not shown that the other's wallet is theirs as well.
    """
    forget_member(session, how.merged, None)


def forget_member(session: Session, member: Any, _how: Any) -> None:
    """Deletes a member's links and sessions: no browser shows their wallet any more."""
    for table in (MemberLink, MemberSession):
        session.execute(delete(table).where(table.member_id == member.id))
