"""Which rank a count has, however many members there are.

To count who has more takes longer the further down somebody is. So it is kept how many members lie
in each stretch of counts: below 64 each count is one by itself, above a stretch is a thirty-second
of what it begins with. Only within a count's own stretch members are looked at.
"""

from collections import Counter as Tally
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import case, delete, func, select, tuple_
from sqlalchemy.orm import Session

from app.activity.counters import by_window
from app.activity.counters.models import Counter, CounterBucket
from app.rows import RowAdd
from app.statements import table_of

_ADD_MEMBERS = RowAdd(CounterBucket, "members")
_BITS = 5
SINGLE = 2 << _BITS
"""Counts below it are stretches by themselves."""
_counter, _bucket = table_of(Counter).c, table_of(CounterBucket).c


class Where(NamedTuple):
    """What is ranked: a community's metric in a window."""

    community_id: int
    metric: str
    window: str

    def of(self, columns: Any) -> Any:
        """The condition on a table's columns."""
        return (
            (columns.community_id == self.community_id)
            & (columns.metric == self.metric)
            & (columns.window == self.window)
        )


class Moved(NamedTuple):
    """That a member's count changed."""

    metric: str
    window: str
    before: int
    after: int


def bucket_of(count: int) -> int:
    """The stretch that a count lies in; more never lies in a lower one."""
    shift = max(0, count.bit_length() - _BITS - 1)
    return (shift << _BITS) + (count >> shift)


def first_of(bucket: int) -> int:
    """The least count of a stretch."""
    if bucket < SINGLE:
        return bucket
    shift = (bucket >> _BITS) - 1
    return (bucket - (shift << _BITS)) << shift


def shift(session: Session, community_id: int, moves: Iterable[Moved]) -> None:
    """Keeps up with counts that changed: one statement, for who has the intake to itself."""
    changes: Tally[tuple[str, str, int]] = Tally()
    for metric, window, before, after in moves:
        left, come = bucket_of(before), bucket_of(after)
        if left != come:
            # Who has nothing is on no board.
            changes[metric, window, left] -= before > 0
            changes[metric, window, come] += after > 0
    _ADD_MEMBERS.run(
        session,
        [
            (community_id, metric, window, bucket, change)
            for (metric, window, bucket), change in sorted(changes.items())
            if change
        ],
    )


def forget(
    session: Session,
    community_id: int,
    metrics: Sequence[str],
    *,
    but: Iterable[tuple[str, str]],
    member_ids: Iterable[int] | None,
) -> None:
    """Counters of these metrics are about to be deleted, all or these members', `but` those of
    some (metric, window).
    """
    but = sorted(but)
    if member_ids is None:
        which = [_bucket.community_id == community_id, _bucket.metric.in_(metrics)]
        if but:
            which.append(tuple_(_bucket.metric, _bucket.window).not_in(but))
        session.connection().execute(delete(table_of(CounterBucket)).where(*which))
        return
    rows = session.execute(
        select(_counter.metric, _counter.window, _counter.count.label("counted")).where(
            _counter.metric.in_(metrics),
            by_window.rows_of(session, community_id, Counter, member_ids),
        )
    ).all()
    there = kept(session, community_id, metrics) - set(but)
    left = [row for row in rows if (row.metric, row.window) in there]
    shift(session, community_id, [Moved(r.metric, r.window, r.counted, 0) for r in left])


def kept(session: Session, community_id: int, metrics: Iterable[str]) -> set[tuple[str, str]]:
    """Of which windows of these metrics it is kept who lies where, as (metric, window): where it is
    kept of some members it is of all.
    """
    rows = session.execute(
        select(_bucket.metric, _bucket.window)
        .where(_bucket.community_id == community_id, _bucket.metric.in_(sorted(metrics)))
        .distinct()
    )
    return {(row.metric, row.window) for row in rows}


def members_in(session: Session, where: Where) -> int:
    """How many members have counted anything."""
    found = session.scalar(select(func.sum(_bucket.members)).where(where.of(_bucket)))
    if found is None:
        counted = select(func.count()).where(where.of(_counter), _counter.count > 0)
        found = session.scalar(counted)
    return int(found or 0)


def greater(session: Session, where: Where, count: int) -> int:
    """How many members have more than this."""
    own = bucket_of(count)
    row = session.execute(
        select(
            func.sum(case((_bucket.bucket > own, _bucket.members), else_=0)).label("above"),
            func.sum(case((_bucket.bucket == own, _bucket.members), else_=0)).label("beside"),
        ).where(where.of(_bucket))
    ).one()
    if row.above is None:
        # On no leaderboard: nothing is kept of it.
        return _count(session, where, _counter.count > count)
    if own < SINGLE:
        return int(row.above)
    begins, ends = first_of(own), first_of(own + 1)
    if count - begins < ends - count:
        lower = _count(session, where, _counter.count >= begins, _counter.count <= count)
        return int(row.above) + int(row.beside) - lower
    return int(row.above) + _count(session, where, _counter.count > count, _counter.count < ends)


def tied(session: Session, where: Where, least: int, most: int) -> list[tuple[int, int]]:
    """How many members have each count above `least` and up to `most`, the most first."""
    found: list[tuple[int, int]] = []
    if least == most:
        return found
    single = SINGLE if least >= SINGLE or _is_kept(session, where) else 0
    if most >= single:
        rows = session.execute(
            select(_counter.count.label("counted"), func.count().label("members"))
            .where(where.of(_counter))
            .where(_counter.count > max(least, single - 1), _counter.count <= most)
            .group_by(_counter.count)
        )
        found += [(row.counted, row.members) for row in rows]
    if least < single - 1:
        rows = session.execute(
            select(_bucket.bucket.label("counted"), _bucket.members)
            .where(where.of(_bucket))
            .where(_bucket.bucket > least, _bucket.bucket <= min(most, single - 1))
        )
        found += [(row.counted, row.members) for row in rows]
    return sorted(found, reverse=True)


def _is_kept(session: Session, where: Where) -> bool:
    return session.scalar(select(_bucket.bucket).where(where.of(_bucket)).limit(1)) is not None


def _count(session: Session, where: Where, *conditions: Any) -> int:
    counted = select(func.count()).select_from(table_of(Counter))
    return session.scalar(counted.where(where.of(_counter), *conditions)) or 0
