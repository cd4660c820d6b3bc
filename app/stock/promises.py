"""What is promised to whom, and where: read and changed while the shelves are locked."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, func, select, union_all
from sqlalchemy.orm import Session

from app.statements import among, table_of
from app.stock.levels import FEW, Shelf
from app.stock.models import StockReservation

_own = table_of(StockReservation).c


def _of_those(held: ColumnElement[bool], lent: ColumnElement[bool]) -> Select[StockReservation]:
    # Not with OR, for which SQLite may read the whole table.
    which = union_all(select(_own.id).where(held), select(_own.id).where(lent))
    return (
        select(StockReservation)
        .where(StockReservation.id.in_(which))
        .order_by(StockReservation.id)
        .execution_options(populate_existing=True)
    )


_names: BindParameter[Any] = bindparam("names", expanding=True)
_OF_FEW = _of_those(_own.holder.in_(_names), _own.lender.in_(_names))


class Promises:
    """What is or was promised to some holders; it stands still while their shelves are locked."""

    def __init__(self, rows: Iterable[StockReservation]):
        self._rows: dict[str, list[StockReservation]] = {}
        self._loans: dict[tuple[str, int], list[StockReservation]] = {}
        for row in rows:
            self._rows.setdefault(row.holder, []).append(row)
            if row.lender is not None:
                self._loans.setdefault((row.lender, row.level_id), []).append(row)

    def of(self, holder: str | None) -> Sequence[StockReservation]:
        """A holder's promises, also those that ended."""
        return self._rows.get(holder or "", ())

    def left_of(self, row: StockReservation, now: datetime) -> int:
        """What of a promise its holder has by now: what is lent to a hold is the hold's."""
        if row.until <= now:
            return 0
        loans = self._loans.get((row.holder, row.level_id), ())
        return row.quantity - sum(loan.lent for loan in loans if loan.until > now)

    def left_in(self, shelf: Shelf, holder: str | None) -> int:
        """What of a holder's promises lies in a shelf, and is lent to nobody."""
        rows = [row for row in self.of(holder) if row.level_id == shelf.level.id]
        return sum(self.left_of(row, shelf.now) for row in rows)

    def end_loans(self, holder: str) -> None:
        """What a holder has lent is promised to nobody any more; what it was lent is given back."""
        for (lender, _), loans in self._loans.items():
            if lender == holder:
                for loan in loans:
                    loan.quantity, loan.lent = loan.quantity - loan.lent, 0
        for row in self.of(holder):
            row.quantity, row.lent = row.quantity - row.lent, 0

    def end_hold(self, shelves: Iterable[Shelf], holder: str) -> None:
        """Ends what is promised to a hold: what it was lent is the lender's again."""
        on = {shelf.level.id: shelf for shelf in shelves}
        for row in self.of(holder):
            shelf = on.get(row.level_id)
            if shelf is not None and row.until > shelf.now:
                shelf.reserved -= row.quantity - row.lent
                shelf.held -= row.quantity
            row.quantity = row.lent = 0


def of_holders(session: Session, holders: Iterable[str]) -> Promises:
    """What is or was promised to these holders, with what is lent of it."""
    names = sorted(holders)
    if len(names) <= FEW:
        return Promises(session.scalars(_OF_FEW, {"names": names}))
    which = [among(session, column, names) for column in (_own.holder, _own.lender)]
    return Promises(session.scalars(_of_those(*which)))


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
