"""`scan()`: the attempt first, then the token's checks, then the record's; then it is kept."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import uuid_utils.compat
from sqlalchemy import Row, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app import journal
from app.actor import Actor
from app.clock import as_text
from app.communities.models import Member
from app.installation import Installation
from voucher.keys.keyring import key_set
from voucher.ledger.facts import ScanRefused, VoucherRedeemed
from voucher.ledger.models import Voucher
from voucher.ledger.redeeming import take_uses
from voucher.perks.models import Perk
from voucher.scans.answers import answer_for, first_redemption
from voucher.scans.models import Scan
from voucher.scans.requests import AttemptDiffers, MayNotRedeem, Scanner, ScanRequest
from voucher.scans.rules import OK, RecordView, judge
from voucher.token import CodeUnreadable, KeySet, Payload, TokenRefused, parse_code, read

REDEEMED, VALID = "redeemed", "valid"


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
            kept = _replay(session, scanner, request)
        if kept is None:
            raise
        return kept


def judge_attempt(
    session: Session, scanner: Scanner, request: ScanRequest, *, now: datetime
) -> dict[str, Any]:
    """As `scan()`, in the caller's transaction."""
    kept = _replay(session, scanner, request)
    if kept is not None:
        return kept
    shown = _look_at(request, key_set(session))
    row = _find(session, scanner.community_id, shown.code) if shown.code else None
    verdict = shown.refusal or _judge(shown, row, scanner, now)
    if verdict == OK:
        verdict = _decide(session, row, request, now)
    return _keep(session, scanner, request, row, verdict, now)


def _replay(session: Session, scanner: Scanner, request: ScanRequest) -> dict[str, Any] | None:
    kept = session.execute(
        select(Scan.asked, Scan.answer).where(
            Scan.device_id == scanner.device_id, Scan.attempt_id == request.attempt_id
        )
    ).one_or_none()
    if kept is None:
        return None
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


def _find(session: Session, community_id: int, code: bytes) -> Row[Any] | None:
    columns: tuple[Any, ...] = (
        Voucher.id,
        Voucher.reference,
        Voucher.uses,
        Voucher.uses_taken,
        Voucher.valid_from,
        Voucher.valid_until,
        Voucher.member_id,
        Perk.number,
        Perk.name,
        Perk.hand_over,
        Perk.stations,
        Member.display_name,
    )
    return session.execute(
        select(*columns)
        .join(Perk, Perk.number == Voucher.perk_number)
        .join(Member, Member.id == Voucher.member_id)
        .where(Voucher.code == code, Voucher.community_id == community_id)
    ).one_or_none()


def _judge(shown: Shown, row: Row[Any] | None, scanner: Scanner, now: datetime) -> str:
    view = row and RecordView(
        row.uses - row.uses_taken, row.valid_from, row.valid_until, row.stations
    )
    return judge(shown.payload, view or None, station=scanner.station_key, uses=1, now=now)


def _decide(session: Session, row: Row[Any] | None, request: ScanRequest, now: datetime) -> str:
    if request.mode == "check":
        return VALID
    if row is not None and take_uses(session, row.id, 1, now=now):
        return REDEEMED
    # Between our reading and our update somebody else took the last use.
    return "already_redeemed"


def _keep(
    session: Session,
    scanner: Scanner,
    request: ScanRequest,
    row: Row[Any] | None,
    verdict: str,
    now: datetime,
) -> dict[str, Any]:
    scan_id = uuid_utils.compat.uuid7()
    entry = _record(session, scanner, request, row, verdict, scan_id, now)
    first = first_redemption(session, row.id) if row is not None and verdict != REDEEMED else None
    skew_ms = round((request.scanned_at - now).total_seconds() * 1000)
    answer = answer_for(scanner, row, verdict, first, now=now)
    answer |= {
        "audit_entry": str(entry) if entry else None,
        "server_time": as_text(now),
        "skew_ms": skew_ms,
        "replayed": False,
    }
    session.execute(
        insert(Scan),
        {
            "id": scan_id,
            "community_id": scanner.community_id,
            "device_id": scanner.device_id,
            "attempt_id": request.attempt_id,
            "asked": request.asked,
            "mode": request.mode,
            "verdict": verdict,
            "voucher_id": row.id if row is not None else None,
            "station_id": scanner.station_id,
            "operator": request.operator,
            "uses": 1,
            "scanned_at": request.scanned_at,
            "received_at": now,
            "skew_ms": skew_ms,
            "answer": answer,
            "audit_entry": entry,
        },
    )
    return answer


def _record(
    session: Session,
    scanner: Scanner,
    request: ScanRequest,
    row: Row[Any] | None,
    verdict: str,
    scan_id: UUID,
    now: datetime,
) -> UUID | None:
    if request.mode == "check":
        return None
    told: dict[str, Any] = {
        "station": scanner.station_key,
        "device": scanner.device_id,
        "operator": request.operator,
        "scanned_at": request.scanned_at,
    }
    fact: VoucherRedeemed | ScanRefused
    if verdict == REDEEMED and row is not None:
        fact = VoucherRedeemed(
            redemption=scan_id,
            voucher=row.reference,
            perk=row.number,
            member=row.member_id,
            uses=1,
            **told,
        )
    else:
        reference = row.reference if row is not None else None
        fact = ScanRefused(scan=scan_id, verdict=verdict, voucher=reference, **told)
    actor = Actor("operator", request.operator) if request.operator else None
    return journal.record(
        session,
        fact,
        community_id=scanner.community_id,
        actor=actor or Actor("device", scanner.device_id),
        now=now,
    )
