"""What hot paths ask the database: many values as one parameter, hops along an index, locks."""

from collections.abc import Iterable
from typing import Any, cast

from sqlalchemy import ARRAY, ColumnElement, Dialect, Table, and_, any_, bindparam, func, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Session

from app import json_text
from app.database import Base


def table_of(model: type[Base]) -> Table:
    """A model's table.

    For the hot paths' statements, which are built once at import and go by the ORM's machinery.
    """
    return cast(Table, model.__table__)


def lock(session: Session, name: str, *, shared: bool = False) -> None:
    """Lets who asks for the same name wait until the caller's transaction ends.

    Those who share it wait for none but who wants it alone. Only on PostgreSQL: on SQLite a writer
    is alone anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        take = func.pg_advisory_xact_lock_shared if shared else func.pg_advisory_xact_lock
        session.execute(select(take(func.hashtextextended(name, 0))))


def among(
    session: Session, column: Any, values: Iterable[str] | Iterable[int]
) -> ColumnElement[bool]:
    """`column IN (values)` as one parameter, however many there are.

    IN with a parameter each takes longer to put together than to run, and has a limit.
    """
    if session.get_bind().dialect.name == "sqlite":
        given = func.json_each(json_text.to_text(list(values))).table_valued("value")
        return cast(ColumnElement[bool], column.in_(select(given.c.value)))
    return cast(
        ColumnElement[bool], column == any_(bindparam(None, list(values), ARRAY(column.type)))
    )


def hops(session: Session, column: Any, where: ColumnElement[bool]) -> list[Any]:
    """The different values of a column, ascending, where there are few for many rows: hops from one
    to the next along an index that begins with what `where` names and the column.
    """
    found = select(func.min(column).label("value")).where(where).cte("hops", recursive=True)
    following = select(func.min(column)).where(where, column > found.c.value).scalar_subquery()
    found = found.union_all(select(following).where(found.c.value.is_not(None)))
    return list(session.scalars(select(found.c.value).where(found.c.value.is_not(None))))


def begins_with(session: Session, column: Any, prefix: str) -> ColumnElement[bool]:
    """Whether a text begins with a prefix, which ends in a plain character, by an index.

    As bytes: on PostgreSQL by an index with `text_pattern_ops`, since languages sort otherwise.
    """
    after = prefix[:-1] + chr(ord(prefix[-1]) + 1)
    if session.get_bind().dialect.name == "sqlite":
        return and_(column >= prefix, column < after)
    return and_(column.bool_op("~>=~")(prefix), column.bool_op("~<~")(after))


def insert_or(session: Session, table: Any) -> Any:
    """An INSERT that knows `on_conflict_do_nothing` and `…_do_update`, for the session's engine."""
    return insert_into(session.get_bind().dialect, table)


def insert_into(dialect: Dialect, table: Any) -> Any:
    """The same for an engine's dialect."""
    return (sqlite_insert if dialect.name == "sqlite" else postgresql_insert)(table)
