"""Which vouchers are no longer as they were issued: what a device must know that asks nobody.

A voucher is fresh that is open, of which nothing was taken, whose end was never moved, and that has
as many uses as its perk: its token and its perk say all of it.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Row, Select, and_, bindparam, not_, select, tuple_
from sqlalchemy.orm import Session

from app.statements import among, table_of
from voucher.ledger import facts
from voucher.ledger.models import Voucher
from voucher.ledger.moves import Standing
from voucher.perks.models import Perk

CHANGES = frozenset(
    fact.kind
    for fact in (
        facts.VoucherExtended,
        facts.VoucherVoided,
        facts.VoucherRestored,
        facts.VoucherSuperseded,
        facts.VoucherRenewed,
        facts.VoucherRefunded,
        facts.VoucherRedeemed,
        facts.RedemptionUndone,
    )
)
"""Kinds of facts after which a voucher stands as it did not before."""
ISSUED = facts.VoucherIssued.kind
"""Its voucher is fresh, but where it has other uses than its perk, as one that was reissued."""

_voucher, _perk = table_of(Voucher).c, table_of(Perk).c
_FRESH = and_(
    _voucher.standing == Standing.OPEN,
    _voucher.uses_taken == 0,
    _voucher.extended_at.is_(None),
    _voucher.uses == _perk.uses,
)
_STATES: Select[Any] = select(
    _voucher.id,
    _voucher.code,
    _voucher.reference,
    _voucher.standing,
    (_voucher.uses - _voucher.uses_taken).label("left"),
    _voucher.valid_from,
    _voucher.valid_until,
    _FRESH.label("fresh"),
).join(table_of(Perk), _perk.number == _voucher.perk_number)
_LATER: Select[Any] = (
    _STATES.where(
        _voucher.community_id == bindparam("community"),
        tuple_(_voucher.valid_until, _voucher.id)
        > tuple_(
            bindparam("until", type_=_voucher.valid_until.type),
            bindparam("last", type_=_voucher.id.type),
        ),
        not_(_FRESH),
    )
    .order_by(_voucher.valid_until, _voucher.id)
    .limit(bindparam("most"))
)


class Place(NamedTuple):
    """Where one is among the vouchers of a community, by their ends."""

    valid_until: datetime
    voucher: int


def after_all_until(moment: datetime) -> Place:
    """Behind every voucher that ends then or before."""
    return Place(moment, 2**62)


def not_fresh(
    session: Session, community_id: int, after: Place, *, most: int
) -> Sequence[Row[Any]]:
    """Up to so many vouchers that are not fresh, by their ends, behind a place.

    None is passed over by who goes on behind the last one: an end is only ever moved later.
    """
    place = {"until": after.valid_until, "last": after.voucher}
    asked = {"community": community_id, "most": most, **place}
    return session.execute(_LATER, asked).all()


def states_of(
    session: Session, community_id: int, references: Collection[str]
) -> Sequence[Row[Any]]:
    """How these vouchers stand, fresh ones as well."""
    if not references:
        return []
    return session.execute(
        _STATES.where(
            _voucher.community_id == community_id,
            among(session, _voucher.reference, references),
        )
    ).all()
