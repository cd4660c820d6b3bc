"""What limits remember, in the database: after the newest event, and before each day."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from app.activity.limits import memory as memories
from app.activity.limits.memory import Memory
from app.activity.limits.models import LimitDay, LimitMemory, LimitRefusal
from app.database import Base
from app.rows import RowAdd, RowInsert
from app.statements import among, insert_or, table_of

Pair = tuple[int, str]
"""A member and a metric with limits."""
DAYS_AT_ONCE = 32
"""So many are read ahead."""
FOREVER = 10**9
"""A day after all days."""
IGNORED = "channel_ignored"
"""Why an event was passed over that is not kept: only how many of each kind were is known."""
_INSERT_DAYS = RowInsert(LimitDay)
_ADD_REFUSALS = RowAdd(LimitRefusal, "count")
_memory, _day, _refusal = (table_of(one).c for one in (LimitMemory, LimitDay, LimitRefusal))


def newest(session: Session, community_id: int, pairs: Iterable[Pair]) -> dict[Pair, Memory]:
    """What is remembered of these after their newest events; who has none is missing."""
    wanted = set(pairs)
    rows = session.connection().execute(
        select(_memory.member_id, _memory.metric, _memory.memory)
        .where(_memory.community_id == community_id)
        .where(_memory.metric.in_(sorted({metric for _, metric in wanted})))
        .where(among(session, _memory.member_id, {member_id for member_id, _ in wanted}))
    )
    return {(row.member_id, row.metric): memories.read(row.memory) for row in rows}


def day_until(
    session: Session, community_id: int, pair: Pair, day: int
) -> tuple[int | None, str | None]:
    """The last day until this one before whose first event something was remembered, and what,
    written. There is none for a member's first day: before it nothing was.
    """
    row = (
        session.connection()
        .execute(
            select(_day.day, _day.memory)
            .where(*_of(community_id, pair), _day.day <= day)
            .order_by(_day.day.desc())
            .limit(1)
        )
        .first()
    )
    return (None, None) if row is None else (row.day, row.memory)


class DaysInOrder:
    """What was remembered before days, asked for one after the other."""

    def __init__(self, session: Session, community_id: int, pair: Pair):
        self._session, self._which = session, _of(community_id, pair)
        self._known: dict[int, str] = {}
        self._until = 0

    def before(self, day: int) -> str | None:
        """What was remembered before a day's first event, written; None where it had none."""
        if day > self._until:
            rows = (
                self._session.connection()
                .execute(
                    select(_day.day, _day.memory)
                    .where(*self._which, _day.day >= day)
                    .order_by(_day.day)
                    .limit(DAYS_AT_ONCE)
                )
                .all()
            )
            self._known = {row.day: row.memory for row in rows}
            self._until = rows[-1].day if len(rows) == DAYS_AT_ONCE else FOREVER
        return self._known.get(day)


def forget_days(
    session: Session, community_id: int, pair: Pair, *, since: int | None, before: int | None
) -> None:
    """Forgets the days from one on and before another, or all before it, or all after it."""
    which = [*_of(community_id, pair)]
    if since is not None:
        which.append(_day.day >= since)
    if before is not None:
        which.append(_day.day < before)
    session.connection().execute(delete(table_of(LimitDay)).where(*which))


def forget(
    session: Session, community_id: int, metrics: Iterable[str], member_id: int | None = None
) -> None:
    """Forgets all of these metrics, of one member or of all, with what they refused."""
    keys = sorted(metrics)
    for model in (LimitMemory, LimitDay, LimitRefusal):
        columns = table_of(model).c
        which = [columns.community_id == community_id, columns.metric.in_(keys), *_judged(model)]
        if member_id is not None:
            which.append(columns.member_id == member_id)
        session.connection().execute(delete(table_of(model)).where(*which))


def keep_only(session: Session, community_id: int, metrics: Iterable[str]) -> None:
    """Forgets what is remembered of other metrics than these: they have no limits any more."""
    keys = sorted(metrics)
    for model in (LimitMemory, LimitDay, LimitRefusal):
        columns = table_of(model).c
        which = columns.community_id == community_id, columns.metric.not_in(keys)
        session.connection().execute(delete(table_of(model)).where(*which, *_judged(model)))


def _judged(model: type[Base]) -> list[ColumnElement[bool]]:
    """But for what was ignored: nobody could count that anew."""
    return [_refusal.reason != IGNORED] if model is LimitRefusal else []


def write(
    session: Session,
    community_id: int,
    memory: Mapping[Pair, Memory],
    before_days: Iterable[tuple[Pair, int, str]],
) -> None:
    """Writes what is remembered after the newest event, and before some days that had no row."""

    def key(pair: Pair) -> dict[str, Any]:
        return {"community_id": community_id, "metric": pair[1], "member_id": pair[0]}

    rows = [key(pair) | {"day": day, "memory": text} for pair, day, text in before_days]
    _INSERT_DAYS.run(session, rows)
    if memory:
        statement = insert_or(session, table_of(LimitMemory))
        written = statement.on_conflict_do_update(
            index_elements=["community_id", "metric", "member_id"],
            set_={"memory": statement.excluded.memory},
        )
        rows = [key(pair) | {"memory": one.written()} for pair, one in sorted(memory.items())]
        session.connection().execute(written, rows)


def add_refusals(
    session: Session, community_id: int, refused: Mapping[tuple[int, str, str], int]
) -> None:
    """Adds to how many events did not count, by member, metric and reason."""
    rows = [
        (community_id, metric, member_id, reason, count)
        for (member_id, metric, reason), count in sorted(refused.items())
        if count
    ]
    _ADD_REFUSALS.run(session, rows)


def refusals(session: Session, community_id: int, member_id: int) -> dict[str, dict[str, int]]:
    """How many of a member's events did not count, by metric and reason."""
    rows = session.execute(
        select(_refusal.metric, _refusal.reason, _refusal["count"].label("refused"))
        .where(_refusal.community_id == community_id, _refusal.member_id == member_id)
        .where(_refusal["count"] > 0)
        .order_by(_refusal.metric, _refusal["count"].desc(), _refusal.reason)
    )
    found: dict[str, dict[str, int]] = {}
    for row in rows:
        found.setdefault(row.metric, {})[row.reason] = row.refused
    return found


def _of(community_id: int, pair: Pair) -> tuple[Any, ...]:
    member_id, metric = pair
    return _day.community_id == community_id, _day.metric == metric, _day.member_id == member_id
