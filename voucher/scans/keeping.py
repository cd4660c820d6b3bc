"""Keeping an attempt: its entry in the record, and its row with the answer."""

from datetime import datetime
from typing import Any
from uuid import UUID

import uuid_utils.compat
from sqlalchemy import Row, insert
from sqlalchemy.orm import Session

from app import journal
from app.actor import Actor
from app.clock import as_text
from app.database import table_of
from voucher.ledger.facts import ScanRefused, VoucherRedeemed
from voucher.scans.answers import answer_for, first_redemption
from voucher.scans.models import Scan
from voucher.scans.requests import Scanner, ScanRequest
from voucher.scans.rules import REDEEMED

_INSERT = insert(table_of(Scan))


def keep(
    session: Session,
    scanner: Scanner,
    request: ScanRequest,
    row: Row[Any] | None,
    verdict: str,
    *,
    now: datetime,
) -> dict[str, Any]:
    """Keeps a judged attempt in the caller's transaction and returns its answer.

    `row` is the voucher as `look_up` found it, before a use was taken. A `check` is kept as well,
    without an entry in the record.
    """
    scan_id = uuid_utils.compat.uuid7()
    entry = None
    if request.mode == "redeem":
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
        _INSERT,
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
) -> UUID:
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
