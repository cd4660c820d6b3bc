"""What came of an attempt, for a device that never heard it, or could not keep what it heard."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from voucher.scans.follow_ups.confirming import UnknownAttempt
from voucher.scans.models import Hold, Scan
from voucher.scans.scanners import Scanner


def recall(session: Session, scanner: Scanner, attempt_id: UUID) -> dict[str, Any]:
    """The stored answer to an attempt of this device, of a hold that has ended that of its end.

    Nothing happens by it: whoever asks may not want any more what they asked for then. `undone`
    says whether the redemption was taken back since. Raises `UnknownAttempt`.
    """
    scan = session.scalar(
        select(Scan).where(Scan.device_id == scanner.device_id, Scan.attempt_id == attempt_id)
    )
    if scan is None:
        raise UnknownAttempt("This device made no such attempt.")
    hold = session.get(Hold, scan.id)
    answer = (hold.end_answer if hold else None) or scan.answer
    return {**answer, "replayed": True, "undone": scan.undone_at is not None}
