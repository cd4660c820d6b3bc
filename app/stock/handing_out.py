"""Stock goes out with a redemption, and comes back where it is undone or the item was faulty.

Whoever calls these has the voucher's row locked; promises are read once the shelves are locked.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actor import Actor
from app.plugins import Plugins
from app.stock.levels import (
    Shelf,
    Sort,
    locked,
    lying,
    save,
    shelf_of,
    sort_of,
)
from app.stock.low import tell_low
from app.stock.models import StockLevel, StockMovement
from app.stock.movements import INSERT, Cause, movement
from app.stock.promises import Promises, add_to, of_holders


@dataclass(frozen=True)
class Take:
    """So many of a sort from a place, for a redemption of a holder."""

    sort: Sort
    place: str
    quantity: int
    holder: str
    subject: str
    actor: Actor
    kept_for: str | None = None
    """The hold whose promise is there for it as well, and ends with it."""

    @property
    def promised_to(self) -> list[str]:
        """Whose promises it may use."""
        return [self.holder, *([self.kept_for] if self.kept_for else [])]


def take(session: Session, takes: Sequence[Take], *, now: datetime) -> list[bool]:
    """Takes out what there is, in order and in the caller's transaction; whether each was served.

    What is promised to its own holder is for that one, also where fewer lie there than are
    promised; what is promised to others, or lent to a hold, is not touched. A promise in another
    place ends as far as it is served here.
    """
    if not takes:
        return []
    holders = {holder for one in takes for holder in one.promised_to}
    shelves = locked(session, {one.sort for one in takes}, now=now, holders=holders)
    # Where nothing is promised at all, nothing is promised to these.
    is_promised = any(shelf.reserved or shelf.held for shelf in shelves)
    promises = of_holders(session, holders) if is_promised else Promises(())
    rows: list[dict[str, Any]] = []
    served = []
    for one in takes:
        row = _take_one(shelves, one, promises, now)
        served.append(row is not None)
        rows += [row] if row else []
    if is_promised:
        session.flush()
    save(session, shelves)
    INSERT.run(session, rows)
    tell_low(session, shelves, actor=takes[-1].actor, now=now)
    return served


def would_serve(session: Session, one: Take, *, now: datetime) -> bool:
    """Whether `take()` would serve it just now; nothing is locked or changed."""
    promises = of_holders(session, one.promised_to)
    return _serving(lying(session, one.sort, now=now), one, promises) is not None


def _serving(shelves: Sequence[Shelf], one: Take, promises: Promises) -> Shelf | None:
    """The shelf that has it, beside what is promised to others."""
    shelf = shelf_of(shelves, one.sort, one.place)
    if shelf is None:
        return None
    held = promises.left_in(shelf, one.kept_for)
    if shelf.level.on_hand - (shelf.held - held) < one.quantity:
        return None
    extra = one.quantity - held - promises.left_in(shelf, one.holder)
    return shelf if extra <= 0 or shelf.free >= extra else None


def _take_one(
    shelves: Sequence[Shelf], one: Take, promises: Promises, now: datetime
) -> dict[str, Any] | None:
    shelf = _serving(shelves, one, promises)
    if shelf is None:
        return None
    if one.kept_for:
        # It is not promised again where the redemption is undone; what it was lent is.
        promises.end_hold(shelves, one.kept_for)
    ended = _end(shelves, shelf, promises, one)
    shelf.level.on_hand -= one.quantity
    shelf.level.as_of = shelf.now
    return movement(
        shelf.level,
        -one.quantity,
        Cause.REDEEMED,
        str(one.actor),
        now,
        reserved=ended,
        subject=one.subject,
        holder=one.holder,
    )


def _end(shelves: Sequence[Shelf], here: Shelf, promises: Promises, one: Take) -> int:
    """Ends so much of its holder's promise, first what lies here; returns how much there was of it.

    What is lent to other holds stays: they may be on their way over the counter.
    """
    ended = 0
    for row in sorted(promises.of(one.holder), key=lambda row: row.level_id != here.level.id):
        gone = min(promises.left_of(row, here.now), one.quantity - ended)
        row.quantity -= gone
        ended += gone
        for shelf in shelves:
            if shelf.level.id == row.level_id:
                shelf.reserved -= gone
    return ended


def put_back(
    session: Session, subject: str, *, actor: Actor, now: datetime, place: str | None = None
) -> None:
    """Puts back what a redemption took, and promises it again as far as it had been promised: it
    lies where it came back, wherever it had been promised before.

    That is `place`, where this sort has a shelf there and its holder is served there; else where it
    was taken from.
    """
    unserved = cast(Plugins, session.info["plugins"]).unserved
    taken = select(StockMovement).where(
        StockMovement.subject == subject, StockMovement.cause == Cause.REDEEMED
    )
    for out in session.scalars(taken).all():
        is_served = place is not None and not unserved(session, [out.holder], place)
        shelf = _shelf_for(session, out.level_id, place if is_served else None, now)
        level = shelf.level
        level.on_hand -= out.change
        own = of_holders(session, [out.holder])
        add_to(session, own.of(out.holder), level.id, out.reserved)
        session.flush()
        save(session, [shelf])
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
    """Takes faulty items in that a holder had been given: back into stock, or written off.

    The last that were handed out and not undone, each where it had been taken from; what had not
    been taken from stock changes nothing.
    """
    out = session.scalars(
        select(StockMovement)
        .where(StockMovement.holder == holder)
        .where(StockMovement.cause.in_((Cause.REDEEMED, Cause.UNDONE)))
        .order_by(StockMovement.id.desc())
    ).all()
    undone = {one.subject for one in out if one.cause == Cause.UNDONE}
    stood = [one for one in out if one.subject not in undone]
    back: Counter[int] = Counter()
    for one in stood:
        back[one.level_id] += min(-one.change, quantity - back.total())
    shelves = _locked_shelves(session, back.keys(), now)
    cause = Cause.RETURNED if usable else Cause.FAULTY
    rows = []
    for shelf in shelves:
        level = shelf.level
        change = back[level.id] if usable else 0
        level.on_hand += change
        if back[level.id]:
            rows.append(movement(level, change, cause, str(actor), now, holder=holder))
    save(session, shelves)
    INSERT.run(session, rows)


def _locked_shelves(session: Session, level_ids: Collection[int], now: datetime) -> list[Shelf]:
    sorts = {sort_of(session.get_one(StockLevel, level_id)) for level_id in level_ids}
    shelves = locked(session, sorts, now=now) if sorts else []
    return [shelf for shelf in shelves if shelf.level.id in level_ids]


def _shelf_for(session: Session, taken_from: int, place: str | None, now: datetime) -> Shelf:
    """The shelf in a place, with the whole sort locked; else that from which it was taken."""
    sort = sort_of(session.get_one(StockLevel, taken_from))
    shelves = locked(session, {sort}, now=now)
    there = shelf_of(shelves, sort, place) if place is not None else None
    return there or next(shelf for shelf in shelves if shelf.level.id == taken_from)
