"""The engine and the unit of work, on SQLite and PostgreSQL alike."""

import json
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar, cast

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Connection,
    DateTime,
    Dialect,
    Engine,
    Integer,
    MetaData,
    Row,
    Table,
    any_,
    bindparam,
    create_engine,
    event,
    func,
    insert,
    make_url,
    select,
)
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.types import TypeDecorator

BUSY_SECONDS = 30
SQLITE_VARIABLES = 32_000
"""SQLite takes 32,766 parameters in one statement from version 3.32 on."""
UNLIKE = "rows that are inserted together have the same keys"


class Base(DeclarativeBase):
    """The base of all tables; constraints get names, so that migrations can find them."""

    # 64 bits, so that no id runs out; SQLite gives numbers by itself to INTEGER columns alone.
    type_annotation_map: ClassVar = {int: BigInteger().with_variant(Integer, "sqlite")}
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment in UTC. SQLite hands back naive times: this gives them their zone again."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], Any]:
        """Refuses a naive time with `ValueError`, so that a wrong zone is never stored.

        SQLite gets the text that SQLAlchemy's own type writes, made by the standard library in C.
        """
        return _utc_text if dialect.name == "sqlite" else _utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The stored moment, aware and in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _utc(value: datetime | None) -> datetime | None:
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError("a moment without a zone cannot be stored")
    return value if value.tzinfo is UTC else value.astimezone(UTC)


def _utc_text(value: datetime | None) -> str | None:
    moment = _utc(value)
    # The offset, which is always +00:00, is not stored.
    return None if moment is None else moment.isoformat(" ", "microseconds")[:26]


class Database:
    """One database of an installation.

    `info` is laid into every session, so that `journal` finds what is plugged in without a global.
    """

    def __init__(self, url: str, *, info: dict[str, Any] | None = None, pool_size: int = 10):
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = _sqlite_engine(url) if self.is_sqlite else _server_engine(url, pool_size)
        self._writing = sessionmaker(self.engine, expire_on_commit=False, info=info or {})
        self._reading = sessionmaker(
            self.engine.execution_options(transaction="BEGIN"),
            expire_on_commit=False,
            info=info or {},
        )
        self._glancing = self.engine.execution_options(
            **({"transaction": None} if self.is_sqlite else {"isolation_level": "AUTOCOMMIT"})
        )
        # SQLite's own busy handler sleeps and is not fair: writers of one process queue here.
        self._queue: AbstractContextManager[Any] = (
            threading.Lock() if self.is_sqlite else nullcontext()
        )

    @contextmanager
    def unit_of_work(self) -> Iterator[Session]:
        """A session whose writes are committed together at the end, or not at all."""
        with self._queue, self._writing.begin() as session:
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session for reading one consistent state; it takes no write lock."""
        with self._reading.begin() as session:
            yield session

    @contextmanager
    def glance(self) -> Iterator[Connection]:
        """A connection for one statement that reads: a transaction around it is not needed.

        It saves the hot path two of three round trips to a server.
        """
        with self._glancing.connect() as connection:
            yield connection

    def dispose(self) -> None:
        """Closes every connection."""
        self.engine.dispose()


def table_of(model: type[Base]) -> Table:
    """A model's table.

    For the hot paths' statements, which are built once at import and go by the ORM's machinery.
    """
    return cast(Table, model.__table__)


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
            session.connection().exec_driver_sql(compiled.sql, compiled.parameters(rows))

    def run_columns(self, session: Session, columns: dict[str, Sequence[Any]]) -> None:
        """As `run()`, given column by column: all of one length, and at least one value each."""
        compiled = self._for(session, tuple(columns))
        session.connection().exec_driver_sql(compiled.sql, compiled.of_columns(columns))

    def _for(self, session: Session, keys: tuple[str, ...]) -> "_Compiled":
        dialect = session.connection().dialect
        compiled = self._compiled.get((dialect.name, keys))
        if compiled is None:
            compiled = _Compiled(self._table, keys, dialect)
            self._compiled[dialect.name, keys] = compiled
        return compiled


def insert_returning(
    session: Session, statement: Any, rows: Sequence[dict[str, Any]]
) -> Sequence[Row[Any]]:
    """Runs an INSERT … RETURNING for many rows with the same keys, of texts and whole numbers.

    On SQLite as one VALUES list put together here: SQLAlchemy's way handles each row by itself,
    which takes several times as long as the database does.
    """
    connection = session.connection()
    if connection.dialect.name != "sqlite":
        return session.execute(statement, rows).all()
    compiled = statement.compile(dialect=connection.dialect, column_keys=list(rows[0]))
    names: list[str] = compiled.positiontup
    one = f"({', '.join('?' * len(names))})"
    text = str(compiled)
    returned: list[Row[Any]] = []
    most = SQLITE_VARIABLES // len(names)
    for start in range(0, len(rows), most):
        chunk = rows[start : start + most]
        values = tuple(row[name] for row in chunk for name in names)
        every = text.replace(one, ", ".join([one] * len(chunk)), 1)
        returned += connection.exec_driver_sql(every, values).all()
    return returned


class _Compiled:
    """The statement's text, and how a column's values become parameters."""

    def __init__(self, table: Table, keys: tuple[str, ...], dialect: Dialect):
        compiled = insert(table).compile(dialect=dialect, column_keys=list(keys))
        self.sql = str(compiled)
        if unknown := set(keys) - set(table.c.keys()):
            raise ValueError(f"{table.name} has no column {', '.join(sorted(unknown))}")
        self._named = not compiled.positional
        self._names: list[str] = list(compiled.binds if self._named else compiled.positiontup or ())
        self._processors = [
            table.c[name].type.dialect_impl(dialect).bind_processor(dialect) for name in self._names
        ]

    def parameters(self, rows: Sequence[dict[str, Any]]) -> Any:
        if set(map(len, rows)) != {len(self._names)}:
            raise ValueError(UNLIKE)
        try:
            return self.of_columns({name: [row[name] for row in rows] for name in self._names})
        except KeyError as error:
            raise ValueError(UNLIKE) from error

    def of_columns(self, given: dict[str, Sequence[Any]]) -> Any:
        columns = [
            given[name] if process is None else list(map(process, given[name]))
            for name, process in zip(self._names, self._processors, strict=True)
        ]
        made: list[Any] = list(zip(*columns, strict=True))
        if self._named:
            made = [dict(zip(self._names, values, strict=True)) for values in made]
        # A list of one would take the driver's slower way for many.
        return made if len(made) > 1 else made[0]


def lock(session: Session, name: str) -> None:
    """Lets who asks for the same name wait until the caller's transaction ends.

    Only on PostgreSQL: on SQLite a writer is alone anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))


def among(
    session: Session, column: Any, values: Iterable[str] | Iterable[int]
) -> ColumnElement[bool]:
    """`column IN (values)` as one parameter, however many there are.

    IN with a parameter each takes longer to put together than to run, and has a limit.
    """
    if session.get_bind().dialect.name == "sqlite":
        given = func.json_each(json.dumps(list(values))).table_valued("value")
        return cast(ColumnElement[bool], column.in_(select(given.c.value)))
    return cast(
        ColumnElement[bool], column == any_(bindparam(None, list(values), ARRAY(column.type)))
    )


def insert_or(session: Session, table: Any) -> Any:
    """An INSERT that knows `on_conflict_do_nothing` and `…_do_update`, for the session's engine."""
    on_sqlite = session.get_bind().dialect.name == "sqlite"
    return (sqlite_insert if on_sqlite else postgresql_insert)(table)


def _server_engine(url: str, pool_size: int) -> Engine:
    return create_engine(url, pool_size=pool_size, max_overflow=pool_size, pool_pre_ping=False)


def _sqlite_engine(url: str) -> Engine:
    path = make_url(url).database
    if path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS}, pool_size=20)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver's own transaction control begins too late; ours is in `_begin_sqlite`.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA cache_size = -32000")
    cursor.close()


def _begin_sqlite(connection: Any) -> None:
    # A transaction that reads first and writes later fails under load: writers say so at once.
    begin = connection.get_execution_options().get("transaction", "BEGIN IMMEDIATE")
    if begin is not None:
        connection.exec_driver_sql(begin)
