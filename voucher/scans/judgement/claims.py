"""What a device decided by itself, and claims afterwards.

Window, hours and the live slice are judged by the moment it gives; uses, standing, keys and stock
by the record as it is now. What was handed over all the same becomes a conflict.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from voucher.ledger.models import Voucher
from voucher.scans.attempts import Attempt
from voucher.scans.conflicts import conflicts
from voucher.scans.conflicts.conflicts import Found
from voucher.scans.follow_ups.confirming import confirm_scan
from voucher.scans.judgement.following import WITHIN as LOOKING
from voucher.scans.models import Scan
from voucher.scans.naming import who_ends
from voucher.scans.requests import Offline, ScanRequest
from voucher.scans.rules import REDEEMED, RESERVED
from voucher.scans.scanners import REDEEM, Scanner

IMPOSSIBLE_TIME = "impossible_time"
REVOKED_DEVICE, NOT_ALLOWED = "revoked_device", "not_allowed"
"""Why what a device handed over is looked at, whatever the record could accept."""
ROUNDING = timedelta(seconds=1)
"""Clocks are told in whole milliseconds, and answers take their time."""


def moment_of(request: ScanRequest, now: datetime) -> datetime:
    """When an attempt is judged: now, or when the device decided it."""
    claim = request.offline
    return now if claim is None else min(claim.moment, now)


def is_impossible(claim: Offline, now: datetime, told_until: datetime | None = None) -> bool:
    """Whether it cannot have been then: before the device's last word from us, or still to come.

    Nor before `told_until`, when the device had told all that it decided by itself, but for the
    time that staff may look at an ID: that is judged by when they began. So a stolen device cannot
    date back what it does.
    """
    earliest = claim.synced_at
    if told_until is not None:
        earliest = max(earliest, told_until - LOOKING)
    return not earliest - ROUNDING <= claim.moment <= now + ROUNDING


def objection_to(scanner: Scanner) -> str | None:
    """Why this device's claims are not believed without a look; None where they are."""
    if scanner.revoked_at is not None:
        return REVOKED_DEVICE
    return None if REDEEM in scanner.may else NOT_ALLOWED


def claim_again(
    session: Session, kept: Row[Any], attempt: Attempt, *, now: datetime
) -> dict[str, Any] | None:
    """The outcome for an attempt that was answered online and is claimed as handed over now.

    A claim after a hold is its confirmation, unless the device was revoked since; one after a
    refusal becomes a conflict, once. None where the stored answer says all.
    """
    request = attempt.request
    was_hold = request.is_claim_of(kept.asked, "hold")
    revoked = attempt.scanner.revoked_at is not None
    if was_hold and (kept.verdict == REDEEMED or (kept.verdict == RESERVED and not revoked)):
        # The scan's row first, then the voucher's: so does who confirms or undoes it.
        scan = session.get_one(Scan, kept.id, with_for_update=True)
        operator = attempt.operator or who_ends(session, attempt.scanner, scan, None, now=now)
        return confirm_scan(session, attempt.scanner, scan, operator, now=now)
    if not was_hold and not request.is_claim_of(kept.asked, request.mode):
        return None
    if kept.verdict == REDEEMED:
        return {**kept.answer, "replayed": True}
    scan = session.get_one(Scan, kept.id, with_for_update=True)
    conflict = conflicts.of_scan(session, scan.id)
    if conflict is None:
        voucher = session.get(Voucher, scan.voucher_id) if scan.voucher_id else None
        found = Found(
            scanner=attempt.scanner,
            operator=attempt.operator,
            scan_id=scan.id,
            voucher_id=scan.voucher_id,
            reference=voucher.reference if voucher else None,
            uses=request.uses,
            verdict=REVOKED_DEVICE if revoked else scan.verdict,
        )
        conflict = conflicts.open_all(session, [found], now=now)[scan.id]
    return {**kept.answer, "replayed": True, "conflict": str(conflict)}
