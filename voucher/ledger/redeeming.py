"""Redeeming: one conditional UPDATE decides, whoever else scans at the same moment."""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, update
from sqlalchemy.orm import Session

from voucher.ledger.models import Voucher


def take_uses(session: Session, voucher_id: int, uses: int, *, now: datetime) -> bool:
    """Takes `uses` of a voucher if they are left and `now` is in its window; False if not."""
    result = cast(
        CursorResult[Any],
        session.execute(
            update(Voucher)
            .where(
                Voucher.id == voucher_id,
                Voucher.uses_taken + uses <= Voucher.uses,
                Voucher.valid_from <= now,
                Voucher.valid_until > now,
            )
            .values(uses_taken=Voucher.uses_taken + uses)
            .execution_options(synchronize_session=False)
        ),
    )
    return result.rowcount == 1
