"""Finding one member's rows where each window's rows lie together."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, and_
from sqlalchemy.orm import Session

from app.activity.counters.models import Counter, DistinctValue
from app.statements import among, hops, table_of

Kept = type[Counter] | type[DistinctValue]


def windows(session: Session, community_id: int, model: Kept) -> list[str]:
    """The windows of which anything is kept."""
    columns = table_of(model).c
    return hops(session, columns.window, columns.community_id == community_id)


def rows_of(
    session: Session, community_id: int, model: Kept, member_ids: Iterable[int]
) -> ColumnElement[bool]:
    """The condition for what is kept of these members, in all windows."""
    columns: Any = table_of(model).c
    return and_(
        columns.community_id == community_id,
        among(session, columns.window, windows(session, community_id, model)),
        among(session, columns.member_id, sorted(member_ids)),
    )
