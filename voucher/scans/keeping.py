"""Keeping attempts: their entries in the record, and their rows with the answers."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import uuid_utils.compat
from sqlalchemy import Row
from sqlalchemy.orm import Session

from app import journal
from app.actor import Actor
from app.clock import as_text
from app.journal import Told
from app.statements import RowInsert
from voucher.ledger.facts import ScanRefused, VoucherRedeemed
from voucher.scans.answers import FirstRedemption, answer_for, first_redemptions
from voucher.scans.models import Scan
from voucher.scans.requests import Attempt
from voucher.scans.rules import REDEEMED

_INSERT = RowInsert(Scan)


class Judged(NamedTuple):
    """An attempt with its voucher, the verdict, and how many uses are left after it."""

    attempt: Attempt
    voucher: Row[Any] | None
    verdict: str
    left: int | None


def keep(session: Session, judged: Sequence[Judged], *, now: datetime) -> list[dict[str, Any]]:
    """Keeps judged attempts in the caller's transaction and returns their answers.

    A `check` is kept as well, without an entry in the record.
    """
    scans = [(uuid_utils.compat.uuid7(), one) for one in judged]
    recorded = [(id_, one) for id_, one in scans if one.attempt.request.mode == "redeem"]
    entries = journal.record_all(session, [_told(id_, one, now) for id_, one in recorded])
    entry_of = {id_: entry for (id_, _), entry in zip(recorded, entries, strict=True)}
    used = {one.voucher.id for one in judged if one.voucher and one.verdict == "already_redeemed"}
    firsts = first_redemptions(session, used)
    rows = [_row(id_, one, entry_of.get(id_), firsts, now) for id_, one in scans]
    _INSERT.run(session, rows)
    return [row["answer"] for row in rows]


def _row(
    scan_id: UUID,
    one: Judged,
    entry: UUID | None,
    firsts: dict[int, FirstRedemption],
    now: datetime,
) -> dict[str, Any]:
    (scanner, request), voucher = (one.attempt.scanner, one.attempt.request), one.voucher
    first = firsts.get(voucher.id) if voucher is not None else None
    skew_ms = round((request.scanned_at - now).total_seconds() * 1000)
    seen = one.attempt.seen
    live = seen is not None and seen.payload is not None and seen.payload.live
    answer = answer_for(scanner, voucher, one.verdict, first, one.left, now=now, live=live) | {
        "audit_entry": str(entry) if entry else None,
        "server_time": as_text(now),
        "skew_ms": skew_ms,
        "replayed": False,
    }
    return {
        "id": scan_id,
        "community_id": scanner.community_id,
        "device_id": scanner.device_id,
        "attempt_id": request.attempt_id,
        "asked": request.asked,
        "mode": request.mode,
        "verdict": one.verdict,
        "voucher_id": voucher.id if voucher is not None else None,
        "station_id": scanner.station_id,
        "operator": request.operator,
        "uses": request.uses,
        "scanned_at": request.scanned_at,
        "received_at": now,
        "skew_ms": skew_ms,
        "answer": answer,
        "audit_entry": entry,
    }


def _told(scan_id: UUID, one: Judged, now: datetime) -> Told:
    (scanner, request), voucher = (one.attempt.scanner, one.attempt.request), one.voucher
    place: dict[str, Any] = {
        "station": scanner.station_key,
        "device": scanner.device_id,
        "operator": request.operator,
        "scanned_at": request.scanned_at,
    }
    fact: VoucherRedeemed | ScanRefused
    if one.verdict == REDEEMED and voucher is not None:
        fact = VoucherRedeemed(
            redemption=scan_id,
            voucher=voucher.reference,
            perk=voucher.number,
            member=voucher.member_id,
            uses=request.uses,
            **place,
        )
    else:
        reference = voucher.reference if voucher is not None else None
        fact = ScanRefused(scan=scan_id, verdict=one.verdict, voucher=reference, **place)
    operator = Actor("operator", request.operator) if request.operator else None
    actor = operator or Actor("device", scanner.device_id)
    return Told(fact=fact, community_id=scanner.community_id, actor=actor, at=now)
