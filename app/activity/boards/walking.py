"""Walking along a leaderboard, from any place downwards or upwards, some rows at a time."""

from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from app.activity.counters.models import Counter
from app.activity.counters.ranks import Where
from app.statements import table_of

PAGE = 64
"""So many rows are read at once."""
_counter = table_of(Counter).c


class Row(NamedTuple):
    """A member's count."""

    member_id: int
    counted: int


def walk(
    session: Session, where: Where, start: tuple[int, int] | None = None, *, upwards: bool = False
) -> Iterator[Row]:
    """Who stands from `start` (count and member, not in it) on downwards, or upwards; those tied by
    the member's number.

    Where a page ends among some who are tied, they are read by themselves: no order of an index is
    that of counts downwards and of members upwards.
    """
    return _Along(session, where, upwards).from_start(start)


class _Along:
    """A way along the index, downwards or upwards."""

    def __init__(self, session: Session, where: Where, upwards: bool):
        self._session, self._upwards = session, upwards
        every = select(_counter.member_id, _counter.count.label("counted"))
        self._every = every.where(where.of(_counter)).limit(PAGE)

    def from_start(self, start: tuple[int, int] | None) -> Iterator[Row]:
        if start is not None:
            yield from self._tied(*start)
        last = start[0] if start is not None else None
        while True:
            rows = self._beyond(last)
            ended = len(rows) < PAGE
            last = rows[-1].counted if rows else None
            whole = rows if ended else [row for row in rows if row.counted != last]
            sign = 1 if self._upwards else -1
            yield from sorted(whole, key=lambda row: (sign * row.counted, -sign * row.member_id))
            if ended or last is None:
                return
            yield from self._tied(last, None)

    def _beyond(self, count: int | None) -> list[Row]:
        order = (_counter.count, _counter.member_id)
        wanted = self._every.order_by(*(order if self._upwards else [one.desc() for one in order]))
        # One bound at each end and no more: SQLite seeks by the first that it finds.
        wanted = wanted.where(_counter.count > (count or 0 if self._upwards else 0))
        if count is not None and not self._upwards:
            wanted = wanted.where(_counter.count < count)
        return [Row(*row) for row in self._session.execute(wanted)]

    def _tied(self, count: int, member_id: int | None) -> Iterator[Row]:
        # A span of one count, as for an equal one SQLite would walk along the members.
        least, most = _counter.count >= count, _counter.count <= count
        key, order = (
            tuple_(_counter.count, _counter.member_id),
            (_counter.count, _counter.member_id),
        )
        tied = self._every.order_by(*([one.desc() for one in order] if self._upwards else order))
        while True:
            if member_id is None:
                wanted = tied.where(least, most)
            elif self._upwards:
                wanted = tied.where(least, key < tuple_(count, member_id))
            else:
                wanted = tied.where(key > tuple_(count, member_id), most)
            rows = [Row(*row) for row in self._session.execute(wanted)]
            yield from rows
            if len(rows) < PAGE:
                return
            member_id = rows[-1].member_id
