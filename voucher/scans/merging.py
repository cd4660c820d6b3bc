"""What becomes of the disputes of who is merged into another member."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.communities.merging import Merge
from voucher.scans.models import Dispute


def merge(session: Session, how: Merge) -> None:
    """Gives a member the other's disputes. Scans name vouchers, and no member."""
    session.execute(
        update(Dispute)
        .where(Dispute.community_id == how.merged.community_id)
        .where(Dispute.member_id == how.merged.id)
        .values(member_id=how.member.id)
    )
