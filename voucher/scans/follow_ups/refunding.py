"""The item was faulty: a supervisor gives the member another voucher, at the desk."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app.clock import as_text
from app.refusals import Refused
from voucher.ledger import redeeming
from voucher.ledger.changes import replacing
from voucher.ledger.changes.replacing import Refund
from voucher.ledger.issuance.orders import NotIssued
from voucher.scans.follow_ups.confirming import attempt_of
from voucher.scans.naming import check_supervisor, operator_of
from voucher.scans.requests import RefundRequest
from voucher.scans.rules import REDEEMED
from voucher.scans.scanners import SUPERVISOR, Scanner, actor_of, check_may_refund

REFUNDED = "refunded"
SENT = "Refunded. A new one was sent to them."
OWED = "Refunded. None can be given now: a new one is sent to them as soon as one can."


class NothingToRefund(Refused):
    """The attempt showed no voucher that is known here."""

    code = "nothing_to_refund"
    status = 409


class RefundNotAllowed(Refused):
    """Only a supervisor gives something twice."""

    code = "refund_not_allowed"
    status = 403


def refund_by_device(
    session: Session, scanner: Scanner, attempt_id: UUID, request: RefundRequest, *, now: datetime
) -> dict[str, Any]:
    """Refunds the voucher that this device scanned in that attempt, in the caller's transaction.

    Whoever redeemed it, and where: the attempt shows that the member stands here with it. Asked
    again it answers the same, with `replayed` true. Raises `UnknownAttempt`, `UnknownOperator`,
    `OperatorNotSignedIn`, `MayNotRedeem`, `RefundNotAllowed`, `SupervisorNeeded` for one
    without a PIN unless the attempt redeemed so many, `NothingToRefund`, `BeingHandedOut`, and
    `MoveRefused` where so many were not redeemed.
    """
    scan = attempt_of(session, scanner, attempt_id)
    if scan.refund_answer is not None:
        return {**scan.refund_answer, "replayed": True}
    check_may_refund(scanner)
    operator = operator_of(session, scanner, request.operator, now=now)
    if operator is None or operator.role != SUPERVISOR:
        raise RefundNotAllowed("Only a supervisor can refund: ask one to.")
    if scan.voucher_id is None:
        raise NothingToRefund("This attempt showed no voucher that is known here.")
    own = scan.uses if scan.verdict == REDEEMED else 0
    uses = request.uses or own or 1
    if uses > own:
        # What others redeemed is not for whom this device only vouches for.
        check_supervisor(operator)
    voucher = redeeming.locked(session, scan.voucher_id)
    how: dict[str, Any] = {"reason": request.reason, "usable": request.usable, "now": now}
    actor = actor_of(scanner, operator)
    refund = replacing.refund(session, voucher, uses, actor=actor, **how)
    scan.refund_answer = {
        **_told(refund),
        "voucher": {"reference": voucher.reference, "uses": uses},
        "member": scan.answer["member"],
        "scanned_by": {
            "station": scanner.station_name,
            "device": scanner.device_name,
            "operator": operator.name,
        },
        "audit_entry": str(refund.entry),
        "server_time": as_text(now),
        "replayed": False,
    }
    session.flush()
    return scan.refund_answer


def _told(refund: Refund) -> dict[str, Any]:
    """What came of it; codes are for the member alone."""
    new, rest = refund.new, refund.rest
    told = {"verdict": REFUNDED, "rest": rest.reference if rest else None}
    if isinstance(new, NotIssued):
        return {**told, "message": OWED, "replacement": None, "owed": new.reason}
    return {**told, "message": SENT, "replacement": new.reference, "owed": None}
