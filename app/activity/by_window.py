"""Finding one member's rows where each window's rows lie together."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from app.activity.models import Counter, DistinctValue
from app.statements import among, table_of

Kept = type[Counter] | type[DistinctValue]


def windows(session: Session, community_id: int, model: Kept) -> list[str]:
    """The windows of which anything is kept; hops from one to the next."""
    columns = table_of(model).c
    own = columns.community_id == community_id
    found = select(func.min(columns.window).label("name")).where(own)
    hops = found.cte("hops", recursive=True)
    following = (
        select(func.min(columns.window)).where(own, columns.window > hops.c.name).scalar_subquery()
    )
    hops = hops.union_all(select(following).where(hops.c.name.is_not(None)))
    return list(session.scalars(select(hops.c.name).where(hops.c.name.is_not(None))))


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
