"""A new voucher in place of one that ended before it was used up: once, as the perk allows."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import journal
from app.actor import Actor
from voucher.ledger import moves, redeeming
from voucher.ledger.facts import VoucherRenewed
from voucher.ledger.finding import UnknownVoucher, by_reference
from voucher.ledger.issuance.issuing import Issued, issue_all
from voucher.ledger.issuance.orders import NotIssued, Order
from voucher.ledger.models import Voucher
from voucher.ledger.moves import Move, MoveRefused
from voucher.perks.missing import RENEW, still_offered
from voucher.perks.models import Perk

RENEWAL = "renewal"
PASSED_ON = ("reissue", "refund")
"""Causes of vouchers that stand in place of another one, and have no second chance of their own."""


class Offer(StrEnum):
    """What who missed the end is offered."""

    RENEW = "renew"
    """A new one, by themselves."""
    ASK = "ask"
    """To ask an organiser."""
    WAS_SECOND = "was_second"
    """Nothing, as it was a renewed one already."""
    NOTHING = "nothing"


def renew(
    session: Session, voucher: Voucher, *, actor: Actor, now: datetime, reason: str | None = None
) -> Issued:
    """Issues a new voucher for what was left of one that ended, in the caller's transaction.

    It has the perk's own window from now. Raises `MoveRefused` where the old one has not ended or
    is used up, has been renewed or is itself a renewal, and where none can be issued now; and
    `BeingHandedOut`, as somebody may have held it before its end.
    """
    perk = session.get_one(Perk, voucher.perk_number)
    if is_renewal(session, voucher):
        raise MoveRefused(f"{voucher.reference} is a renewed one: that is done once.")
    if perk.withdrawn_at is not None:
        raise MoveRefused(f"{perk.name} is not given any more: {voucher.reference} ended for good.")
    redeeming.lock_unless_held(session, voucher, now=now)
    moves.change(
        session,
        voucher,
        Move.RENEW,
        {},
        now=now,
        only_if=(Voucher.uses_taken < Voucher.uses, Voucher.valid_until <= now),
        otherwise="has not ended, or is used up: there is nothing to renew",
    )
    order = Order(
        perk,
        voucher.member_id,
        cause=f"{RENEWAL}:{voucher.reference}",
        actor=actor,
        at=now,
        uses=voucher.uses - voucher.uses_taken,
        replaces=voucher.reference,
    )
    [new] = issue_all(session, [order])
    if isinstance(new, NotIssued):
        raise MoveRefused(f"{voucher.reference} cannot be renewed now. {new}")
    fact = VoucherRenewed(
        voucher=voucher.reference,
        member=voucher.member_id,
        by=new.reference,
        reason=reason and journal.remark(session, voucher.community_id, reason, now=now),
    )
    journal.record(session, fact, community_id=voucher.community_id, actor=actor, now=now)
    return new


def renew_own(
    session: Session, community_id: int, reference: str, *, member_id: int, now: datetime
) -> Issued:
    """As `renew()`, for the voucher's member, where the perk lets members do it by themselves.

    Raises `UnknownVoucher` for anybody else's, and `MoveRefused`.
    """
    held = by_reference(session, community_id, reference)
    if held.voucher.member_id != member_id:
        raise UnknownVoucher("There is no such voucher.")
    if held.perk.missed != "renew":
        raise MoveRefused(f"{held.voucher.reference} can be renewed by an organiser alone.")
    return renew(session, held.voucher, actor=Actor("member", str(member_id)), now=now)


def can_renew(session: Session, voucher: Voucher, perk: Perk) -> bool:
    """Whether its member may hope for a new one once this one has ended."""
    offered = still_offered(
        perk.missed,
        is_withdrawn=perk.withdrawn_at is not None,
        fixed_until=perk.fixed_until,
        ends=voucher.valid_until,
    )
    return offered == RENEW and not is_renewal(session, voucher)


def offer_to(session: Session, voucher: Voucher, perk: Perk) -> Offer:
    """What a voucher's member can do once it has ended with something left."""
    if can_renew(session, voucher, perk):
        return Offer.RENEW
    if perk.missed == "ask":
        return Offer.ASK
    if perk.missed == "renew" and is_renewal(session, voucher):
        return Offer.WAS_SECOND
    return Offer.NOTHING


def is_renewal(session: Session, voucher: Voucher) -> bool:
    """Whether it came by a renewal, itself or what it stands in place of."""
    kind, _, old = voucher.cause.partition(":")
    while kind in PASSED_ON:
        of_it = (Voucher.community_id == voucher.community_id, Voucher.reference == old)
        kind, _, old = session.scalars(select(Voucher.cause).where(*of_it)).one().partition(":")
    return kind == RENEWAL
