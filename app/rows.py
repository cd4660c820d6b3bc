"""What hot paths write: whole rows at once, by statements that are compiled once."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain
from typing import Any

import orjson
from sqlalchemy import Dialect, Table, insert
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from app.database import Base, UtcDateTime
from app.statements import insert_into, table_of

SQLITE_VARIABLES = 32_000
"""SQLite takes 32,766 parameters in one statement from version 3.32 on."""
VALUES = re.compile(r"^\((?:[^()]|\([^()]*\))*\)")
LENGTH = re.compile(r"\(\d+\)")
UNLIKE = "rows that are inserted together have the same keys"


class RowInsert:
    """An INSERT of whole rows into a model's table, for the hot paths.

    It is compiled once for each kind of engine, and values go through their columns' types column
    by column: row by row, as statements do it, that took longer than the database's own part.
    Columns' defaults in Python do not apply.
    """

    def __init__(self, model: type[Base]):
        self._table = table_of(model)
        self._compiled: dict[tuple[str, tuple[str, ...]], _Compiled] = {}

    def run(self, session: Session, rows: Sequence[dict[str, Any]]) -> None:
        """Inserts the rows in one round trip; for none does nothing.

        Raises `ValueError` where a row has other keys than the first, or one that is no column.
        """
        if rows:
            compiled = self._for(session, tuple(rows[0]))
            session.connection().exec_driver_sql(*compiled.of_rows(rows))

    def run_columns(self, session: Session, columns: dict[str, Sequence[Any]]) -> None:
        """As `run()`, given column by column: all of one length, and at least one value each."""
        compiled = self._for(session, tuple(columns))
        session.connection().exec_driver_sql(*compiled.of_columns(columns))

    def _for(self, session: Session, keys: tuple[str, ...]) -> "_Compiled":
        dialect = session.connection().dialect
        compiled = self._compiled.get((dialect.name, keys))
        if compiled is None:
            compiled = _Compiled(self._table, keys, dialect)
            self._compiled[dialect.name, keys] = compiled
        return compiled


class RowAdd:
    """Adds to a number in rows of a model's table, which are made where they are not there yet.

    As `RowInsert` compiled once for each kind of engine; for texts and whole numbers alone, in
    tables whose primary key is all columns but that of the number.
    """

    def __init__(self, model: type[Base], number: str, *, returning: bool = False):
        self._table, self._number, self._returning = table_of(model), number, returning
        self._names = [column.name for column in self._table.columns]
        self._texts: dict[str, str] = {}

    def run(self, session: Session, rows: Sequence[Sequence[Any]]) -> list[tuple[Any, ...]]:
        """Adds; each row has its values in the order of the table's columns, and no two the same
        key. Returns all columns of all rows as they are now, in any order, where it is asked to.
        """
        connection = session.connection()
        dialect = connection.dialect
        text = self._texts.get(dialect.name)
        if text is None:
            text = self._texts[dialect.name] = self._text(dialect)
        found: list[tuple[Any, ...]] = []
        if dialect.name != "sqlite":
            if rows:
                given = {"rows": orjson.dumps(_named(self._names, rows)).decode()}
                done = connection.exec_driver_sql(text, given)
                found += map(tuple, done.all()) if self._returning else ()
            return found
        one = f"({', '.join('?' * len(self._names))})"
        # Put together here: SQLAlchemy's way handles each row by itself, which takes several times
        # as long as the database does.
        for chunk in _chunks(rows, SQLITE_VARIABLES // len(self._names)):
            every = text.replace(one, ", ".join([one] * len(chunk)), 1)
            done = connection.exec_driver_sql(every, tuple(chain.from_iterable(chunk)))
            found += map(tuple, done.all()) if self._returning else ()
        return found

    def _text(self, dialect: Dialect) -> str:
        table = self._table
        number, inserted = table.c[self._number], insert_into(dialect, table)
        statement = inserted.on_conflict_do_update(
            index_elements=[name for name in self._names if name != self._number],
            set_={self._number: number + inserted.excluded[self._number]},
        )
        if self._returning:
            statement = statement.returning(*table.c)
        text = str(statement.compile(dialect=dialect, column_keys=self._names))
        if dialect.name == "sqlite":
            return text
        return _of_json(text, self._names, [column.type for column in table.c], dialect)


def _named(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> list[dict[str, Any]]:
    return [dict(zip(names, row, strict=True)) for row in rows]


def _chunks(rows: Sequence[Any], most: int) -> Iterator[Sequence[Any]]:
    """The rows in pieces whose lengths are powers of two: the driver keeps what it prepared for the
    last 128 texts, which are a few this way, and were hundreds of megabytes.
    """
    start = 0
    while start < len(rows):
        length = 1 << min(len(rows) - start, most).bit_length() - 1
        yield rows[start : start + length]
        start += length


class _Compiled:
    """The statement's text, and how a column's values become parameters."""

    def __init__(self, table: Table, keys: tuple[str, ...], dialect: Dialect):
        compiled = insert(table).compile(dialect=dialect, column_keys=list(keys))
        if unknown := set(keys) - set(table.c.keys()):
            raise ValueError(f"{table.name} has no column {', '.join(sorted(unknown))}")
        names = compiled.positiontup if compiled.positional else compiled.binds
        self._names = [str(name) for name in names or ()]
        self._is_server = not compiled.positional
        types = [table.c[name].type for name in self._names]
        self._processors = [_processor(kind, dialect) for kind in types]
        text = str(compiled)
        self._text = _of_json(text, self._names, types, dialect) if self._is_server else text

    def of_rows(self, rows: Sequence[dict[str, Any]]) -> tuple[str, Any]:
        """The statement and its parameters."""
        if set(map(len, rows)) != {len(self._names)}:
            raise ValueError(UNLIKE)
        try:
            return self.of_columns({name: [row[name] for row in rows] for name in self._names})
        except KeyError as error:
            raise ValueError(UNLIKE) from error

    def of_columns(self, given: dict[str, Sequence[Any]]) -> tuple[str, Any]:
        """As `of_rows()`."""
        columns = [
            given[name] if process is None else _processed(process, given[name])
            for name, process in zip(self._names, self._processors, strict=True)
        ]
        rows: list[Any] = list(zip(*columns, strict=True))
        if self._is_server:
            named = _named(self._names, rows)
            return self._text, {"rows": orjson.dumps(named, default=_in_json).decode()}
        # A list of one would take the driver's slower way for many.
        return self._text, rows if len(rows) > 1 else rows[0]


def _processor(kind: TypeEngine[Any], dialect: Dialect) -> Callable[[Any], Any] | None:
    """How values are made ready; what goes to a server in JSON is plain enough but for moments."""
    if dialect.name == "sqlite" or isinstance(kind, UtcDateTime):
        return kind.dialect_impl(dialect).bind_processor(dialect)
    return None


def _of_json(
    insert_one: str, names: Sequence[str], types: Sequence[TypeEngine[Any]], dialect: Dialect
) -> str:
    """An INSERT of all rows from one parameter.

    The driver's way for many is one execution for each row, which was a third of a scan's time.
    """
    # Without a length: a cast to that would cut what is too long, where the column refuses it.
    kinds = [LENGTH.sub("", kind.compile(dialect)) for kind in types]
    columns = ", ".join(f'"{name}" {kind}' for name, kind in zip(names, kinds, strict=True))
    into, _, after = insert_one.partition(" VALUES ")
    # All of it is our own models' words.
    return (
        f"{into} SELECT * FROM json_to_recordset(%(rows)s::json) AS given ({columns})"  # noqa: S608
        f"{VALUES.sub('', after, count=1)}"
    )


def _in_json(value: Any) -> str:
    return f"\\x{value.hex()}" if isinstance(value, bytes) else str(value)


def _processed(process: Callable[[Any], Any], values: Sequence[Any]) -> Sequence[Any]:
    """The values as parameters; a moment, or nothing, that stands in all rows is put into words
    once.
    """
    first = values[0]
    if (first is None or isinstance(first, datetime)) and values.count(first) == len(values):
        return [process(first)] * len(values)
    return list(map(process, values))
