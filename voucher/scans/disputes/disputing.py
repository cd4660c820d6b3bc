"""“This was not me”: a member says that a redemption of theirs was somebody else's."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app import journal
from app.actor import Actor
from app.journal import Fact
from app.refusals import Refused
from app.statements import insert_or
from voucher.ledger.models import Voucher
from voucher.ledger.moves import Standing
from voucher.scans.models import Dispute, Scan
from voucher.scans.rules import REDEEMED


class UnknownRedemption(Refused):
    """This member has no such redemption."""

    code = "unknown_redemption"
    status = 404


class NothingToDispute(Refused):
    """The redemption was taken back."""

    code = "nothing_to_dispute"
    status = 409


@dataclass(frozen=True, kw_only=True)
class VoucherDisputed(Fact):
    """A voucher's member says that a redemption was not theirs."""

    kind: ClassVar[str] = "voucher.disputed"
    redemption: UUID
    voucher: str
    member: int
    station: str


@dataclass(frozen=True)
class Disputed:
    """What stands in the record; `first` is false where it had been said before."""

    voucher: str
    uses_left: int
    """What can still be handed over for the voucher: by whoever has a picture of it, too."""
    first: bool
    closed: bool = False
    """Whether an organiser has answered it."""


def dispute(session: Session, redemption: UUID, *, member_id: int, now: datetime) -> Disputed:
    """Keeps, once, that a redemption was not its member's, in the caller's transaction.

    `redemption` is the scan's id. Nothing is taken back by it: an organiser decides. Said again it
    changes nothing. Raises `UnknownRedemption` also for anybody else's, and `NothingToDispute`
    where it was taken back.
    """
    found = _find(session, redemption, member_id)
    left = found.uses - found.uses_taken if found.standing == Standing.OPEN else 0
    made = session.scalar(
        insert_or(session, Dispute).on_conflict_do_nothing().returning(Dispute.redemption),
        {
            "redemption": redemption,
            "community_id": found.community_id,
            "voucher_id": found.voucher_id,
            "member_id": member_id,
            "said_at": now,
        },
    )
    if made is None:
        closed = session.get_one(Dispute, redemption).closed_at is not None
        return Disputed(found.reference, left, first=False, closed=closed)
    fact = VoucherDisputed(
        redemption=redemption,
        voucher=found.reference,
        member=member_id,
        station=found.answer["scanned_by"]["station"],
    )
    actor = Actor("member", str(member_id))
    journal.record(session, fact, community_id=found.community_id, actor=actor, now=now)
    return Disputed(found.reference, left, first=True)


def disputes_of(session: Session, voucher: Voucher) -> dict[UUID, Dispute]:
    """Which redemptions of a voucher were disputed."""
    rows = select(Dispute).where(
        Dispute.community_id == voucher.community_id, Dispute.voucher_id == voucher.id
    )
    return {one.redemption: one for one in session.scalars(rows)}


def _find(session: Session, redemption: UUID, member_id: int) -> Row[Any]:
    found = session.execute(
        select(
            Scan.community_id,
            Scan.undone_at,
            Scan.answer,
            Scan.voucher_id,
            Voucher.reference,
            Voucher.standing,
            Voucher.uses,
            Voucher.uses_taken,
        )
        .join(Voucher, Voucher.id == Scan.voucher_id)
        .where(Scan.id == redemption, Scan.verdict == REDEEMED, Voucher.member_id == member_id)
    ).one_or_none()
    if found is None:
        raise UnknownRedemption("No hand-over of yours is known by that.")
    if found.undone_at is not None:
        raise NothingToDispute(f"That hand-over of {found.reference} was taken back already.")
    return found
