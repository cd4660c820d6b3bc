"""One device's request on its way through the desk."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import uuid_utils.compat

from voucher.scans.requests import ScanRequest
from voucher.scans.scanners import Operator, Scanner
from voucher.token import CodeUnreadable, KeySet, Payload, TokenRefused, parse_code, read


@dataclass(frozen=True, slots=True)
class Seen:
    """What was shown, as these keys tell it: a voucher's id, or why it is none."""

    keys: KeySet
    code: bytes | None = None
    payload: Payload | None = None
    refusal: str | None = None


def see(request: ScanRequest, keys: KeySet) -> Seen:
    """Reads the token or the typed code; nothing is said yet about the time.

    What is named by its reference is for `voucher.scans.judgement.supervising` to find.
    """
    if request.reference is not None:
        return Seen(keys, refusal="unknown_voucher")
    try:
        if request.token is None:
            return Seen(keys, parse_code(request.code or ""))
        payload = read(request.token, keys)
        return Seen(keys, payload.voucher, payload)
    except CodeUnreadable:
        return Seen(keys, refusal="malformed")
    except TokenRefused as refused:
        return Seen(keys, refusal=refused.code)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One device's request."""

    scanner: Scanner
    request: ScanRequest
    seen: Seen | None = None
    """What was shown, where it was read before the transaction that judges."""
    operator: Operator | None = None
    """Who holds the device, once that is known."""

    @property
    def key(self) -> tuple[str, UUID]:
        """What an attempt is known by."""
        return self.scanner.device_id, self.request.attempt_id


@dataclass(frozen=True, slots=True)
class Shown:
    """An attempt with what was shown, and its place among those that are judged."""

    place: int
    attempt: Attempt
    seen: Seen
    now: datetime
    """When it is judged: for what was decided offline, when it was."""
    scan_id: UUID = field(default_factory=uuid_utils.compat.uuid7)
    """What it will be known by once it is kept."""

    @property
    def code(self) -> bytes | None:
        """The voucher's id."""
        return self.seen.code

    @property
    def shows_live(self) -> bool:
        """Whether it is one of the wallet page's changing codes, or a picture of one."""
        return self.seen.payload is not None and self.seen.payload.live
