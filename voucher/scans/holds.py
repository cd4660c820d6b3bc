"""Holds: uses that are kept for a device while staff hand something over."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.stock import reserving
from voucher.ledger import redeeming
from voucher.ledger.models import Voucher
from voucher.scans.models import Hold

CONFIRMED, CONFLICT, RELEASED, DISPLACED = "confirmed", "conflict", "released", "displaced"


def by_others(
    session: Session, voucher_id: int, device_id: str, *, now: datetime
) -> Sequence[Hold]:
    """The holds of other devices on a voucher that count now."""
    return session.scalars(_standing(voucher_id, now).where(Hold.device_id != device_id)).all()


def make_room(
    session: Session, voucher: Voucher, device_id: str, uses: int, *, now: datetime
) -> None:
    """Ends a device's own holds, oldest first, as far as it takes their uses up by another scan.

    The voucher is locked, and those of others were found to leave enough.
    """
    standing = session.scalars(_standing(voucher.id, now)).all()
    missing = uses - (voucher.uses - voucher.uses_taken - sum(hold.uses for hold in standing))
    for hold in standing:
        if missing > 0 and hold.device_id == device_id:
            end(session, voucher, hold, DISPLACED, now=now)
            missing -= hold.uses


def end(session: Session, voucher: Voucher, hold: Hold, how: str, *, now: datetime) -> None:
    """Ends a hold: its uses and what was kept of the stock for it are free.

    The voucher is locked, and says until when the others on it last.
    """
    hold.ended_at, hold.ended_as = now, how
    reserving.release(session, promise_of(hold.scan_id), now=now)
    session.flush()
    mark(session, voucher, now=now)


def mark(
    session: Session, voucher: Voucher, *, now: datetime, also_until: datetime | None = None
) -> None:
    """Has a voucher that is locked say until when it is held, and by one more that is to come."""
    ends = [hold.until for hold in session.scalars(_standing(voucher.id, now))]
    ends += [also_until] if also_until else []
    redeeming.mark_held(session, voucher, max(ends, default=None))


def promise_of(scan_id: UUID) -> str:
    """What a hold's promise in stock is known by."""
    return f"hold:{scan_id}"


def _standing(voucher_id: int, now: datetime) -> Select[Hold]:
    return (
        select(Hold)
        .where(Hold.voucher_id == voucher_id, Hold.until > now, Hold.ended_at.is_(None))
        .order_by(Hold.until, Hold.scan_id)
        .execution_options(populate_existing=True)
    )
