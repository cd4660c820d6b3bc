"""Stock goes out with a redemption, and comes back where it is undone or the item was faulty.

Whoever calls these has the voucher's row locked, so its own promise stands still meanwhile.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actor import Actor
from app.stock.levels import Shelf, Sort, locked, reserved_in, shelf_of, sort_of, tell_low
from app.stock.models import StockLevel, StockMovement, StockReservation
from app.stock.movements import INSERT, Cause, movement


@dataclass(frozen=True)
class Take:
    """So many of a sort from a place, for a redemption of a holder."""

    sort: Sort
    place: str
    quantity: int
    holder: str
    subject: str
    actor: Actor
    promised_to: str | None = None
    """Whose promise it may use, where that is not the holder's own."""

    @property
    def promise(self) -> str:
        """What the reservation is known by."""
        return self.promised_to or self.holder


def take(session: Session, takes: Sequence[Take], *, now: datetime) -> list[bool]:
    """Takes out what there is, in order and in the caller's transaction; whether each was served.

    What is promised to its own holder is for that one; what is promised to others is not touched.
    A promise in another place ends as far as it is served here.
    """
    if not takes:
        return []
    own = _promises(session, takes, now)
    others = {reservation.level_id for reservation in own.values()}
    shelves = locked(session, {one.sort for one in takes}, now=now, others=others)
    rows: list[dict[str, Any]] = []
    served = []
    for one in takes:
        row = _take_one(shelves, one, own.get(one.promise), now)
        served.append(row is not None)
        rows += [row] if row else []
    session.flush()
    INSERT.run(session, rows)
    tell_low(session, shelves, actor=takes[-1].actor, now=now)
    return served


def would_serve(session: Session, one: Take, *, now: datetime) -> bool:
    """Whether `take()` would serve it just now; nothing is locked or changed."""
    levels = session.scalars(
        select(StockLevel).where(
            StockLevel.community_id == one.sort.community_id,
            StockLevel.item == one.sort.item,
            StockLevel.variant == one.sort.variant,
        )
    ).all()
    reserved = reserved_in(session, [level.id for level in levels], now=now)
    shelves = [Shelf(level, reserved.get(level.id, 0), 0) for level in levels]
    own = _promises(session, [one], now).get(one.promise)
    return _serving(shelves, one, own) is not None


def _promises(
    session: Session, takes: Sequence[Take], now: datetime
) -> dict[str, StockReservation]:
    rows = session.scalars(
        select(StockReservation)
        .where(StockReservation.holder.in_({one.promise for one in takes}))
        .where(StockReservation.until > now)
    )
    return {row.holder: row for row in rows}


def _serving(shelves: Sequence[Shelf], one: Take, own: StockReservation | None) -> Shelf | None:
    """The shelf that has it, beside what is promised to others."""
    shelf = shelf_of(shelves, one.sort, one.place)
    if shelf is None or shelf.level.on_hand < one.quantity:
        return None
    here = own is not None and own.level_id == shelf.level.id
    promised = min(own.quantity, one.quantity) if own is not None and here else 0
    return shelf if shelf.free >= one.quantity - promised else None


def _take_one(
    shelves: Sequence[Shelf], one: Take, own: StockReservation | None, now: datetime
) -> dict[str, Any] | None:
    shelf = _serving(shelves, one, own)
    if shelf is None:
        return None
    shelf.level.on_hand -= one.quantity
    promised = 0
    if own is not None:
        promised = min(own.quantity, one.quantity)
        own.quantity -= promised
        for other in shelves:
            if other.level.id == own.level_id:
                other.reserved -= promised
    return movement(
        shelf.level,
        -one.quantity,
        Cause.REDEEMED,
        str(one.actor),
        now,
        # What was promised to a hold ends with it, and is not promised again where it is undone.
        reserved=promised if one.promise == one.holder else 0,
        subject=one.subject,
        holder=one.holder,
    )


def put_back(session: Session, subject: str, *, actor: Actor, now: datetime) -> None:
    """Puts back what a redemption took, and promises it again as far as it had been promised."""
    taken = select(StockMovement).where(
        StockMovement.subject == subject, StockMovement.cause == Cause.REDEEMED
    )
    for out in session.scalars(taken).all():
        level = _locked_level(session, out.level_id, now)
        level.on_hand -= out.change
        own = select(StockReservation).where(StockReservation.holder == out.holder)
        for reservation in session.scalars(own):
            reservation.quantity += out.reserved
        session.flush()
        row = movement(
            level,
            -out.change,
            Cause.UNDONE,
            str(actor),
            now,
            reserved=out.reserved,
            subject=subject,
            holder=out.holder,
        )
        INSERT.run(session, [row])


def take_in(
    session: Session, holder: str, quantity: int, *, usable: bool, actor: Actor, now: datetime
) -> None:
    """Takes a faulty item in that a holder had been given: back into stock, or written off.

    Where nothing had been taken from stock for it, nothing changes.
    """
    last = session.scalar(
        select(StockMovement)
        .where(StockMovement.holder == holder, StockMovement.cause == Cause.REDEEMED)
        .order_by(StockMovement.id.desc())
        .limit(1)
    )
    if last is None:
        return
    level, change = _locked_level(session, last.level_id, now), quantity if usable else 0
    level.on_hand += change
    session.flush()
    cause = Cause.RETURNED if usable else Cause.FAULTY
    INSERT.run(session, [movement(level, change, cause, str(actor), now, holder=holder)])


def _locked_level(session: Session, level_id: int, now: datetime) -> StockLevel:
    sort = sort_of(session.get_one(StockLevel, level_id))
    [level] = [one.level for one in locked(session, {sort}, now=now) if one.level.id == level_id]
    return level
