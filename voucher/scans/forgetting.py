"""What is erased of a member's vouchers and scans; the figures stay."""

from copy import deepcopy
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import journal
from app.communities.models import Member
from voucher.ledger.changes import withdrawing
from voucher.ledger.issuance.owing import let_go
from voucher.ledger.models import Voucher
from voucher.ledger.moves import Standing
from voucher.scans.models import Hold, Scan

ANSWERS = ("answer", "undo_answer", "refund_answer")


def forget(session: Session, member: Member, how: Any) -> None:
    """Withdraws what a member could redeem or is owed, takes their name out of what desks were
    answered, and erases what was written about their vouchers. Safe to repeat.
    """
    vouchers = session.scalars(
        select(Voucher)
        .where(Voucher.community_id == member.community_id, Voucher.member_id == member.id)
        .order_by(Voucher.id)
        .with_for_update()
    ).all()
    for voucher in vouchers:
        is_good = voucher.uses_taken < voucher.uses and voucher.valid_until > how.now
        if voucher.standing == Standing.OPEN and is_good:
            withdrawing.void(session, voucher, reason=how.reason, actor=how.actor, now=how.now)
    let_go(session, member, now=how.now)
    session.flush()
    _scrub(session, [voucher.id for voucher in vouchers])
    journal.erase_remarks(session, member.community_id, [voucher.reference for voucher in vouchers])


def _scrub(session: Session, vouchers: list[int]) -> None:
    for scan in session.scalars(select(Scan).where(Scan.voucher_id.in_(vouchers))):
        for name in ANSWERS:
            setattr(scan, name, _nameless(getattr(scan, name)))
    for hold in session.scalars(select(Hold).where(Hold.voucher_id.in_(vouchers))):
        hold.end_answer = _nameless(hold.end_answer)
    session.flush()


def _nameless(answer: dict[str, Any] | None) -> dict[str, Any] | None:
    member = (answer or {}).get("member")
    if answer is None or not member:
        return answer
    told = deepcopy(answer) | {"member": None}
    # Who it is has to be looked at: then the sentence says the name as well.
    if "message" in told:
        told["message"] = told["message"].replace(member["display_name"], "the member")
    return told
