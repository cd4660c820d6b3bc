"""The organisers' panel of disputed redemptions: who says that it was not them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.communities.models import Member, Station
from app.console.panels import Panel
from voucher.wallet.models import Dispute

LAST = 10


@dataclass(frozen=True)
class Told:
    """A disputed redemption as organisers read it."""

    redemption: UUID
    raised_at: datetime
    redeemed_at: datetime
    voucher: str
    member: str
    station: str


def content(session: Session, community_id: int, now: datetime) -> dict[str, Any]:
    """The last disputes, newest first."""
    rows = session.execute(
        select(
            Dispute.redemption,
            Dispute.raised_at,
            Dispute.redeemed_at,
            Dispute.voucher,
            Member.display_name,
            Station.name,
        )
        .join(Member, Member.id == Dispute.member_id)
        .join(
            Station,
            (Station.community_id == Dispute.community_id) & (Station.key == Dispute.station),
        )
        .where(Dispute.community_id == community_id)
        .order_by(Dispute.raised_at.desc(), Dispute.redemption)
        .limit(LAST)
    )
    return {"disputes": [Told(*row) for row in rows]}


DISPUTES = Panel(
    "disputes", "“This was not me”", 25, "organiser/panels/disputes.html", content, wide=True
)
