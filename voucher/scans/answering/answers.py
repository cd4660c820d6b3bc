"""What organisers did about “this was not me”: its member is told, and the dispute is closed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from app import journal
from app.actor import Actor
from app.clock import as_text
from app.communities.models import Member
from app.journal import Fact
from app.refusals import Refused
from voucher.ledger.followers import some_days, teller
from voucher.ledger.models import Voucher
from voucher.scans.models import Dispute, Scan

CLOSED = "dispute_closed"
"""The kind of notice that brings the answer."""


class UnknownDispute(Refused):
    """Nobody has said so of this hand-over."""

    code: ClassVar[str] = "unknown_dispute"
    status: ClassVar[int] = 404


class DisputeIsClosed(Refused):
    """It was closed before."""

    code: ClassVar[str] = "dispute_is_closed"
    status: ClassVar[int] = 409


@dataclass(frozen=True, kw_only=True)
class DisputeClosed(Fact):
    """An organiser answered a dispute; `reason` is a remark's hash, whose text the member reads."""

    kind: ClassVar[str] = "dispute.closed"
    redemption: UUID
    voucher: str
    member: int
    reason: str


def close(
    session: Session,
    community_id: int,
    redemption: UUID,
    *,
    reason: str,
    actor: Actor,
    now: datetime,
) -> Dispute:
    """Closes a dispute with what was done about it, in the caller's transaction.

    `redemption` is the scan's id. Nothing else is changed by it. Raises `UnknownDispute` and
    `DisputeIsClosed`.
    """
    dispute = session.get(Dispute, redemption, with_for_update=True)
    if dispute is None or dispute.community_id != community_id:
        raise UnknownDispute("Nobody has said that of this hand-over.")
    if dispute.closed_at is not None:
        raise DisputeIsClosed("This was closed before: its member has the answer.")
    dispute.answer = journal.remark(session, community_id, reason, now=now)
    dispute.closed_at = now
    session.flush()
    fact = DisputeClosed(
        redemption=redemption,
        voucher=session.get_one(Voucher, dispute.voucher_id).reference,
        member=dispute.member_id,
        reason=dispute.answer,
    )
    journal.record(session, fact, community_id=community_id, actor=actor, now=now)
    return dispute


def unanswered(session: Session, community_id: int) -> list[dict[str, Any]]:
    """What organisers have to look at, oldest first: nobody has closed it or taken it back."""
    rows = session.execute(
        _joined()
        .where(Dispute.community_id == community_id)
        .where(Dispute.closed_at.is_(None), Scan.undone_at.is_(None))
        .order_by(Dispute.said_at, Dispute.redemption)
    )
    return [{**_as_json(row), "member": row.display_name} for row in rows]


def of_member(session: Session, community_id: int, member_id: int) -> list[dict[str, Any]]:
    """What a member said, and what they were answered, the oldest first."""
    rows = session.execute(
        _joined()
        .where(Dispute.community_id == community_id, Dispute.member_id == member_id)
        .order_by(Dispute.said_at, Dispute.redemption)
    )
    return [{**_as_json(row), **_closed(session, row)} for row in rows]


def _joined() -> Select[Any]:
    return (
        select(
            Dispute.redemption,
            Dispute.said_at,
            Dispute.closed_at,
            Dispute.answer,
            Voucher.reference,
            Scan.answer.label("told"),
            Scan.received_at,
            Member.display_name,
        )
        .join(Scan, Scan.id == Dispute.redemption)
        .join(Voucher, Voucher.id == Dispute.voucher_id)
        .join(Member, Member.id == Dispute.member_id)
    )


def _as_json(row: Row[Any]) -> dict[str, Any]:
    return {
        "redemption": str(row.redemption),
        "voucher": row.reference,
        "said_at": as_text(row.said_at),
        "handed_over": {"at": as_text(row.received_at), **row.told["scanned_by"]},
    }


def _closed(session: Session, row: Row[Any]) -> dict[str, Any]:
    if row.closed_at is None:
        return {"closed_at": None, "answer": None}
    answer = journal.remark_text(session, row.answer)
    return {"closed_at": as_text(row.closed_at), "answer": answer}


HANDLERS = {DisputeClosed.kind: teller(CLOSED, "dispute.tell_closed", some_days)}
