"""What counts only once staff say that it was handed over, where a device can ask them.

The perk says so, or the station where it says nothing; but not for what is made to order, where
nothing is handed over yet. The device sends `redeem` either way, so it
needs no second round trip and must know nothing of perks; one that cannot ask redeems at once.
"""

from dataclasses import replace
from typing import Any

from sqlalchemy import Row

from voucher.perks.models import PICKUP
from voucher.scans.attempts import Shown
from voucher.scans.requests import ScanRequest

SCANNED, CONFIRMED = "scanned", "confirmed"


def held_instead(one: Shown, row: Row[Any] | None) -> Shown:
    """The attempt as it is judged: a hold where it is to be confirmed, else as it came.

    What a device decided by itself was handed over already, and stays what it is.
    """
    request, scanner = one.attempt.request, one.attempt.scanner
    if row is None or request.offline is not None or not request.may_be_held:
        return one
    usual = SCANNED if row.kind == PICKUP else scanner.redeemed_when
    if (row.redeemed_when or usual) != CONFIRMED:
        return one
    held = request.model_copy(update={"mode": "hold"})
    return replace(one, attempt=replace(one.attempt, request=held))


def asked_before(request: ScanRequest) -> tuple[bytes, ...]:
    """What an attempt that was kept may have asked, for this request to be the same one."""
    return (request.asked, request.asked_as_hold) if request.may_be_held else (request.asked,)
