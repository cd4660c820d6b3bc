"""Keeping attempts: their entries in the record, and their rows with the answers."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from app import journal
from app.clock import as_text
from app.journal import Told
from app.rows import RowInsert
from voucher.ledger.facts import ScanRefused, UsesHeld, VoucherRedeemed
from voucher.scans.answers import (
    WRONG_STATION,
    FirstRedemption,
    answer_for,
    first_redemptions,
    other_stations,
)
from voucher.scans.conflicts import conflicts
from voucher.scans.conflicts.conflicts import Found
from voucher.scans.judgement import supervising
from voucher.scans.judgement.judged import Judged
from voucher.scans.models import Hold, Scan
from voucher.scans.rules import REDEEMED, RESERVED
from voucher.scans.scanners import actor_of

_INSERT, _HOLDS = RowInsert(Scan), RowInsert(Hold)


def keep(session: Session, judged: Sequence[Judged], *, now: datetime) -> list[dict[str, Any]]:
    """Keeps judged attempts in the caller's transaction and returns their answers.

    A `check` is kept as well, without an entry in the record.
    """
    recorded = [one for one in judged if one.shown.attempt.request.mode != "check"]
    entries = journal.record_each(session, [_told(one, now) for one in recorded])
    entry_of = {one.shown.scan_id: entry for one, entry in zip(recorded, entries, strict=True)}
    supervising.record(session, judged, now=now)
    found = conflicts.open_all(session, [_found(one) for one in judged if one.is_conflict], now=now)
    used = {one.voucher.id for one in judged if one.voucher and one.verdict == "already_redeemed"}
    firsts = first_redemptions(session, used)
    elsewhere = [one.voucher for one in judged if one.voucher and one.verdict == WRONG_STATION]
    stations = other_stations(session, elsewhere)
    rows = []
    for one in judged:
        scan_id = one.shown.scan_id
        entry, conflict = entry_of.get(scan_id), found.get(scan_id)
        rows.append(_row(one, entry, conflict, firsts, stations, now))
    _INSERT.run(session, rows)
    _HOLDS.run(session, [_hold(one) for one in judged if one.verdict == RESERVED])
    return [row["answer"] for row in rows]


def _row(
    one: Judged,
    entry: UUID | None,
    conflict: UUID | None,
    firsts: dict[int, FirstRedemption],
    stations: Mapping[str, str],
    now: datetime,
) -> dict[str, Any]:
    shown, voucher = one.shown, one.voucher
    scanner, request = shown.attempt.scanner, shown.attempt.request
    first = firsts.get(voucher.id) if voucher is not None else None
    claim = request.offline
    skew_ms = claim.skew_ms if claim else round((request.scanned_at - now).total_seconds() * 1000)
    answer = answer_for(
        scanner,
        shown.attempt.operator,
        # A device that was revoked may be in wrong hands: it is told of no voucher and no member.
        voucher if scanner.revoked_at is None else None,
        one.verdict,
        first,
        one.left,
        now=shown.now,
        held_until=one.held_until,
        live=shown.shows_live,
        stations=stations,
    ) | {
        "uses": request.uses,
        "conflict": str(conflict) if conflict else None,
        "audit_entry": str(entry) if entry else None,
        "server_time": as_text(now),
        "skew_ms": skew_ms,
        "by_reference": request.reference is not None,
        "overridden": list(one.overridden),
        "may_override": list(one.may_override),
        "replayed": False,
    }
    if claim is None and shown.now != now:
        answer["judged_at"] = as_text(shown.now)
    return {
        "id": shown.scan_id,
        "community_id": scanner.community_id,
        "device_id": scanner.device_id,
        "attempt_id": request.attempt_id,
        "asked": request.asked,
        "mode": request.mode,
        "verdict": one.verdict,
        "self_judged": request.is_self_judged,
        "voucher_id": voucher.id if voucher is not None else None,
        "station_id": scanner.station_id,
        "operator": request.operator,
        "uses": request.uses,
        "scanned_at": shown.now if claim else request.scanned_at,
        "received_at": now,
        "skew_ms": skew_ms,
        "answer": answer,
        "audit_entry": entry,
        "by_reference": request.reference is not None,
        "overridden": ",".join(one.overridden) or None,
    }


def _hold(one: Judged) -> dict[str, Any]:
    if one.voucher is None:
        raise RuntimeError("only a known voucher is held")
    return {
        "scan_id": one.shown.scan_id,
        "voucher_id": one.voucher.id,
        "device_id": one.shown.attempt.scanner.device_id,
        "uses": one.shown.attempt.request.uses,
        "until": one.held_until,
    }


def _found(one: Judged) -> Found:
    attempt, voucher = one.shown.attempt, one.voucher
    return Found(
        scanner=attempt.scanner,
        operator=attempt.operator,
        scan_id=one.shown.scan_id,
        voucher_id=voucher.id if voucher is not None else None,
        reference=voucher.reference if voucher is not None else None,
        uses=attempt.request.uses,
        verdict=one.verdict,
    )


def _told(one: Judged, now: datetime) -> Told:
    attempt, voucher = one.shown.attempt, one.voucher
    scanner, request = attempt.scanner, attempt.request
    place: dict[str, Any] = {
        "station": scanner.station_key,
        "device": scanner.device_id,
        "operator": request.operator,
    }
    at = one.shown.now if request.offline else request.scanned_at
    fact: VoucherRedeemed | UsesHeld | ScanRefused
    if one.verdict == REDEEMED and voucher is not None:
        fact = VoucherRedeemed(
            redemption=one.shown.scan_id,
            voucher=voucher.reference,
            perk=voucher.number,
            member=voucher.member_id,
            uses=request.uses,
            scanned_at=at,
            **place,
        )
    elif one.verdict == RESERVED and voucher is not None:
        fact = UsesHeld(
            hold=one.shown.scan_id,
            voucher=voucher.reference,
            uses=request.uses,
            until=one.held_until or now,
            **place,
        )
    else:
        fact = ScanRefused(
            scan=one.shown.scan_id,
            verdict=one.verdict,
            voucher=voucher.reference if voucher is not None else None,
            scanned_at=at,
            **place,
        )
    actor = actor_of(scanner, attempt.operator)
    return Told(fact=fact, community_id=scanner.community_id, actor=actor, at=now)
