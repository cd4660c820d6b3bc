"""Forgetting what a member's activity adds up to: their counters, and what limits remember."""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.activity.counters import by_window, ranks
from app.activity.counters.models import Counter, DistinctValue
from app.activity.limits.models import LimitDay, LimitMemory, LimitRefusal
from app.statements import table_of


def forget(session: Session, community_id: int, member_id: int) -> None:
    """Deletes all of it, in all windows; nobody is behind them on a board any more."""
    connection = session.connection()
    counted = by_window.rows_of(session, community_id, Counter, [member_id])
    columns = table_of(Counter).c
    metrics = connection.execute(select(columns.metric).where(counted).distinct()).scalars().all()
    ranks.forget(session, community_id, metrics, but=(), member_ids=[member_id])
    connection.execute(delete(table_of(Counter)).where(counted))
    values = by_window.rows_of(session, community_id, DistinctValue, [member_id])
    connection.execute(delete(table_of(DistinctValue)).where(values))
    for model in (LimitMemory, LimitDay, LimitRefusal):
        columns = table_of(model).c
        own = columns.community_id == community_id, columns.member_id == member_id
        connection.execute(delete(table_of(model)).where(*own))
