"""Standings: a leaderboard's windows once they have closed, provisional and then frozen."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from app.activity.counters.models import Standing
from app.activity.metrics.definitions import Metrics
from app.statements import table_of

PROVISIONAL, FINAL = "provisional", "final"
_standing = table_of(Standing).c


def frozen(
    session: Session, community_id: int, days: Iterable[int], metrics: Metrics
) -> set[tuple[str, str]]:
    """Which of the windows that these days lie in are final, as (metric, window)."""
    if not metrics.wanted:
        return set()
    windows = {window for day in days for window in metrics.calendar.windows_of(day).values()}
    if not windows:
        return set()
    return _final(session, community_id, _standing.window.in_(sorted(windows)))


def final_windows(
    session: Session, community_id: int, metrics: Iterable[str]
) -> set[tuple[str, str]]:
    """The windows of these metrics that are final, as (metric, window)."""
    return _final(session, community_id, _standing.metric.in_(sorted(metrics)))


def _final(session: Session, community_id: int, which: ColumnElement[bool]) -> set[tuple[str, str]]:
    rows = session.connection().execute(
        select(_standing.metric, _standing.window).where(
            _standing.community_id == community_id, _standing.state == FINAL, which
        )
    )
    return {(row.metric, row.window) for row in rows}
