"""Redeeming: one conditional UPDATE decides, whoever else scans at the same moment."""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, bindparam, update
from sqlalchemy.orm import Session

from app.database import table_of
from voucher.ledger.models import Voucher

_voucher = table_of(Voucher).c
_asked_for = bindparam("asked_for", type_=_voucher.uses.type)
_now = bindparam("now", type_=_voucher.valid_from.type)

_TAKE = (
    update(table_of(Voucher))
    .where(
        _voucher.id == bindparam("voucher_id"),
        _voucher.uses_taken + _asked_for <= _voucher.uses,
        _voucher.valid_from <= _now,
        _voucher.valid_until > _now,
    )
    .values(uses_taken=_voucher.uses_taken + _asked_for)
)


def take_uses(session: Session, voucher_id: int, uses: int, *, now: datetime) -> bool:
    """Takes `uses` of a voucher if they are left and `now` is in its window; False if not."""
    asked = {"voucher_id": voucher_id, "asked_for": uses, "now": now}
    return cast(CursorResult[Any], session.execute(_TAKE, asked)).rowcount == 1
