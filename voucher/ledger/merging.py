"""What becomes of the vouchers of who is merged into another member."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.communities.merging import Merge
from app.notices import telling
from app.notices.telling import Message
from voucher.ledger.followers import ISSUED
from voucher.ledger.models import OwedVoucher, Voucher
from voucher.ledger.moves import Standing


def merge(session: Session, how: Merge) -> None:
    """Gives a member the other's vouchers, and what the other is owed.

    Of those that can be redeemed they are told now, unless the other was told already.
    """
    to_tell = _to_tell(session, how)
    for model in (Voucher, OwedVoucher):
        session.execute(
            update(model)
            .where(model.community_id == how.merged.community_id)
            .where(model.member_id == how.merged.id)
            .values(member_id=how.member.id)
        )
    telling.lay_down(session, to_tell, now=how.now)


def _to_tell(session: Session, how: Merge) -> list[Message]:
    """Of each voucher of the other that is good; what was told before is not told again."""
    rows = session.execute(
        select(Voucher.reference, Voucher.valid_until).where(
            Voucher.community_id == how.member.community_id,
            Voucher.member_id == how.merged.id,
            Voucher.standing == Standing.OPEN,
            Voucher.uses_taken < Voucher.uses,
            Voucher.valid_until > how.now,
        )
    )
    return [
        Message(
            community_id=how.member.community_id,
            member_id=how.member.id,
            kind=ISSUED,
            subject=row.reference,
            not_after=row.valid_until,
        )
        for row in rows
    ]
