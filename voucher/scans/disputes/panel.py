"""The organisers' panel of redemptions that members say were not theirs."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, and_, func, select
from sqlalchemy.orm import Session

from app import journal
from app.communities.models import Member
from app.console.panels import Panel
from voucher.ledger.models import Voucher
from voucher.scans.models import Dispute, Scan

MOST_OPEN, LAST_SETTLED = 10, 5


@dataclass(frozen=True)
class DisputedScan:
    """One of them as organisers read it: who said so, and where and by whom it was handed over."""

    id: UUID
    said_at: datetime
    member: str
    perk: str
    reference: str
    redeemed_at: datetime
    station: str
    device: str
    operator: str | None
    undone: bool
    closed_at: datetime | None
    answer: str | None


def content(session: Session, community_id: int, now: datetime) -> dict[str, Any]:
    """Those that nobody has answered, oldest first, how many there are, and the last of the others:
    they were closed, or the hand-over was taken back.
    """
    joined = (
        select(
            Dispute.redemption,
            Dispute.said_at,
            Dispute.closed_at,
            Dispute.answer.label("closed_with"),
            Member.display_name,
            Voucher.reference,
            Scan.received_at,
            Scan.answer,
            Scan.operator,
            Scan.undone_at,
        )
        .join(Scan, Scan.id == Dispute.redemption)
        .join(Voucher, Voucher.id == Dispute.voucher_id)
        .join(Member, Member.id == Dispute.member_id)
        .where(Dispute.community_id == community_id)
    )
    waiting = and_(Dispute.closed_at.is_(None), Scan.undone_at.is_(None))
    open_ones = joined.where(waiting).order_by(Dispute.said_at, Dispute.redemption)
    others = joined.where(~waiting).order_by(Dispute.said_at.desc(), Dispute.redemption)
    total = select(func.count()).select_from(joined.where(waiting).subquery())
    return {
        "open": _all(session, open_ones.limit(MOST_OPEN)),
        "total": session.scalar(total),
        "settled": _all(session, others.limit(LAST_SETTLED)),
    }


def _all(session: Session, rows: Select[Any]) -> list[DisputedScan]:
    return [_told(session, row) for row in session.execute(rows)]


def _told(session: Session, row: Row[Any]) -> DisputedScan:
    place = row.answer["scanned_by"]
    return DisputedScan(
        id=row.redemption,
        said_at=row.said_at,
        member=row.display_name,
        perk=row.answer["voucher"]["perk"]["name"],
        reference=row.reference,
        redeemed_at=row.received_at,
        station=place["station"],
        device=place["device"],
        operator=row.operator,
        undone=row.undone_at is not None,
        closed_at=row.closed_at,
        answer=journal.remark_text(session, row.closed_with) if row.closed_with else None,
    )


DISPUTES = Panel(
    "disputes", "“This was not me”", 25, "organiser/panels/disputes.html", content, wide=True
)
