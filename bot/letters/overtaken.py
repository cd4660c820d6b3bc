"""Whether a notice that waits has come to be wrong by what happened since."""

from sqlalchemy.orm import Session

from app.clock import as_text
from app.notices import telling
from app.notices.models import Notice
from bot.letters import orders
from bot.letters.afterwards import redemption_of
from voucher.ledger.finding import by_reference
from voucher.ledger.followers import EXPIRED, RECEIPT, REMINDER, STANDING_OF
from voucher.ledger.moves import Standing
from voucher.scans.answering.answers import CLOSED


def is_overtaken(session: Session, notice: Notice) -> bool:
    """Whether something else was done with the voucher since, so that the message would be wrong.

    Or would come twice: of two of one kind that wait, the newer says how it stands.
    """
    if notice.kind == CLOSED:
        return False
    if notice.kind == RECEIPT:
        # Each hand-over has its own, whatever became of the voucher.
        return redemption_of(session, notice.occasion).undone_at is not None
    if notice.kind in orders.KINDS:
        return orders.is_overtaken(session, notice.kind, notice.occasion)
    voucher = by_reference(session, notice.community_id, notice.subject).voucher
    if voucher.standing != STANDING_OF[notice.kind]:
        return True
    if voucher.standing == Standing.OPEN and voucher.uses_taken >= voucher.uses:
        return True
    if notice.kind in (REMINDER, EXPIRED) and not notice.occasion.endswith(
        as_text(voucher.valid_until)
    ):
        return True
    return telling.is_followed(session, notice)
