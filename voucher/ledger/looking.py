"""When to look next at what a voucher's member is to be told: the voucher's own row says it.

Whoever issues or moves a voucher lets it be looked at at once; whoever looked says when again. So
a move costs nothing for it, and a reminder follows the window and the uses as they stand. What
passed between that moment and the look was missed: nobody looked, as when no worker ran.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, func, select, update
from sqlalchemy.orm import Session

from app.communities.models import Community, Member, Person
from app.statements import table_of
from voucher.ledger import moves
from voucher.ledger.models import Voucher
from voucher.ledger.moves import Move
from voucher.perks.models import Perk

_voucher = table_of(Voucher).c
_AGAIN = (
    update(table_of(Voucher))
    .where(_voucher.id == bindparam("looked_at"))
    .values(look_at=bindparam("again_at"))
)


def due(session: Session, *, now: datetime, most: int) -> list[Row[Any]]:
    """Vouchers that are to be looked at, locked in the caller's transaction; whoever else looks
    meanwhile gets others.

    `open` is whether anything can still be handed over, but for its window.
    """
    left = (moves.may(Move.REDEEM) & (Voucher.uses_taken < Voucher.uses)).label("open")
    rows: Any = session.execute(
        select(
            Voucher.id,
            Voucher.community_id,
            Voucher.member_id,
            Voucher.reference,
            Voucher.issued_at,
            Voucher.valid_from,
            Voucher.valid_until,
            Voucher.look_at,
            left,
            Perk.reminders,
            func.coalesce(Person.timezone, Community.timezone).label("timezone"),
            Community.quiet_hours,
        )
        .join(Perk, Perk.number == Voucher.perk_number)
        .join(Community, Community.id == Voucher.community_id)
        .join(Member, Member.id == Voucher.member_id)
        .join(Person, Person.id == Member.person_id)
        .where(Voucher.look_at <= now)
        .order_by(Voucher.look_at, Voucher.id)
        .limit(most)
        .with_for_update(skip_locked=True, of=Voucher)
    )
    return list(rows)


def look_again(session: Session, when: Mapping[int, datetime | None]) -> None:
    """Says when to look at these vouchers next; None for never, unless they are moved."""
    rows = [{"looked_at": id_, "again_at": at} for id_, at in when.items()]
    if rows:
        session.connection().execute(_AGAIN, rows)
