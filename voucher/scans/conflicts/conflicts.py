"""Conflicts: something was handed over that the record could not accept, and nobody forgets it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import uuid_utils.compat
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import journal
from app.actor import Actor
from app.clock import as_text
from app.communities.models import Station
from app.journal import Told
from app.refusals import Refused
from app.stock import moving
from app.stock.levels import Sort
from voucher.ledger.changes import withdrawing
from voucher.ledger.facts import ConflictFound, ConflictResolved
from voucher.ledger.models import Voucher
from voucher.perks.models import Perk
from voucher.scans.models import Conflict, Scan
from voucher.scans.rules import REDEEMED
from voucher.scans.scanners import Operator, Scanner, actor_of


class UnknownConflict(Refused):
    """There is no such conflict."""

    code = "unknown_conflict"
    status = 404


class ConflictStands(Refused):
    """It was resolved before, or cannot be resolved so."""

    code = "conflict_stands"
    status = 409


class Resolution(StrEnum):
    """What a conflict comes to."""

    ACCEPTED = "accepted"
    """The community bears the loss."""
    VOIDED = "voided"
    """The voucher is withdrawn as well."""
    CHARGED = "charged"
    """What was handed over is taken off the stock."""


@dataclass(frozen=True)
class Found:
    """A hand-over that the record does not accept, about to be kept."""

    scanner: Scanner
    operator: Operator | None
    scan_id: UUID
    voucher_id: int | None
    reference: str | None
    uses: int
    verdict: str


def open_all(session: Session, found: Sequence[Found], *, now: datetime) -> dict[UUID, UUID]:
    """Keeps conflicts with their facts, in the caller's transaction: each scan's conflict's id."""
    if not found:
        return {}
    firsts = _first_redemptions(session, {one.voucher_id for one in found if one.voucher_id})
    ids = {one.scan_id: uuid_utils.compat.uuid7() for one in found}
    told = []
    for one in found:
        against = firsts.get(one.voucher_id or 0)
        session.add(
            Conflict(
                id=ids[one.scan_id],
                community_id=one.scanner.community_id,
                scan_id=one.scan_id,
                against_scan_id=against if against != one.scan_id else None,
                voucher_id=one.voucher_id,
                uses=one.uses,
                reason=one.verdict,
                found_at=now,
            )
        )
        told.append(_told(one, ids[one.scan_id], against, now))
    session.flush()
    journal.record_all(session, told)
    return ids


def of_scan(session: Session, scan_id: UUID) -> UUID | None:
    """The conflict of a scan, if it has one."""
    return session.scalar(select(Conflict.id).where(Conflict.scan_id == scan_id))


def resolve(
    session: Session,
    community_id: int,
    conflict_id: UUID,
    resolution: Resolution,
    *,
    reason: str,
    actor: Actor,
    now: datetime,
) -> Conflict:
    """Decides what a conflict comes to, in the caller's transaction.

    Raises `UnknownConflict`, `ConflictStands`, and `MoveRefused` or `StockRefused` where the
    voucher cannot be voided, or the stock charged.
    """
    conflict = session.get(Conflict, conflict_id, with_for_update=True)
    if conflict is None or conflict.community_id != community_id:
        raise UnknownConflict("There is no such conflict.")
    if conflict.resolved_at is not None:
        raise ConflictStands(f"This conflict was resolved before: {conflict.resolution}.")
    how: dict[str, Any] = {"reason": reason, "actor": actor, "now": now}
    if resolution == Resolution.VOIDED:
        withdrawing.void(session, _voucher(session, conflict), **how)
    elif resolution == Resolution.CHARGED:
        _charge(session, conflict, **how)
    conflict.resolved_at, conflict.resolution = now, resolution
    session.flush()
    fact = ConflictResolved(
        conflict=conflict.id,
        resolution=resolution,
        reason=journal.remark(session, community_id, reason, now=now),
    )
    journal.record(session, fact, community_id=community_id, actor=actor, now=now)
    return conflict


def unresolved(session: Session, community_id: int) -> list[dict[str, Any]]:
    """What organisers have to look at, oldest first: what was handed over, and what came first."""
    rows = session.execute(
        select(Conflict, Scan, Voucher.reference)
        .join(Scan, Scan.id == Conflict.scan_id)
        .outerjoin(Voucher, Voucher.id == Conflict.voucher_id)
        .where(Conflict.community_id == community_id, Conflict.resolved_at.is_(None))
        .order_by(Conflict.found_at, Conflict.id)
    ).all()
    others = {row[0].against_scan_id for row in rows if row[0].against_scan_id}
    against = {scan.id: scan for scan in session.scalars(select(Scan).where(Scan.id.in_(others)))}
    return [
        {
            "id": str(conflict.id),
            "voucher": reference,
            "reason": conflict.reason,
            "uses": conflict.uses,
            "found_at": as_text(conflict.found_at),
            "handed_over": _place(scan),
            "came_first": _place(against[conflict.against_scan_id])
            if conflict.against_scan_id in against
            else None,
        }
        for conflict, scan, reference in rows
    ]


def _place(scan: Scan) -> dict[str, Any]:
    place: dict[str, Any] = scan.answer["scanned_by"]
    return {"at": as_text(scan.scanned_at), **place}


def _voucher(session: Session, conflict: Conflict) -> Voucher:
    if conflict.voucher_id is None:
        raise ConflictStands("No voucher is known here: accept the loss.")
    return session.get_one(Voucher, conflict.voucher_id)


def _charge(
    session: Session, conflict: Conflict, *, reason: str, actor: Actor, now: datetime
) -> None:
    perk = session.get_one(Perk, _voucher(session, conflict).perk_number)
    if perk.item is None:
        raise ConflictStands(f"{perk.name} is not counted in stock: accept the loss.")
    station = session.get_one(Station, session.get_one(Scan, conflict.scan_id).station_id)
    sort = Sort(conflict.community_id, perk.item, perk.variant)
    how: dict[str, Any] = {"reason": reason, "actor": actor, "now": now}
    moving.charge(session, sort, station.key, conflict.uses, **how)


def _first_redemptions(session: Session, vouchers: Collection[int]) -> dict[int, UUID]:
    rows = session.execute(
        select(Scan.voucher_id, Scan.id)
        .where(Scan.voucher_id.in_(vouchers), Scan.verdict == REDEEMED, Scan.undone_at.is_(None))
        .order_by(Scan.received_at.desc())
    )
    return {row.voucher_id: row.id for row in rows}


def _told(one: Found, conflict: UUID, against: UUID | None, now: datetime) -> Told:
    fact = ConflictFound(
        conflict=conflict,
        scan=one.scan_id,
        against=against,
        voucher=one.reference,
        verdict=one.verdict,
        uses=one.uses,
        station=one.scanner.station_key,
        device=one.scanner.device_id,
        operator=one.operator.id if one.operator else None,
    )
    actor = actor_of(one.scanner, one.operator)
    return Told(fact=fact, community_id=one.scanner.community_id, actor=actor, at=now)
