"""Signing a member's browsers out of their wallet: a lost phone must not go on to show it."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy.orm import Session

from app import journal
from app.access import doors
from app.access.doors import MEMBERS
from app.actor import Actor
from app.communities.models import Member
from app.journal import Fact


@dataclass(frozen=True, kw_only=True)
class WalletClosed(Fact):
    """A member was signed out of their wallet in so many browsers; no link that was given out
    before opens it.
    """

    kind: ClassVar[str] = "wallet.closed"
    member: int
    browsers: int


def close(session: Session, member: Member, *, actor: Actor, now: datetime, but: str = "") -> int:
    """Signs a member out everywhere, in the caller's transaction; returns in how many browsers.

    The one whose cookie carries the secret `but` stays signed in.
    """
    browsers = doors.end_all(session, MEMBERS, member.id, now=now, but=but)
    fact = WalletClosed(member=member.id, browsers=browsers)
    journal.record(session, fact, community_id=member.community_id, actor=actor, now=now)
    return browsers
