"""Signing organisers in: by a one-time link, or by Discord where it is configured."""

from datetime import datetime, timedelta
from typing import Any, ClassVar, cast

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from app import credentials
from app.access.models import Organiser, SignInLink, SignInSession
from app.refusals import Refused

LINK_LASTS = timedelta(hours=24)
SESSION_LASTS = timedelta(days=14)


class LinkSpent(Refused):
    """The link was used before, is too old, or was never one."""

    code: ClassVar[str] = "link_spent"
    status: ClassVar[int] = 410


def organiser(session: Session, community_id: int, name: str, *, now: datetime) -> Organiser:
    """The organiser of this name; made where there is none."""
    found = session.scalar(
        select(Organiser).where(Organiser.community_id == community_id, Organiser.name == name)
    )
    if found is None:
        found = Organiser(community_id=community_id, name=name, created_at=now)
        session.add(found)
        session.flush()
    return found


def new_link(session: Session, organiser_id: int, *, now: datetime) -> str:
    """A secret that signs this organiser in once, within 24 hours."""
    secret = credentials.new_secret()
    session.add(
        SignInLink(
            secret_hash=credentials.hash_of(secret),
            organiser_id=organiser_id,
            expires_at=now + LINK_LASTS,
        )
    )
    return secret


def link_is_open(session: Session, secret: str, *, now: datetime) -> bool:
    """Whether a link could still be used; looking at it does not use it up."""
    link = session.get(SignInLink, credentials.hash_of(secret))
    return link is not None and link.used_at is None and link.expires_at > now


def use_link(session: Session, secret: str, *, now: datetime) -> str:
    """Uses a link up and returns a new session's secret; raises `LinkSpent`."""
    hashed = credentials.hash_of(secret)
    used = cast(
        CursorResult[Any],
        session.execute(
            update(SignInLink)
            .where(
                SignInLink.secret_hash == hashed,
                SignInLink.used_at.is_(None),
                SignInLink.expires_at > now,
            )
            .values(used_at=now)
        ),
    )
    link = session.get(SignInLink, hashed)
    if used.rowcount != 1 or link is None:
        raise LinkSpent("This link was used or is too old. Ask for a new one.")
    return start_session(session, link.organiser_id, now=now)


def start_session(session: Session, organiser_id: int, *, now: datetime) -> str:
    """Signs a browser in and returns what its cookie carries."""
    secret = credentials.new_secret()
    session.add(
        SignInSession(
            secret_hash=credentials.hash_of(secret),
            organiser_id=organiser_id,
            created_at=now,
            expires_at=now + SESSION_LASTS,
        )
    )
    return secret


def by_session(session: Session, secret: str, *, now: datetime) -> Organiser | None:
    """The organiser whose browser carries this secret, or None."""
    return session.scalar(
        select(Organiser)
        .join(SignInSession, SignInSession.organiser_id == Organiser.id)
        .where(
            SignInSession.secret_hash == credentials.hash_of(secret),
            SignInSession.ended_at.is_(None),
            SignInSession.expires_at > now,
        )
    )


def by_discord(session: Session, discord_id: str) -> Organiser | None:
    """The organiser with this Discord account, or None."""
    return session.scalar(select(Organiser).where(Organiser.discord_id == discord_id).limit(1))


def end_session(session: Session, secret: str, *, now: datetime) -> None:
    """Signs a browser out."""
    session.execute(
        update(SignInSession)
        .where(SignInSession.secret_hash == credentials.hash_of(secret))
        .values(ended_at=now)
    )
