"""Signing organisers in: by a one-time link, or by Discord where it is configured."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.access import doors
from app.access.doors import ORGANISERS, LinkSpent
from app.access.models import Organiser

__all__ = ["LINK_LASTS", "SESSION_LASTS", "LinkSpent"]

LINK_LASTS, SESSION_LASTS = ORGANISERS.link_lasts, ORGANISERS.session_lasts


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
    return doors.new_link(session, ORGANISERS, organiser_id, now=now)


def link_is_open(session: Session, secret: str, *, now: datetime) -> bool:
    """Whether a link could still be used; looking at it does not use it up."""
    return doors.link_is_open(session, ORGANISERS, secret, now=now)


def use_link(session: Session, secret: str, *, now: datetime) -> str:
    """Uses a link up and returns a new session's secret; raises `LinkSpent`."""
    return doors.use_link(session, ORGANISERS, secret, now=now)


def start_session(session: Session, organiser_id: int, *, now: datetime) -> str:
    """Signs a browser in and returns what its cookie carries."""
    return doors.start_session(session, ORGANISERS, organiser_id, now=now)


def by_session(session: Session, secret: str, *, now: datetime) -> Organiser | None:
    """The organiser whose browser carries this secret, or None."""
    found = doors.holder_of(session, ORGANISERS, secret, now=now)
    return session.get(Organiser, found) if found is not None else None


def by_discord(session: Session, discord_id: str) -> Organiser | None:
    """The organiser with this Discord account, or None."""
    return session.scalar(select(Organiser).where(Organiser.discord_id == discord_id).limit(1))


def end_session(session: Session, secret: str, *, now: datetime) -> None:
    """Signs a browser out."""
    doors.end_session(session, ORGANISERS, secret, now=now)
