"""Redeeming and taking it back: one conditional UPDATE decides, whoever else scans just now."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import bindparam, update
from sqlalchemy.orm import Session

from app.statements import table_of
from voucher.ledger import moves
from voucher.ledger.models import Voucher
from voucher.ledger.moves import Move

_voucher = table_of(Voucher).c
_asked_for = bindparam("asked_for", type_=_voucher.uses.type)
_now = bindparam("now", type_=_voucher.valid_from.type)

_TAKE = (
    update(table_of(Voucher))
    .where(
        _voucher.id.in_(bindparam("vouchers", expanding=True)),
        moves.may(Move.REDEEM),
        _voucher.uses_taken + _asked_for <= _voucher.uses,
        _voucher.valid_from <= _now,
        _voucher.valid_until > _now,
    )
    .values(uses_taken=_voucher.uses_taken + _asked_for)
    .returning(_voucher.id, (_voucher.uses - _voucher.uses_taken).label("left"))
)


def take_uses(
    session: Session, vouchers: Collection[int], uses: int, *, now: datetime
) -> dict[int, int]:
    """Takes `uses` of each voucher that has them left and `now` in its window.

    Returns those vouchers' ids with what is left of each; the others are as they were.
    """
    if not vouchers:
        return {}
    asked = {"vouchers": sorted(vouchers), "asked_for": uses, "now": now}
    return {row.id: row.left for row in session.execute(_TAKE, asked)}


def give_back(session: Session, voucher: Voucher, uses: int, *, now: datetime) -> None:
    """Makes uses that were taken free again; raises `MoveRefused` where the table forbids it."""
    moves.change(
        session,
        voucher,
        Move.UNDO,
        {"uses_taken": Voucher.uses_taken - uses},
        now=now,
        only_if=(Voucher.uses_taken >= uses,),
        otherwise=f"has fewer than {uses} uses that were redeemed",
    )
