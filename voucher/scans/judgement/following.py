"""Attempts that go on with an earlier one: staff looked who it is, or called a supervisor, and that
takes longer than a live code lasts.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, select, tuple_
from sqlalchemy.orm import Session

from voucher.scans.attempts import Attempt
from voucher.scans.models import Scan
from voucher.scans.rules import OVERRIDABLE

WITHIN, CALLED_WITHIN = timedelta(minutes=5), timedelta(minutes=10)
"""How long staff may look at an ID, and how long it may take until a supervisor is there."""
ASKED = "identity_required"


def moments_of(session: Session, attempts: Sequence[Attempt], now: datetime) -> list[datetime]:
    """When each of these attempts is judged: where it follows one, by when that one was judged.

    Only where that was the same device's, about the same code, and answered within five minutes
    that staff must look who it is, or within ten what a supervisor sets aside; and where the first
    of all that follow each other was answered within ten. Else now.
    """
    followed = {(one.scanner.device_id, one.request.follows) for one in attempts if _goes_on(one)}
    if not followed:
        return [now] * len(attempts)
    rows = session.execute(
        select(
            Scan.device_id,
            Scan.attempt_id,
            Scan.asked,
            Scan.verdict,
            Scan.received_at,
            Scan.answer,
        ).where(
            tuple_(Scan.device_id, Scan.attempt_id).in_(list(followed)),
            Scan.verdict.in_((ASKED, *OVERRIDABLE)),
            Scan.received_at > now - CALLED_WITHIN,
        )
    )
    answered: dict[Any, Any] = {(row.device_id, row.attempt_id): row for row in rows}
    return [
        _moment(one, answered.get((one.scanner.device_id, one.request.follows)), now)
        for one in attempts
    ]


def _goes_on(one: Attempt) -> bool:
    request = one.request
    return request.follows is not None and (
        request.identity_confirmed or request.override is not None
    )


def _moment(one: Attempt, before: Row[Any] | None, now: datetime) -> datetime:
    request = one.request
    if before is None or not _goes_on(one):
        return now
    if before.asked not in request.asked_before:
        return now
    if before.verdict == ASKED:
        goes_on = request.identity_confirmed and before.received_at > now - WITHIN
    else:
        goes_on = request.override is not None and before.verdict in request.override.rules
    judged_at = _judged_at(before)
    return judged_at if goes_on and judged_at > now - CALLED_WITHIN else now


def _judged_at(before: Row[Any]) -> datetime:
    """By when it was judged: it may have followed another one itself."""
    told: str | None = before.answer.get("judged_at")
    return before.received_at if told is None else datetime.fromisoformat(told)
