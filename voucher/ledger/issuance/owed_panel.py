"""The organisers' panel of what is owed: how many, why, and who has waited longest."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.communities.models import Member
from app.console.panels import Panel
from voucher.ledger.issuance.orders import Reason
from voucher.ledger.models import OwedVoucher
from voucher.perks.models import Perk

OLDEST = 10
WORDS: dict[str, str] = {
    Reason.STOCK: "none in stock",
    Reason.LIMIT: "the member has as many as one gets",
    Reason.WINDOW: "no opening hours for it",
    Reason.WITHDRAWN: "taken off the programme",
}


@dataclass(frozen=True)
class Sum:
    """How many of a perk are owed for one reason."""

    perk: str
    why: str
    count: int


@dataclass(frozen=True)
class Waiting:
    """A member who waits for a voucher, since when."""

    id: int
    member: str
    perk: str
    why: str
    since: datetime


def content(session: Session, community_id: int, now: datetime) -> dict[str, Any]:
    """How many are owed by perk and reason, most first, and the oldest ten."""
    sums = _sums(session, community_id)
    return {
        "sums": sums,
        "total": sum(one.count for one in sums),
        "oldest": _oldest(session, community_id),
    }


def _sums(session: Session, community_id: int) -> list[Sum]:
    count = func.count().label("count")
    rows = session.execute(
        select(Perk.name, OwedVoucher.reason, count)
        .join(Perk, Perk.number == OwedVoucher.perk_number)
        .where(OwedVoucher.community_id == community_id, OwedVoucher.settled_at.is_(None))
        .group_by(Perk.number, Perk.name, OwedVoucher.reason)
        .order_by(count.desc(), Perk.name, OwedVoucher.reason)
    )
    return [Sum(perk, why(reason), number) for perk, reason, number in rows]


def _oldest(session: Session, community_id: int) -> list[Waiting]:
    rows = session.execute(
        select(
            OwedVoucher.id,
            Member.display_name,
            Perk.name,
            OwedVoucher.reason,
            OwedVoucher.since,
        )
        .join(Perk, Perk.number == OwedVoucher.perk_number)
        .join(Member, Member.id == OwedVoucher.member_id)
        .where(OwedVoucher.community_id == community_id, OwedVoucher.settled_at.is_(None))
        .order_by(OwedVoucher.since, OwedVoucher.id)
        .limit(OLDEST)
    )
    return [
        Waiting(owed_id, member, perk, why(reason), since)
        for owed_id, member, perk, reason, since in rows
    ]


def why(reason: str) -> str:
    """A reason in plain words."""
    return WORDS.get(reason, reason.replace("_", " "))


OWED = Panel("owed", "Owed", 12, "organiser/panels/owed.html", content, wide=True)
