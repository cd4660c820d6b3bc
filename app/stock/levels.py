"""What lies where and how much of it is free, with the levels locked by who changes them."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Select,
    bindparam,
    case,
    false,
    func,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.orm import Session

from app.statements import among, table_of
from app.stock.models import StockLevel, StockReservation


class Sort(NamedTuple):
    """One sort of things: an item's variant (empty where it has none) in a community."""

    community_id: int
    item: str
    variant: str


AHEAD = timedelta(minutes=1)
"""How far the moment by which others were served is believed beyond one's own clock.

Nobody waits for a lock for longer; a clock that is further ahead is wrong."""
NONE = (0, 0)
_level = table_of(StockLevel).c
_SORT = tuple_(_level.community_id, _level.item, _level.variant)
# Rows and not entities, and no flush: that took half of a redemption's time with the stock.
_LEVELS = select(
    _level.id,
    _level.community_id,
    _level.item,
    _level.variant,
    _level.place,
    _level.on_hand,
    _level.low,
    _level.as_of,
)
_CHANGE = (
    update(table_of(StockLevel))
    .where(_level.id == bindparam("level"))
    .values(on_hand=bindparam("lies"), as_of=bindparam("told"))
)


def _locking(which: ColumnElement[bool]) -> Select[Any]:
    return _LEVELS.where(which).order_by(_level.id).with_for_update()


def _promised(whose: ColumnElement[bool]) -> Select[int, str, str]:
    return (
        select(_level.community_id, _level.item, _level.variant)
        .join_from(table_of(StockLevel), table_of(StockReservation), _promise.level_id == _level.id)
        .where(whose)
    )


FEW = 200
"""So many holders are named one by one, in statements that are put together once."""
_promise = table_of(StockReservation).c
_LOCK_FEW = _locking(
    _SORT.in_(bindparam("sorts", expanding=True))
    | _SORT.in_(_promised(_promise.holder.in_(bindparam("holders", expanding=True))))
)
_RESERVED = (
    select(
        _promise.level_id,
        # What is lent is in its lender's promise already.
        func.sum(_promise.quantity - _promise.lent),
        func.sum(case((_promise.lender.is_not(None), _promise.quantity), else_=0)),
    )
    .where(
        _promise.level_id.in_(bindparam("levels", expanding=True)),
        _promise.until > bindparam("now", type_=_promise.until.type),
    )
    .group_by(_promise.level_id)
)


@dataclass(slots=True)
class Level:
    """A `StockLevel`'s row as it was read; `save()` writes what was changed of it."""

    id: int
    community_id: int
    item: str
    variant: str
    place: str
    on_hand: int
    low: int | None
    as_of: datetime | None


@dataclass(slots=True)
class Shelf:
    """A level while it is changed: what lies there, and how much is promised to whom."""

    level: Level
    reserved: int
    held: int
    """How many of those that are promised are in somebody's hands just now: a hold's."""
    free_before: int
    now: datetime
    """By when it is told what is promised: not earlier than what others were told before."""
    was: tuple[int, datetime | None]
    """What is written of it already: what lies there, and by when it was told."""

    @property
    def free(self) -> int:
        """What lies there and is promised to nobody; below zero where less was counted."""
        return self.level.on_hand - self.reserved


def locked(
    session: Session,
    sorts: Collection[Sort],
    *,
    now: datetime,
    holders: Collection[str] = (),
) -> list[Shelf]:
    """The shelves of these sorts, and of those of which something is promised to these holders,
    locked until the caller's commit.

    Always in the order of their ids, so that two who want the same ones never wait for each other.
    Whoever changes what is promised locks them first, and reads promises after it.
    """
    if sorts and len(holders) <= FEW:
        given = {"sorts": list(sorts), "holders": list(holders)}
        levels = session.execute(_LOCK_FEW, given).all()
    else:
        which = [_SORT.in_(sorts)] if sorts else []
        if holders:
            theirs = among(session, _promise.holder, sorted(holders))
            which.append(_SORT.in_(_promised(theirs)))
        levels = session.execute(_locking(or_(false(), *which))).all()
    # In a statement of its own: what others committed while this one waited has to be seen.
    return _shelves(session, levels, now)


def lying(session: Session, sort: Sort, *, now: datetime) -> list[Shelf]:
    """The shelves of a sort, to look at: nothing is locked."""
    levels = session.execute(_LEVELS.where(_SORT.in_([sort]))).all()
    return _shelves(session, levels, now)


def save(session: Session, shelves: Iterable[Shelf]) -> None:
    """Writes what lies in locked shelves, as far as it was changed, and when it was told."""
    for shelf in shelves:
        level = shelf.level
        if (level.on_hand, level.as_of) != shelf.was:
            given = {"level": level.id, "lies": level.on_hand, "told": level.as_of}
            session.connection().execute(_CHANGE, given)
            shelf.was = level.on_hand, level.as_of


def told_by(shelves: Iterable[Shelf], now: datetime) -> datetime:
    """By when it is told what is promised in these shelves: `now`, or later."""
    return max((shelf.now for shelf in shelves), default=now)


def reserved_in(
    session: Session, levels: Collection[int], *, now: datetime
) -> dict[int, tuple[int, int]]:
    """How many are promised in each of these levels, and how many of those holds have; one without
    a promise is left out.
    """
    rows = session.execute(_RESERVED, {"levels": list(levels), "now": now})
    return {level_id: (int(promised), int(held)) for level_id, promised, held in rows}


def of_community(
    session: Session, community_id: int, *, now: datetime
) -> Sequence[tuple[Level, int]]:
    """Every level of a community with how many are promised, by item, variant and place."""
    rows = session.execute(
        _LEVELS.where(_level.community_id == community_id).order_by(
            _level.item, _level.variant, _level.place
        )
    )
    levels = [Level(*row) for row in rows]
    reserved = reserved_in(session, [level.id for level in levels], now=now)
    return [(level, reserved.get(level.id, NONE)[0]) for level in levels]


def shelf_of(shelves: Sequence[Shelf], sort: Sort, place: str) -> Shelf | None:
    """The one of these shelves where this sort lies in that place."""
    fitting = [one for one in shelves if one.level.place == place and sort_of(one.level) == sort]
    return fitting[0] if fitting else None


def sort_of(level: Level | StockLevel) -> Sort:
    """The sort that lies in a level."""
    return Sort(level.community_id, level.item, level.variant)


def _shelves(session: Session, rows: Iterable[Sequence[Any]], now: datetime) -> list[Shelf]:
    levels = [Level(*row) for row in rows]
    latest = max((level.as_of for level in levels if level.as_of is not None), default=now)
    now = max(now, min(latest, now + AHEAD))
    reserved = reserved_in(session, [level.id for level in levels], now=now) if levels else {}
    shelves = [
        Shelf(level, *reserved.get(level.id, NONE), 0, now, (level.on_hand, level.as_of))
        for level in levels
    ]
    for shelf in shelves:
        shelf.free_before = shelf.free
    return shelves
