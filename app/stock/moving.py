"""What organisers do with stock: receive, count, carry and write off."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app import journal
from app.actor import Actor
from app.communities import places
from app.refusals import Refused
from app.stock.carrying import carry, going
from app.stock.facts import StockChanged
from app.stock.levels import Level, Shelf, Sort, locked, save, shelf_of
from app.stock.low import tell_low
from app.stock.movements import INSERT, Cause, movement


class StockRefused(Refused):
    """It cannot be: there is no such level, or less lies there."""

    code = "stock_refused"
    status = 409


def receive(
    session: Session,
    sort: Sort,
    place: str,
    quantity: int,
    *,
    reason: str,
    actor: Actor,
    now: datetime,
) -> Level:
    """So many came in; raises `StockRefused` where the programme knows no such level."""
    shelf = _open(session, sort, place, now)
    return _change(session, shelf, quantity, Cause.RECEIVED, reason, actor, now)


def count(
    session: Session,
    sort: Sort,
    place: str,
    found: int,
    *,
    reason: str,
    actor: Actor,
    now: datetime,
) -> Level:
    """A stocktake: so many lie there, whatever was thought before. Raises `StockRefused`."""
    shelf = _open(session, sort, place, now)
    return _change(session, shelf, found - shelf.level.on_hand, Cause.COUNTED, reason, actor, now)


def write_off(
    session: Session,
    sort: Sort,
    place: str,
    quantity: int,
    *,
    reason: str,
    actor: Actor,
    now: datetime,
) -> Level:
    """So many are lost or broken; raises `StockRefused` where fewer lie there."""
    shelf = _open(session, sort, place, now)
    _has(shelf, quantity, shelf.level.on_hand)
    return _change(session, shelf, -quantity, Cause.WRITTEN_OFF, reason, actor, now)


def charge(
    session: Session,
    sort: Sort,
    place: str,
    quantity: int,
    *,
    reason: str,
    actor: Actor,
    now: datetime,
) -> Level:
    """So many were handed over without being taken off; where fewer lie there, it comes to none."""
    shelf = _open(session, sort, place, now)
    gone = min(quantity, shelf.level.on_hand)
    return _change(session, shelf, -gone, Cause.CHARGED, reason, actor, now)


def move(
    session: Session,
    sort: Sort,
    place: str,
    to: str,
    quantity: int,
    *,
    reason: str,
    actor: Actor,
    now: datetime,
) -> list[Level]:
    """So many are carried from one place to another; what is promised stays where it is.

    But from a station that the programme has withdrawn promises go along, those that end first
    before others: nothing is handed over there any more. What is promised to who is not served at
    the other place stays, and so does what is being handed out. Raises `StockRefused` where fewer
    can go.
    """
    if place == to:
        raise StockRefused("Name two places.")
    shelves = locked(session, {sort}, now=now)
    here, there = _known(shelves, sort, place), _known(shelves, sort, to)
    if places.is_withdrawn(session, sort.community_id, place):
        along = going(session, here, there)
        stays = along.staying + along.held
        _has(here, quantity, max(here.level.on_hand - stays, 0), along.why)
        carry(session, here, there, quantity, along)
    else:
        _has(here, quantity, max(here.free, 0))
    return [
        _change(session, here, -quantity, Cause.MOVED, reason, actor, now),
        _change(session, there, quantity, Cause.MOVED, reason, actor, now),
    ]


def _open(session: Session, sort: Sort, place: str, now: datetime) -> Shelf:
    return _known(locked(session, {sort}, now=now), sort, place)


def _known(shelves: Sequence[Shelf], sort: Sort, place: str) -> Shelf:
    shelf = shelf_of(shelves, sort, place)
    if shelf is None:
        variant = f", variant {sort.variant}" if sort.variant else ""
        raise StockRefused(f"The programme has no item {sort.item}{variant} at {place}.")
    return shelf


def _has(shelf: Shelf, quantity: int, there: int, why: str = "") -> None:
    if quantity > there:
        told = f"Only {there} of {shelf.level.item} at {shelf.level.place} can go."
        raise StockRefused(f"{told} {why}".rstrip())


def _change(
    session: Session,
    shelf: Shelf,
    change: int,
    cause: Cause,
    reason: str,
    actor: Actor,
    now: datetime,
) -> Level:
    level = shelf.level
    level.on_hand += change
    level.as_of = shelf.now
    save(session, [shelf])
    INSERT.run(session, [movement(level, change, cause, str(actor), now)])
    fact = StockChanged(
        item=level.item,
        variant=level.variant,
        place=level.place,
        cause=cause,
        change=change,
        on_hand=level.on_hand,
        reason=journal.remark(session, level.community_id, reason, now=now),
    )
    journal.record(session, fact, community_id=level.community_id, actor=actor, now=now)
    tell_low(session, [shelf], actor=actor, now=now)
    return level
