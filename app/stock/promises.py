"""What is promised to whom, and where: read and changed while the shelves are locked."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.statements import among, table_of
from app.stock.levels import Shelf
from app.stock.models import StockReservation

_own = table_of(StockReservation).c


def of_holders(session: Session, holders: Iterable[str]) -> dict[str, list[StockReservation]]:
    """What is or was promised to these holders; it stands still while their shelves are locked."""
    rows = session.scalars(
        select(StockReservation)
        .where(among(session, StockReservation.holder, sorted(holders)))
        .order_by(StockReservation.id)
        .execution_options(populate_existing=True)
    )
    known: dict[str, list[StockReservation]] = {}
    for row in rows:
        known.setdefault(row.holder, []).append(row)
    return known


def ends(session: Session, holders: Collection[str]) -> dict[str, datetime]:
    """Until when what is or was promised to these holders holds; others are missing."""
    rows = session.execute(
        select(_own.holder, func.max(_own.until, type_=_own.until.type).label("until"))
        .where(among(session, _own.holder, sorted(holders)))
        .group_by(_own.holder)
    )
    return {row.holder: row.until for row in rows}


def promised_in(shelf: Shelf, rows: Iterable[StockReservation]) -> int:
    """How much of these promises lies in a shelf and holds still."""
    return sum(
        row.quantity for row in rows if row.level_id == shelf.level.id and row.until > shelf.now
    )


def add_to(
    session: Session, rows: Sequence[StockReservation], level_id: int, quantity: int
) -> None:
    """Promises more to a holder, whose promises these are, in one level, for as long as those."""
    own = next((row for row in rows if row.level_id == level_id), None)
    if own is not None:
        own.quantity += quantity
    elif quantity and rows:
        until = max(row.until for row in rows)
        values = {"holder": rows[0].holder, "quantity": quantity, "until": until}
        session.add(StockReservation(level_id=level_id, **values))


def carry(session: Session, here: Shelf, there: Shelf, quantity: int) -> None:
    """Lets up to so many promises go from one locked shelf to another, those that end first before
    others.
    """
    alive = (StockReservation.level_id == here.level.id, StockReservation.until > here.now)
    rows = session.scalars(
        select(StockReservation)
        .where(*alive, StockReservation.quantity > 0)
        .order_by(StockReservation.until, StockReservation.id)
        .execution_options(populate_existing=True)
    ).all()
    theirs = of_holders(session, {row.holder for row in rows})
    for row in rows:
        if quantity == 0:
            break
        gone = min(row.quantity, quantity)
        quantity -= gone
        row.quantity -= gone
        here.reserved, there.reserved = here.reserved - gone, there.reserved + gone
        add_to(session, theirs[row.holder], there.level.id, gone)
    session.flush()
