"""An attempt that was judged, on its way into the record."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Row

from voucher.scans.attempts import Shown


class Judged(NamedTuple):
    """An attempt with its voucher, the verdict, and how many uses are left after it."""

    shown: Shown
    voucher: Row[Any] | None
    verdict: str
    left: int | None = None
    held_until: datetime | None = None
    """Until when the uses are held, for this one (`reserved`) or by others (`held`)."""
    overridden: tuple[str, ...] = ()
    """What a supervisor set aside for it."""
    may_override: tuple[str, ...] = ()
    """What a supervisor would have to set aside, where nothing else is against it."""

    @property
    def is_conflict(self) -> bool:
        """Whether something was handed over that the record does not accept."""
        return self.shown.attempt.request.claims_hand_over and self.verdict != "redeemed"
