"""Promising stock to a holder until a moment; from then on it is free again by itself."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.actor import Actor
from app.refusals import Refused
from app.statements import RowInsert
from app.stock.levels import Shelf, Sort, locked, sort_of, tell_low
from app.stock.models import StockLevel, StockReservation

_INSERT = RowInsert(StockReservation)


class OutOfStock(Refused):
    """Fewer are free than are asked for."""

    code = "out_of_stock"
    status = 409


@dataclass(frozen=True)
class Want:
    """So many of a sort, for a holder, in one of these places (None for any) until a moment."""

    sort: Sort
    places: Collection[str] | None
    quantity: int
    holder: str
    until: datetime


def reserve(session: Session, wants: Sequence[Want], *, actor: Actor, now: datetime) -> set[str]:
    """Promises what there is, first come first served, in the caller's transaction.

    Returns the holders that got all they want, each from one place, where most are free. A holder
    wants once; one that ended gets its old reservation anew.
    """
    if not wants:
        return set()
    shelves = locked(session, {want.sort for want in wants}, now=now)
    known = _of_holders(session, [want.holder for want in wants])
    rows = []
    served = set()
    for want in wants:
        shelf = _best(shelves, want)
        if shelf is None:
            continue
        served.add(want.holder)
        shelf.reserved += want.quantity
        values = {"level_id": shelf.level.id, "quantity": want.quantity, "until": want.until}
        if want.holder in known:
            own = update(StockReservation).where(StockReservation.id == known[want.holder].id)
            session.execute(own.values(values))
        else:
            rows.append({**values, "holder": want.holder})
    _INSERT.run(session, rows)
    tell_low(session, shelves, actor=actor, now=now)
    return served


def prolong(
    session: Session, holder: str, until: datetime, quantity: int, *, actor: Actor, now: datetime
) -> bool:
    """Lets a promise hold until later, if there is one; one that ended is made again. Returns
    whether there is one.

    Raises `OutOfStock` where it ended and others took what there was.
    """
    own = session.scalar(select(StockReservation).where(StockReservation.holder == holder))
    if own is None:
        return False
    if own.until > now:
        own.until = until
        session.flush()
        return True
    sort = sort_of(session.get_one(StockLevel, own.level_id))
    want = Want(sort, (_place(session, own),), quantity, holder, until)
    if not reserve(session, [want], actor=actor, now=now):
        raise OutOfStock(f"What was promised to {holder} has gone to others: none is free.")
    session.expire(own)
    return True


def release(session: Session, holder: str, *, now: datetime) -> None:
    """Makes what is promised to a holder free at once."""
    session.execute(
        update(StockReservation)
        .where(StockReservation.holder == holder, StockReservation.until > now)
        .values(until=now)
        .execution_options(synchronize_session="fetch")
    )


def hand_on(session: Session, holder: str, to: str) -> None:
    """Gives a promise to another holder, as it is."""
    session.execute(
        update(StockReservation)
        .where(StockReservation.holder == holder)
        .values(holder=to)
        .execution_options(synchronize_session="fetch")
    )


def _of_holders(session: Session, holders: Sequence[str]) -> dict[str, StockReservation]:
    rows = session.scalars(select(StockReservation).where(StockReservation.holder.in_(holders)))
    return {row.holder: row for row in rows}


def _best(shelves: Sequence[Shelf], want: Want) -> Shelf | None:
    fitting = [
        shelf
        for shelf in shelves
        if sort_of(shelf.level) == want.sort
        and (want.places is None or shelf.level.place in want.places)
        and shelf.free >= want.quantity
    ]
    return max(fitting, key=lambda shelf: shelf.free, default=None)


def _place(session: Session, own: StockReservation) -> str:
    return session.get_one(StockLevel, own.level_id).place
