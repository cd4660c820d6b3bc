"""Counters: moved by a batch at once, one upsert for each (member, metric, window)."""

from collections.abc import Callable, Collection, Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.activity.counters import ranks
from app.activity.counters.models import Counter
from app.activity.counters.moves import Change, Movement, Moves, Windows
from app.activity.metrics.definitions import Metrics
from app.activity.windows import ALL_TIME, UNTIL
from app.rows import RowAdd
from app.statements import among

_ADD_COUNTS = RowAdd(Counter, "count", returning=True)
IsRanked = Callable[[str, str], bool]
"""Whether it is kept who lies where, by metric and window."""


def move(
    session: Session,
    community_id: int,
    changes: Iterable[Change],
    metrics: Metrics,
    *,
    frozen: Collection[tuple[str, str]] = (),
    is_ranked: IsRanked | None = None,
) -> list[Movement]:
    """Moves the counters by these changes, for all time and in the windows that are counted.

    A counter in a window that is `frozen`, as (metric, window), stays as it is. What `is_ranked` is
    what leaderboards ask for, unless somebody knows better.
    """
    moves = Moves(Windows(metrics, frozen))
    distinct = [change for change in changes if not moves.count(change)]
    moves.count_values(session, community_id, distinct)
    moved = [one for _, one in sorted(moves.found.items()) if one.added]
    if moved:
        _upsert(session, community_id, moved)
        ranks.shift(
            session,
            community_id,
            [
                ranks.Moved(one.metric, one.window, one.after - one.added, one.after)
                for one in moved
                if one.kind != UNTIL
                and (
                    one.metric in metrics.ranked
                    if is_ranked is None
                    else is_ranked(one.metric, one.window)
                )
            ],
        )
    return moved


def counts(session: Session, community_id: int, member_id: int) -> dict[str, int]:
    """A member's counters of all time, by metric."""
    rows = session.execute(
        select(Counter.metric, Counter.count.label("counted"))
        .where(Counter.community_id == community_id, Counter.member_id == member_id)
        .where(Counter.window == ALL_TIME)
        .order_by(Counter.metric)
    )
    return {row.metric: row.counted for row in rows}


def counts_of(
    session: Session, community_id: int, pairs: Sequence[tuple[int, str]]
) -> dict[tuple[int, str], int]:
    """All-time counters by (member id, metric); one that never moved is missing."""
    if not pairs:
        return {}
    wanted = set(pairs)
    rows = session.execute(
        select(Counter.member_id, Counter.metric, Counter.count.label("counted"))
        .where(Counter.community_id == community_id, Counter.window == ALL_TIME)
        .where(among(session, Counter.member_id, {member_id for member_id, _ in wanted}))
        .where(Counter.metric.in_({metric for _, metric in wanted}))
    )
    counted = {(row.member_id, row.metric): row.counted for row in rows}
    return {pair: counted[pair] for pair in wanted if pair in counted}


def _upsert(session: Session, community_id: int, moved: Sequence[Movement]) -> None:
    rows = [(community_id, one.window, one.member_id, one.metric, one.added) for one in moved]
    after = {row[1:4]: row[4] for row in _ADD_COUNTS.run(session, rows)}
    for one in moved:
        one.after = after[one.window, one.member_id, one.metric]
