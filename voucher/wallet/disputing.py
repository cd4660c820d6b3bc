"""“This was not me”: a member disputes a redemption, and organisers see it."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import journal
from app.actor import Actor
from app.audit import entries
from app.audit.models import AuditEntry
from app.refusals import Refused
from app.statements import insert_or
from voucher.ledger.facts import RedemptionUndone, VoucherRedeemed
from voucher.ledger.models import Voucher
from voucher.wallet.facts import VoucherDisputed
from voucher.wallet.models import Dispute


class NothingToDispute(Refused):
    """The voucher has no such redemption, or it was taken back."""

    code: ClassVar[str] = "nothing_to_dispute"
    status: ClassVar[int] = 404


def dispute(
    session: Session, voucher: Voucher, redemption: UUID, *, actor: Actor, now: datetime
) -> bool:
    """Keeps and records that a redemption was not the member's; said again it changes nothing.

    Returns whether it was new. Raises `NothingToDispute`.
    """
    entry = _redemption(session, voucher, redemption)
    row = {
        "redemption": redemption,
        "community_id": voucher.community_id,
        "member_id": voucher.member_id,
        "voucher": voucher.reference,
        "station": entry.data["station"],
        "redeemed_at": entry.at,
        "raised_at": now,
    }
    statement = insert_or(session, Dispute).on_conflict_do_nothing().returning(Dispute.redemption)
    if session.scalar(statement, row) is None:
        return False
    fact = VoucherDisputed(
        voucher=voucher.reference,
        member=voucher.member_id,
        redemption=redemption,
        station=entry.data["station"],
    )
    journal.record(session, fact, community_id=voucher.community_id, actor=actor, now=now)
    return True


def disputes_of(session: Session, voucher: Voucher) -> dict[UUID, datetime]:
    """When which redemption of a voucher was disputed."""
    about = entries.about(session, voucher.community_id, voucher.reference)
    disputed = [
        UUID(entry.data["redemption"]) for entry in about if entry.kind == VoucherDisputed.kind
    ]
    rows = session.execute(
        select(Dispute.redemption, Dispute.raised_at).where(Dispute.redemption.in_(disputed))
    )
    return {row.redemption: row.raised_at for row in rows}


def _redemption(session: Session, voucher: Voucher, redemption: UUID) -> AuditEntry:
    about = [
        entry
        for entry in entries.about(session, voucher.community_id, voucher.reference)
        if entry.data.get("redemption") == str(redemption)
    ]
    found = next((entry for entry in about if entry.kind == VoucherRedeemed.kind), None)
    if found is None or any(entry.kind == RedemptionUndone.kind for entry in about):
        raise NothingToDispute("This voucher has no such redemption, or it was taken back.")
    return found
