"""Taking a redemption back: a compensating entry, never a delete."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import journal
from app.actor import Actor
from app.clock import as_text
from app.refusals import Refused
from app.stock import handing_out
from voucher.ledger.facts import RedemptionUndone
from voucher.ledger.models import Voucher
from voucher.ledger.redeeming import give_back
from voucher.scans.conflicts import conflicts
from voucher.scans.follow_ups.confirming import attempt_of
from voucher.scans.models import Hold, Scan
from voucher.scans.naming import check_supervisor, operator_of
from voucher.scans.requests import UndoRequest
from voucher.scans.rules import REDEEMED
from voucher.scans.scanners import SUPERVISOR, Scanner, actor_of, check_may_undo, plugins_of
from voucher.scans.sentences import of_kind, sentence_for

WITHIN = timedelta(minutes=10)
"""How long whoever redeemed may take it back; later it is for organisers."""
UNDONE, USED = "undone", "already_redeemed"


class NothingToUndo(Refused):
    """The attempt handed nothing over."""

    code = "nothing_to_undo"
    status = 409


class UndoNotAllowed(Refused):
    """It is too late, or it was somebody else's hand-over."""

    code = "undo_not_allowed"
    status = 403


def undo_by_device(
    session: Session, scanner: Scanner, attempt_id: UUID, request: UndoRequest, *, now: datetime
) -> dict[str, Any]:
    """Takes back what this device redeemed, in the caller's transaction; returns the answer.

    A supervisor may give an attempt that was answered `already_redeemed` as well: that takes back
    the voucher's last redemption, wherever it was. Asked again it answers the same, with `replayed`
    true. Raises `UnknownAttempt`, `MayNotRedeem`, `UnknownOperator`, `OperatorNotSignedIn`,
    `OperatorRequired`, `SupervisorNeeded` for one who has no PIN there, `NothingToUndo`,
    `UndoNotAllowed` for what became a conflict, and unless a supervisor asks for another operator's
    or after ten minutes, and `MoveRefused`.
    """
    scan = attempt_of(session, scanner, attempt_id)
    if scan.undo_answer is not None:
        return {**scan.undo_answer, "replayed": True}
    check_may_undo(scanner)
    operator = operator_of(session, scanner, request.operator, now=now)
    is_supervisor = operator is not None and operator.role == SUPERVISOR
    if scan.verdict == USED and conflicts.of_scan(session, scan.id) is not None:
        # This desk handed it over as well: what came first, perhaps elsewhere, is not its to undo.
        raise UndoNotAllowed("This is a conflict: organisers look at it.", why="conflict")
    if scan.verdict == USED and not scan.self_judged:
        if operator is None or not is_supervisor:
            raise UndoNotAllowed("Only a supervisor can undo what was redeemed before: call one.")
        check_supervisor(operator)
        actor = actor_of(scanner, operator)
        return _undo_before(session, scan, scanner, reason=request.reason, actor=actor, now=now)
    if scan.verdict == REDEEMED and not is_supervisor:
        at, by = _handed_over(session, scan)
        if by != request.operator:
            raise UndoNotAllowed(
                "Only who handed it over, or a supervisor, can undo it here.", why="another"
            )
        if now >= at + WITHIN:
            raise UndoNotAllowed(
                "Ten minutes are over: ask a supervisor to undo it.", why="too_late"
            )
    actor = actor_of(scanner, operator)
    return undo(session, scan, scanner, reason=request.reason, actor=actor, now=now)


def _undo_before(
    session: Session, shown: Scan, scanner: Scanner, *, reason: str, actor: Actor, now: datetime
) -> dict[str, Any]:
    """Takes back the redemption that an attempt ran into; its answer stands with both."""
    scan = last_redemption(session, session.get_one(Voucher, shown.voucher_id))
    told = undo(session, scan, scanner, reason=reason, actor=actor, now=now)
    shown.undo_answer = told
    session.flush()
    return told


def _handed_over(session: Session, scan: Scan) -> tuple[datetime, str | None]:
    """When it was handed over and by whom: for what was held first, who confirmed it."""
    hold = session.get(Hold, scan.id)
    if hold is None:
        return scan.received_at, scan.operator
    return hold.ended_at or scan.received_at, hold.ended_by or scan.operator


def last_redemption(session: Session, voucher: Voucher) -> Scan:
    """The newest redemption of a voucher that stands; raises `NothingToUndo`."""
    scan = session.scalar(
        select(Scan)
        .where(Scan.voucher_id == voucher.id, Scan.verdict == REDEEMED, Scan.undone_at.is_(None))
        .order_by(Scan.received_at.desc(), Scan.id.desc())
        .limit(1)
        .with_for_update()
    )
    if scan is None:
        raise NothingToUndo(f"{voucher.reference} has no redemption that could be undone.")
    return scan


def is_undone(session: Session, redemption: UUID) -> bool:
    """Whether a redemption was taken back; its row is locked until the caller's commit."""
    undone_at = select(Scan.undone_at).where(Scan.id == redemption).with_for_update()
    return session.scalars(undone_at).one() is not None


def undo(
    session: Session,
    scan: Scan,
    scanner: Scanner | None = None,
    *,
    reason: str,
    actor: Actor,
    now: datetime,
) -> dict[str, Any]:
    """Takes a redemption back, in the caller's transaction, which has the scan's row locked.

    Raises `NothingToUndo`, and what the packages raise where what came of it is with the member.
    What came back lies at the station of the `scanner` that it was brought to, if there is one and
    that hands it out; else where it was taken from.
    """
    if scan.verdict != REDEEMED or scan.undone_at is not None:
        raise NothingToUndo("This attempt handed nothing over, or it was undone.")
    for check in plugins_of(session).undo_checks:
        check(session, scan.id)
    voucher = session.get_one(Voucher, scan.voucher_id)
    give_back(session, voucher, scan.uses, now=now)
    station = scanner.station_key if scanner else None
    handing_out.put_back(session, str(scan.id), actor=actor, now=now, place=station)
    fact = RedemptionUndone(
        redemption=scan.id,
        voucher=voucher.reference,
        member=voucher.member_id,
        uses=scan.uses,
        reason=journal.remark(session, scan.community_id, reason, now=now),
        station=station,
        device=scanner.device_id if scanner else None,
    )
    entry = journal.record(session, fact, community_id=scan.community_id, actor=actor, now=now)
    told = scan.answer
    key = of_kind(UNDONE, told["voucher"]["perk"].get("kind", ""))
    scan.undone_at = now
    scan.undo_answer = {
        "verdict": UNDONE,
        "message": sentence_for(key),
        "message_key": key,
        "facts": {},
        "voucher": {**told["voucher"], "uses_left": voucher.uses - voucher.uses_taken},
        "member": told["member"],
        "scanned_by": told["scanned_by"],
        "audit_entry": str(entry),
        "server_time": as_text(now),
        "replayed": False,
    }
    session.flush()
    return scan.undo_answer
