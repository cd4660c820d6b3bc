"""The organisers' panel of redemptions that members say were not theirs."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from app.communities.models import Member
from app.console.panels import Panel
from voucher.ledger.models import Voucher
from voucher.scans.models import Dispute, Scan

LAST = 10


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


def content(session: Session, community_id: int, now: datetime) -> dict[str, Any]:
    """The last ones, newest first, and how many of all still stand as redeemed."""
    joined = (
        select(
            Dispute.redemption,
            Dispute.said_at,
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
    rows = session.execute(joined.order_by(Dispute.said_at.desc(), Dispute.redemption).limit(LAST))
    standing = select(func.count()).select_from(joined.where(Scan.undone_at.is_(None)).subquery())
    return {"disputes": [_told(row) for row in rows], "standing": session.scalar(standing)}


def _told(row: Row[Any]) -> DisputedScan:
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
    )


DISPUTES = Panel(
    "disputes", "“This was not me”", 25, "organiser/panels/disputes.html", content, wide=True
)
