"""A new voucher in place of one: reissued to its member, or for an item that was faulty."""

from datetime import datetime

from sqlalchemy.orm import Session

from app import journal
from app.actor import Actor
from app.stock import handing_out
from voucher.ledger import moves, promising, redeeming
from voucher.ledger.facts import VoucherRefunded, VoucherSuperseded
from voucher.ledger.issuing import Issued, issue_all
from voucher.ledger.models import Voucher
from voucher.ledger.moves import Move
from voucher.ledger.orders import NotIssued, Order
from voucher.ledger.owing import issue_or_owe
from voucher.perks.models import Perk


def reissue(
    session: Session, voucher: Voucher, *, reason: str, actor: Actor, now: datetime
) -> Issued:
    """Replaces a voucher (a lost phone, a leaked code), in the caller's transaction.

    The new one has another code, the same window and the uses that are left; whoever scans the old
    one is told when it was replaced. Raises `MoveRefused` where nothing is left or it has ended,
    and `BeingHandedOut`.
    """
    redeeming.lock_unless_held(session, voucher, now=now)
    moves.change(
        session,
        voucher,
        Move.SUPERSEDE,
        {},
        now=now,
        only_if=(Voucher.uses_taken < Voucher.uses, Voucher.valid_until > now),
        otherwise="is redeemed or has ended: there is nothing left to replace",
    )
    order = Order(
        session.get_one(Perk, voucher.perk_number),
        voucher.member_id,
        cause=f"reissue:{voucher.reference}",
        actor=actor,
        at=now,
        uses=voucher.uses - voucher.uses_taken,
        window=(voucher.valid_from, voucher.valid_until),
        replaces=voucher.reference,
        takes_over=True,
    )
    [new] = issue_all(session, [order])
    if isinstance(new, NotIssued):
        raise new
    fact = VoucherSuperseded(
        voucher=voucher.reference,
        member=voucher.member_id,
        by=new.reference,
        reason=journal.remark(session, voucher.community_id, reason, now=now),
    )
    journal.record(session, fact, community_id=voucher.community_id, actor=actor, now=now)
    return new


def refund(
    session: Session,
    voucher: Voucher,
    uses: int,
    *,
    reason: str,
    actor: Actor,
    now: datetime,
    usable: bool = False,
) -> Issued | NotIssued:
    """Gives a new voucher for `uses` whose items were faulty, in the caller's transaction.

    It has the perk's own window from now, and takes over what is left of the old one, which then
    stands as refunded. Where there is none of it in stock the new one is owed. `usable` items go
    back into stock, others are written off. Raises `MoveRefused` where so many were not redeemed,
    and `BeingHandedOut`.
    """
    redeeming.lock_unless_held(session, voucher, now=now)
    moves.change(
        session,
        voucher,
        Move.REFUND,
        {},
        now=now,
        only_if=(Voucher.uses_taken >= max(uses, 1),),
        otherwise=f"has {voucher.uses_taken} redeemed of the {uses} that are to be refunded",
    )
    order = Order(
        session.get_one(Perk, voucher.perk_number),
        voucher.member_id,
        cause=f"refund:{voucher.reference}",
        actor=actor,
        at=now,
        uses=voucher.uses - voucher.uses_taken + uses,
        replaces=voucher.reference,
    )
    promising.release(session, voucher, now=now)
    handing_out.take_in(session, voucher.reference, uses, usable=usable, actor=actor, now=now)
    [new] = issue_or_owe(session, [order])
    fact = VoucherRefunded(
        voucher=voucher.reference,
        member=voucher.member_id,
        uses=uses,
        usable=usable,
        by=None if isinstance(new, NotIssued) else new.reference,
        reason=journal.remark(session, voucher.community_id, reason, now=now),
    )
    journal.record(session, fact, community_id=voucher.community_id, actor=actor, now=now)
    return new
