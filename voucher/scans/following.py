"""Attempts that go on with an earlier one: staff looked who it is, and that takes longer than a
live code lasts.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from voucher.scans.attempts import Attempt
from voucher.scans.models import Scan

WITHIN = timedelta(minutes=5)
"""How long staff may look at an ID."""
ASKED = "identity_required"


def moments_of(session: Session, attempts: Sequence[Attempt], now: datetime) -> list[datetime]:
    """When each of these attempts is judged: where it follows one, when that one was answered.

    Only where that was the same device's, about the same code, answered that staff must look who
    it is, and within five minutes; else now.
    """
    followed = {
        (attempt.scanner.device_id, attempt.request.follows): attempt
        for attempt in attempts
        if attempt.request.follows is not None and attempt.request.identity_confirmed
    }
    if not followed:
        return [now] * len(attempts)
    rows = session.execute(
        select(Scan.device_id, Scan.attempt_id, Scan.asked, Scan.received_at).where(
            tuple_(Scan.device_id, Scan.attempt_id).in_(list(followed)),
            Scan.verdict == ASKED,
            Scan.received_at > now - WITHIN,
        )
    )
    answered = {
        (row.device_id, row.attempt_id): row.received_at
        for row in rows
        if row.asked == followed[row.device_id, row.attempt_id].request.asked
    }
    return [
        answered.get((one.scanner.device_id, one.request.follows), now)
        if one.request.identity_confirmed
        else now
        for one in attempts
    ]
