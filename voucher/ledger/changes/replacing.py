"""A new voucher in place of one: reissued to its member, or for an item that was faulty."""

from dataclasses import replace
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.orm import Session

from app import journal
from app.actor import Actor
from app.stock import handing_out
from voucher.ledger import moves, redeeming
from voucher.ledger.facts import VoucherRefunded, VoucherSuperseded
from voucher.ledger.issuance import promising
from voucher.ledger.issuance.issuing import Issued, issue_all
from voucher.ledger.issuance.orders import NotIssued, Order
from voucher.ledger.issuance.owing import issue_or_owe
from voucher.ledger.models import Voucher
from voucher.ledger.moves import Move
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


class Refund(NamedTuple):
    """What came of a refund."""

    new: Issued | NotIssued
    """For what was faulty, with what was left; or why it is owed."""
    rest: Issued | None
    """For what was left, where it could not be had in one with what was faulty."""
    entry: UUID
    """Of the refund, in the record."""


def refund(
    session: Session,
    voucher: Voucher,
    uses: int,
    *,
    reason: str,
    actor: Actor,
    now: datetime,
    usable: bool = False,
) -> Refund:
    """Gives a new voucher for `uses` whose items were faulty, in the caller's transaction.

    It has the perk's own window from now, and takes over what is left of the old one, which then
    stands as refunded. Where so many cannot be had now, what is left gets a voucher of its own with
    the old window and promise, and only what was faulty is given or owed. Of one that has ended
    nothing is left. `usable` items go back into stock, others are written off. Raises `MoveRefused`
    where so many were not redeemed, and `BeingHandedOut`.
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
    left = voucher.uses - voucher.uses_taken if voucher.valid_until > now else 0
    handing_out.take_in(session, voucher.reference, uses, usable=usable, actor=actor, now=now)
    faulty = Order(
        session.get_one(Perk, voucher.perk_number),
        voucher.member_id,
        cause=f"refund:{voucher.reference}",
        actor=actor,
        at=now,
        uses=uses,
        replaces=voucher.reference,
    )
    new, rest = _refunded(session, voucher, faulty, left)
    # As far as nothing else has it now.
    promising.release(session, voucher, now=now)
    fact = VoucherRefunded(
        voucher=voucher.reference,
        member=voucher.member_id,
        uses=uses,
        usable=usable,
        by=None if isinstance(new, NotIssued) else new.reference,
        rest=rest.reference if rest else None,
        reason=journal.remark(session, voucher.community_id, reason, now=now),
    )
    entry = journal.record(session, fact, community_id=voucher.community_id, actor=actor, now=now)
    return Refund(new, rest, entry)


def _refunded(
    session: Session, voucher: Voucher, faulty: Order, left: int
) -> tuple[Issued | NotIssued, Issued | None]:
    if not left:
        [new] = issue_or_owe(session, [faulty])
        return new, None
    whole = replace(faulty, uses=(faulty.uses or 0) + left, takes_over=True)
    [new] = issue_all(session, [whole])
    if not isinstance(new, NotIssued):
        return new, None
    window = voucher.valid_from, voucher.valid_until
    [rest] = issue_all(session, [replace(whole, uses=left, window=window)])
    if isinstance(rest, NotIssued):
        raise rest
    [new] = issue_or_owe(session, [faulty])
    return new, rest
