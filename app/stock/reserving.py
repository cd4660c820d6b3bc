"""Promising stock to a holder until a moment; from then on it is free again by itself."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, update
from sqlalchemy.orm import Session

from app.actor import Actor
from app.refusals import Refused
from app.rows import RowInsert
from app.statements import table_of
from app.stock.levels import Shelf, Sort, locked, save, sort_of, told_by
from app.stock.low import tell_low
from app.stock.models import StockReservation
from app.stock.promises import Promises, ends, of_holders, promised_in

_INSERT = RowInsert(StockReservation)
_own = table_of(StockReservation).c
_PROLONG = (
    update(table_of(StockReservation))
    # What was lent holds until it comes back, though the voucher's own end may be earlier.
    .where(_own.holder == bindparam("whose"), _own.until < bindparam("later"))
    .values(until=bindparam("later"))
)


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
    lender: str | None = None
    """Who is served by it, where it is a hold: it is lent what lies in these places of that one's
    promise, and has it alone until it ends."""
    instead_of: str | None = None
    """Whose promise ends as this one is made, and is free for it."""


def reserve(session: Session, wants: Sequence[Want], *, actor: Actor, now: datetime) -> set[str]:
    """Promises what there is, first come first served, in the caller's transaction.

    Returns the holders that got all they want, each from one place, where most are free. A holder
    wants once; one whose promise ended gets a new one. Who lends has what was promised for at least
    as long as that is lent.
    """
    if not wants:
        return set()
    others = {other for want in wants for other in (want.lender, want.instead_of) if other}
    shelves = locked(session, {want.sort for want in wants}, now=now, holders=others)
    known = of_holders(session, others | {want.holder for want in wants})
    rows = []
    served = set()
    for want in wants:
        ending = [*known.of(want.holder), *known.of(want.instead_of)]
        shelf = _best(shelves, want, known, ending) if want.quantity > 0 else None
        if shelf is None and want.quantity > 0:
            continue
        served.add(want.holder)
        _end(shelves, want, ending)
        if shelf is not None:
            lent = min(known.left_in(shelf, want.lender), want.quantity)
            if lent:
                _outlast(known.of(want.lender), want.until, shelf.now)
            rows += _promise(shelf, want, lent, ending)
    session.flush()
    save(session, shelves)
    _INSERT.run(session, rows)
    tell_low(session, shelves, actor=actor, now=now)
    return served


def prolong(
    session: Session,
    wants: Sequence[Want],
    *,
    forgotten: Collection[str] = (),
    actor: Actor,
    now: datetime,
) -> set[str]:
    """Lets promises hold until later, in the caller's transaction; those that ended are made again.

    Returns the holders for whom nothing was left. To whom nothing was ever promised, nothing is,
    but for those whose promise may have ended so long ago that it was `forgotten`.
    """
    holders = {want.holder for want in wants}
    # Before it is read which have ended: who promises the same to others waits, or was first.
    shelves = locked(session, {want.sort for want in wants}, now=now, holders=holders)
    until = ends(session, holders)
    lasting: list[Want] = []
    again: list[Want] = []
    for want in wants:
        if want.holder in until:
            (lasting if until[want.holder] > told_by(shelves, now) else again).append(want)
        elif want.holder in forgotten:
            again.append(want)
    if lasting:
        later = [{"whose": want.holder, "later": want.until} for want in lasting]
        session.connection().execute(_PROLONG, later)
    return {want.holder for want in again} - reserve(session, again, actor=actor, now=now)


def release(session: Session, holder: str, *, now: datetime) -> None:
    """Makes what is promised to a holder free at once, and what it has lent."""
    if locked(session, (), now=now, holders=[holder]):
        # At once, whatever the clock says of whoever looks next.
        of_holders(session, [holder]).end_loans(holder)
        session.execute(
            update(StockReservation)
            .where(StockReservation.holder == holder, StockReservation.until > now)
            .values(until=now)
            .execution_options(synchronize_session="fetch")
        )


def hand_on(session: Session, holder: str, to: str, *, now: datetime) -> None:
    """Gives a promise to another holder, as it is."""
    if locked(session, (), now=now, holders=[holder]):
        session.execute(
            update(StockReservation)
            .where(StockReservation.holder == holder)
            .values(holder=to)
            .execution_options(synchronize_session="fetch")
        )


def _fits(shelf: Shelf, want: Want) -> bool:
    return sort_of(shelf.level) == want.sort and (
        want.places is None or shelf.level.place in want.places
    )


def _best(
    shelves: Sequence[Shelf], want: Want, known: Promises, ending: Sequence[StockReservation]
) -> Shelf | None:
    free = {
        shelf.level.id: shelf.free + promised_in(shelf, ending)
        for shelf in shelves
        if _fits(shelf, want)
    }
    fitting = [
        shelf
        for shelf in shelves
        if shelf.level.id in free and _has(shelf, want, known, free[shelf.level.id])
    ]
    return max(fitting, key=lambda shelf: free[shelf.level.id], default=None)


def _has(shelf: Shelf, want: Want, known: Promises, free: int) -> bool:
    """Whether what is wanted is there, beside what is promised to others."""
    if want.lender is None:
        return free >= want.quantity
    if shelf.level.on_hand - shelf.held < want.quantity:
        # Others hold what was promised to them, and fewer lie there than are promised.
        return False
    extra = want.quantity - known.left_in(shelf, want.lender)
    return extra <= 0 or free >= extra


def _outlast(rows: Sequence[StockReservation], until: datetime, now: datetime) -> None:
    """A hold of the last minute outlasts its voucher; so does what it is lent."""
    for row in rows:
        if row.until > now:
            row.until = max(row.until, until)


def _end(shelves: Sequence[Shelf], want: Want, ending: Sequence[StockReservation]) -> None:
    for shelf in shelves:
        shelf.reserved -= promised_in(shelf, ending)
    for row in ending:
        row.holder, row.quantity, row.until = want.holder, 0, want.until


def _promise(
    shelf: Shelf, want: Want, lent: int, ended: Sequence[StockReservation]
) -> list[dict[str, Any]]:
    """Promises it, by the row of one that ended where there is one; else returns a new row."""
    shelf.reserved += want.quantity - lent
    shelf.held += want.quantity if want.lender else 0
    shelf.level.as_of = shelf.now
    for row in ended:
        if row.level_id == shelf.level.id:
            row.quantity = want.quantity
            return []
    return [
        {
            "level_id": shelf.level.id,
            "holder": want.holder,
            "quantity": want.quantity,
            "until": want.until,
            "lender": want.lender,
            "lent": lent,
        }
    ]
