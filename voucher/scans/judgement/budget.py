"""Who guesses codes is slowed down: a device has so many refusals a minute that tell of a guess.

They are counted from the scans that are kept anyway, in the store that all processes share.
"""

from collections import Counter as Tally
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, select, text
from sqlalchemy.orm import Session

from app.refusals import Refused
from app.statements import table_of
from voucher.scans.attempts import Shown
from voucher.scans.judgement.judged import Judged
from voucher.scans.models import GUESSED, GUESSES, Scan

GUESSES_A_MINUTE = 30
MINUTE = timedelta(minutes=1)


class TooManyGuesses(Refused):
    """The device has shown too many codes that are none; what it asks is not judged."""

    code = "too_many_guesses"
    status = 429


class Spent:
    """What devices have spent of their budgets."""

    def __init__(self, counts: dict[str, int]):
        self._counts = Tally(counts)

    def refusal_of(self, shown: Shown) -> TooManyGuesses | None:
        """Why it is not judged now, or None; what a device decided by itself is only kept.

        A hand-over that it claims is judged at once where it holds a token that we signed: nobody
        guesses one.
        """
        request = shown.attempt.request
        if request.is_self_judged:
            return None
        if request.claims_hand_over and shown.seen.payload is not None:
            return None
        if self._counts[shown.attempt.scanner.device_id] < GUESSES_A_MINUTE:
            return None
        return TooManyGuesses("Too many codes that are none: wait a minute, then scan again.")

    def count(self, judged: Judged) -> None:
        """Takes a verdict into account for those that come after it."""
        attempt = judged.shown.attempt
        if judged.verdict in GUESSED and not attempt.request.is_self_judged:
            self._counts[attempt.scanner.device_id] += 1


_scan = table_of(Scan).c
# Built once, as the desk's other statements are: to put it together took longer than to run it.
_COUNT = (
    select(_scan.device_id, func.count().label("spent"))
    # As the index on them is written, so that it is used.
    .where(text(GUESSES))
    .where(_scan.device_id.in_(bindparam("devices", expanding=True)))
    .where(_scan.received_at > bindparam("since", type_=_scan.received_at.type))
    .group_by(_scan.device_id)
)


def spent(session: Session, devices: Collection[str], *, now: datetime) -> Spent:
    """What these devices have spent in the minute before `now`."""
    if not devices:
        return Spent({})
    rows = session.connection().execute(_COUNT, {"devices": list(devices), "since": now - MINUTE})
    return Spent({row.device_id: row.spent for row in rows})
