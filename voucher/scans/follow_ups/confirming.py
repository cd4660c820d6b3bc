"""The end of a hold: what it was for was handed over, or was not. Each is safe to repeat."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from app import journal
from app.clock import as_text
from app.communities.models import Station
from app.refusals import Refused
from app.stock import handing_out
from voucher.ledger import redeeming
from voucher.ledger.facts import HoldReleased, VoucherRedeemed
from voucher.ledger.models import Voucher
from voucher.ledger.moves import Standing
from voucher.scans import holds
from voucher.scans.answers import answer_for, first_redemptions
from voucher.scans.conflicts import conflicts
from voucher.scans.conflicts.conflicts import Found
from voucher.scans.looking import voucher_row
from voucher.scans.models import Hold, Scan
from voucher.scans.naming import who_ends
from voucher.scans.requests import EndRequest
from voucher.scans.rules import REDEEMED
from voucher.scans.scanners import Operator, Scanner, actor_of
from voucher.scans.stocking import stock_of

RELEASED = "released"


class UnknownAttempt(Refused):
    """This device made no such attempt."""

    code = "unknown_attempt"
    status = 404


class NothingHeld(Refused):
    """The attempt held nothing, or what it held was handed over."""

    code = "nothing_held"
    status = 409


def confirm(
    session: Session, scanner: Scanner, attempt_id: UUID, request: EndRequest, *, now: datetime
) -> dict[str, Any]:
    """What a device holds was handed over; returns the answer, in the caller's transaction.

    Too late, it counts if the uses are still free; else it becomes a conflict: a hand-over never
    gets lost. Raises `UnknownAttempt`, `NothingHeld`, `UnknownOperator`, `OperatorNotSignedIn`.
    """
    scan = attempt_of(session, scanner, attempt_id)
    operator = who_ends(session, scanner, scan, request.operator, now=now)
    return confirm_scan(session, scanner, scan, operator, now=now)


def release(
    session: Session, scanner: Scanner, attempt_id: UUID, request: EndRequest, *, now: datetime
) -> dict[str, Any]:
    """Nothing was handed over: the uses are free; returns the answer. Raises as `confirm()`."""
    scan = attempt_of(session, scanner, attempt_id)
    operator = who_ends(session, scanner, scan, request.operator, now=now)
    hold, voucher = _held(session, scan)
    if hold.ended_as == holds.RELEASED:
        return {**(hold.end_answer or {}), "replayed": True}
    if hold.ended_as in (holds.CONFIRMED, holds.CONFLICT):
        raise NothingHeld("This was confirmed as handed over: undo it instead.")
    holds.end(session, voucher, hold, holds.RELEASED, now=now)
    fact = HoldReleased(hold=scan.id, voucher=voucher.reference, uses=hold.uses)
    actor = actor_of(scanner, operator)
    entry = journal.record(session, fact, community_id=scan.community_id, actor=actor, now=now)
    left = voucher.uses - voucher.uses_taken
    return _keep(session, scanner, scan, hold, operator, RELEASED, left, entry, None, now)


def attempt_of(session: Session, scanner: Scanner, attempt_id: UUID) -> Scan:
    """A device's own attempt, its row locked; raises `UnknownAttempt`."""
    scan = session.scalar(
        select(Scan)
        .where(Scan.device_id == scanner.device_id, Scan.attempt_id == attempt_id)
        .with_for_update()
    )
    if scan is None:
        raise UnknownAttempt("This device made no such attempt.")
    return scan


def confirm_scan(
    session: Session, scanner: Scanner, scan: Scan, operator: Operator | None, *, now: datetime
) -> dict[str, Any]:
    """As `confirm()`, of an attempt that was found."""
    hold, voucher = _held(session, scan)
    if hold.ended_as in (holds.CONFIRMED, holds.CONFLICT):
        return {**(hold.end_answer or {}), "replayed": True}
    was_good = hold.ended_at is None and hold.until > now
    others = holds.by_others(session, voucher.id, scanner.device_id, now=now)
    verdict = _verdict(voucher, hold, 0 if was_good else sum(other.uses for other in others))
    if verdict == REDEEMED and not was_good:
        # A later hold of the same device, which took its place, gives way to it.
        holds.make_room(session, voucher, scanner.device_id, hold.uses, now=now)
    row = voucher_row(session, voucher)
    if verdict == REDEEMED and not _hand_out(session, scanner, scan, hold, row, operator, now):
        verdict = "out_of_stock"
    if verdict != REDEEMED:
        holds.end(session, voucher, hold, holds.CONFLICT, now=now)
        return _conflict(session, scanner, scan, hold, operator, verdict, row, now)
    holds.end(session, voucher, hold, holds.CONFIRMED, now=now)
    redeeming.take_locked(session, voucher, hold.uses)
    scan.verdict = REDEEMED
    fact = VoucherRedeemed(
        redemption=scan.id,
        voucher=voucher.reference,
        perk=voucher.perk_number,
        member=voucher.member_id,
        station=_station_key(session, scan),
        device=scanner.device_id,
        operator=operator.id if operator else None,
        uses=hold.uses,
        scanned_at=scan.scanned_at,
    )
    actor = actor_of(scanner, operator)
    entry = journal.record(session, fact, community_id=scan.community_id, actor=actor, now=now)
    left = voucher.uses - voucher.uses_taken
    return _keep(session, scanner, scan, hold, operator, REDEEMED, left, entry, None, now)


def _verdict(voucher: Voucher, hold: Hold, held: int) -> str:
    """Whether its uses are free: it was in its window when it was held, and that is what counts."""
    left = voucher.uses - voucher.uses_taken
    if voucher.standing != Standing.OPEN:
        return voucher.standing
    if left == 0:
        return "already_redeemed"
    if held and left - held < hold.uses:
        return "held"
    return REDEEMED if hold.uses <= left else "too_few_uses"


def _hand_out(
    session: Session,
    scanner: Scanner,
    scan: Scan,
    hold: Hold,
    row: Row[Any],
    operator: Operator | None,
    now: datetime,
) -> bool:
    take = stock_of(
        row,
        _station_key(session, scan),
        hold.uses,
        subject=scan.id,
        actor=actor_of(scanner, operator),
        kept_for=holds.promise_of(scan.id),
    )
    return take is None or handing_out.take(session, [take], now=now)[0]


def _conflict(
    session: Session,
    scanner: Scanner,
    scan: Scan,
    hold: Hold,
    operator: Operator | None,
    verdict: str,
    row: Row[Any],
    now: datetime,
) -> dict[str, Any]:
    found = Found(
        scanner=scanner,
        operator=operator,
        scan_id=scan.id,
        voucher_id=row.id,
        reference=row.reference,
        uses=hold.uses,
        verdict=verdict,
    )
    conflict = conflicts.open_all(session, [found], now=now)[scan.id]
    left = row.uses - row.uses_taken
    return _keep(session, scanner, scan, hold, operator, verdict, left, None, conflict, now)


def _keep(
    session: Session,
    scanner: Scanner,
    scan: Scan,
    hold: Hold,
    operator: Operator | None,
    verdict: str,
    left: int,
    entry: UUID | None,
    conflict: UUID | None,
    now: datetime,
) -> dict[str, Any]:
    row = voucher_row(session, session.get_one(Voucher, hold.voucher_id))
    firsts = first_redemptions(session, {row.id}) if verdict == "already_redeemed" else {}
    first = firsts.get(row.id)
    hold.ended_by = operator.id if operator else None
    hold.end_answer = answer_for(scanner, operator, row, verdict, first, left, now=now) | {
        "uses": hold.uses,
        "conflict": str(conflict) if conflict else None,
        "audit_entry": str(entry) if entry else None,
        "server_time": as_text(now),
        "replayed": False,
    }
    session.flush()
    return hold.end_answer


def _held(session: Session, scan: Scan) -> tuple[Hold, Voucher]:
    """A scan's hold, and its voucher with the row locked: a hold changes under that lock alone."""
    hold = session.get(Hold, scan.id)
    if hold is None:
        raise NothingHeld("This attempt held nothing.")
    voucher = redeeming.locked(session, hold.voucher_id)
    session.refresh(hold)
    session.refresh(scan)
    return hold, voucher


def _station_key(session: Session, scan: Scan) -> str:
    """Where it was held: the device may stand elsewhere by now."""
    return session.get_one(Station, scan.station_id).key
