"""`scan()`: the attempt first, then the token's checks, then the record's; then it is kept."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.installation import Installation
from voucher.keys.keyring import key_set
from voucher.ledger.redeeming import take_uses
from voucher.scans.keeping import keep
from voucher.scans.looking import look_up
from voucher.scans.requests import AttemptDiffers, MayNotRedeem, Scanner, ScanRequest
from voucher.scans.rules import OK, REDEEMED, VALID, RecordView, judge
from voucher.token import CodeUnreadable, KeySet, Payload, TokenRefused, parse_code, read


@dataclass(frozen=True)
class Shown:
    """What was shown to the device: a voucher's id, or why it is none."""

    code: bytes | None
    payload: Payload | None
    refusal: str | None


def scan(
    installation: Installation, scanner: Scanner, request: ScanRequest, *, now: datetime
) -> dict[str, Any]:
    """Judges and keeps one attempt, and returns the answer.

    The same attempt again gets the stored answer with `replayed` true, whatever has happened
    since. Raises `AttemptDiffers` where it now asks for something else, and `MayNotRedeem`.
    """
    if scanner.withdrawn:
        raise MayNotRedeem(f"The programme no longer has the station {scanner.station_name}.")
    try:
        with installation.unit_of_work() as session:
            return judge_attempt(session, scanner, request, now=now)
    except IntegrityError:
        # The same attempt was being judged twice at once, and the other one was kept.
        with installation.reading() as session:
            kept = look_up(session, scanner, request, None).attempt
        if kept is None:
            raise
        return _again(kept, request)


def judge_attempt(
    session: Session, scanner: Scanner, request: ScanRequest, *, now: datetime
) -> dict[str, Any]:
    """As `scan()`, in the caller's transaction."""
    shown = _look_at(request, key_set(session))
    known = look_up(session, scanner, request, shown.code)
    if known.attempt is not None:
        return _again(known.attempt, request)
    verdict = shown.refusal or _judge(shown, known.voucher, scanner, now)
    if verdict == OK:
        verdict = _decide(session, known.voucher, request, now)
    return keep(session, scanner, request, known.voucher, verdict, now=now)


def _again(kept: Row[Any], request: ScanRequest) -> dict[str, Any]:
    if kept.asked != request.asked:
        raise AttemptDiffers("This attempt id was used for another code or another mode.")
    return {**kept.answer, "replayed": True}


def _look_at(request: ScanRequest, keys: KeySet) -> Shown:
    try:
        if request.token is None:
            return Shown(parse_code(request.code or ""), None, None)
        payload = read(request.token, keys)
        return Shown(payload.voucher, payload, None)
    except CodeUnreadable:
        return Shown(None, None, "malformed")
    except TokenRefused as refused:
        return Shown(None, None, refused.code)


def _judge(shown: Shown, row: Row[Any] | None, scanner: Scanner, now: datetime) -> str:
    view = None
    if row is not None:
        left = row.uses - row.uses_taken
        view = RecordView(left, row.valid_from, row.valid_until, row.stations)
    return judge(shown.payload, view, station=scanner.station_key, uses=1, now=now)


def _decide(session: Session, row: Row[Any] | None, request: ScanRequest, now: datetime) -> str:
    if request.mode == "check":
        return VALID
    if row is not None and take_uses(session, row.id, 1, now=now):
        return REDEEMED
    # Between our reading and our update somebody else took the last use.
    return "already_redeemed"
