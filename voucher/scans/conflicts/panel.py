"""The organisers' panel of conflicts: hand-overs that the record could not accept."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, UnaryExpression, func, select
from sqlalchemy.orm import Session, aliased

from app.console.panels import Panel
from voucher.ledger.models import Voucher
from voucher.perks.models import Perk
from voucher.scans.conflicts.conflicts import Resolution
from voucher.scans.models import Conflict, Scan

MOST_OPEN, LAST_RESOLVED = 10, 5

REASONS = {
    "already_redeemed": "It had been redeemed already",
    "too_few_uses": "Fewer uses were left",
    "held": "Another desk was handing it out",
    "void": "The voucher had been withdrawn",
    "superseded": "The voucher had been replaced",
    "refunded": "The voucher had been refunded",
    "expired": "Its time was over",
    "not_yet_valid": "Its time had not begun",
    "wrong_station": "This station does not hand it out",
    "closed_now": "The station was closed",
    "live_required": "A picture was shown, not the live code",
    "identity_required": "Nobody had checked who showed it",
    "out_of_stock": "By our stock none was left there",
    "impossible_time": "The device gave a time that cannot be",
    "revoked_device": "The device had been revoked",
    "not_allowed": "The device may only check",
    "unsupported_version": "The code is newer than this server",
    "revoked_key": "The code's key had been revoked",
    "malformed": "What was shown is no voucher",
    "unknown_voucher": "No such voucher is known here",
    "unknown_perk": "No such perk is known here",
    "unknown_key": "The code is not one of ours",
    "bad_signature": "The code had been altered",
}
OUTCOMES: dict[str, str] = {
    Resolution.ACCEPTED: "Loss accepted",
    Resolution.VOIDED: "Voucher withdrawn",
    Resolution.CHARGED: "Stock charged",
}


@dataclass(frozen=True)
class Desk:
    """Where, by which device and by whom something was handed over, and when."""

    at: datetime
    station: str
    device: str
    operator: str | None


@dataclass(frozen=True)
class Told:
    """A conflict as organisers read it."""

    id: UUID
    why: str
    perk: str | None
    reference: str | None
    uses: int
    handed_over: Desk
    came_first: Desk | None
    may_charge: bool
    """Whether what was handed over is counted in stock."""
    resolved_at: datetime | None
    outcome: str

    @property
    def may_void(self) -> bool:
        """Whether there is a voucher that could be withdrawn."""
        return self.reference is not None


def content(session: Session, community_id: int, now: datetime) -> dict[str, Any]:
    """The unresolved ones, oldest first, how many there are, and the last that were resolved."""
    is_open = Conflict.resolved_at.is_(None)
    ours = Conflict.community_id == community_id
    count = select(func.count()).select_from(Conflict).where(ours, is_open)
    oldest = (Conflict.found_at.asc(), Conflict.id.asc())
    newest = (Conflict.resolved_at.desc(), Conflict.id.desc())
    return {
        "open": _told(session, (ours, is_open), oldest, MOST_OPEN),
        "total": session.scalar(count),
        "resolved": _told(session, (ours, ~is_open), newest, LAST_RESOLVED),
    }


def _told(
    session: Session,
    where: Iterable[ColumnElement[bool]],
    order: Iterable[UnaryExpression[Any]],
    most: int,
) -> list[Told]:
    first = aliased(Scan)
    rows = session.execute(
        select(Conflict, Scan, first, Voucher.reference, Perk.name, Perk.item)
        .join(Scan, Scan.id == Conflict.scan_id)
        .outerjoin(first, first.id == Conflict.against_scan_id)
        .outerjoin(Voucher, Voucher.id == Conflict.voucher_id)
        .outerjoin(Perk, Perk.number == Voucher.perk_number)
        .where(*where)
        .order_by(*order)
        .limit(most)
    )
    return [_one(*row) for row in rows]


def _one(
    conflict: Conflict,
    scan: Scan,
    first: Scan | None,
    reference: str | None,
    perk: str | None,
    item: str | None,
) -> Told:
    return Told(
        id=conflict.id,
        why=REASONS.get(conflict.reason, conflict.reason.replace("_", " ").capitalize()),
        perk=perk,
        reference=reference,
        uses=conflict.uses,
        handed_over=_desk(scan),
        came_first=_desk(first) if first is not None else None,
        may_charge=item is not None,
        resolved_at=conflict.resolved_at,
        outcome=OUTCOMES.get(conflict.resolution or "", conflict.resolution or ""),
    )


def _desk(scan: Scan) -> Desk:
    place = scan.answer["scanned_by"]
    # Before operators were known by an id, their name stood in its place.
    by = place.get("operator") or scan.operator
    return Desk(scan.scanned_at, place["station"], place["device"], by)


CONFLICTS = Panel(
    "conflicts", "Conflicts", 22, "organiser/panels/conflicts.html", content, wide=True
)
