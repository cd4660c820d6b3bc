"""The engine and the unit of work, on SQLite and PostgreSQL alike."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

import uuid_utils
from sqlalchemy import (
    URL,
    BigInteger,
    Connection,
    DateTime,
    Dialect,
    Engine,
    Integer,
    MetaData,
    create_engine,
    event,
    make_url,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.types import TypeDecorator

from app import json_text
from app.writers import WriterQueue

# SQLSTATEs, PostgreSQL appendix A.
DEADLOCK, SERIALIZATION = "40P01", "40001"
BUSY_SECONDS = 30
CHECKPOINT_PAGES = 4000
"""So many pages, 16 MB, are collected before they are copied into SQLite's file. A batch of
activity touches some thousand; many of them are touched again by the next one, and are copied once.
"""
TURN_SECONDS = 10
"""How long a writer queues before it asks SQLite all the same."""

_JSON: dict[str, Any] = {
    "json_serializer": json_text.to_text,
    "json_deserializer": json_text.read,
}


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


def can_be_kept(text: str) -> bool:
    """Whether both engines take a text: not with a NUL, nor with a half surrogate, which is what
    bytes of an address or an argument come as that are no UTF-8.
    """
    return "\x00" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)


MOMENT = len("2026-01-01 00:00:00.000000")


def _utc(value: datetime | None) -> datetime | None:
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError("a moment without a zone cannot be stored")
    return value if value.tzinfo is UTC else value.astimezone(UTC)


def _utc_text(value: datetime | None) -> str | None:
    if value is None:
        return None
    text = value.isoformat(" ", "microseconds")
    if text[MOMENT:] != "+00:00":
        moment = _utc(value)
        assert moment is not None
        text = moment.isoformat(" ", "microseconds")
    # The offset is not stored.
    return text[:MOMENT]


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
        self._writers = WriterQueue(_file_of(self.url), TURN_SECONDS) if self.is_sqlite else None

    @contextmanager
    def unit_of_work(self) -> Iterator[Session]:
        """A session whose writes are committed together at the end, or not at all."""
        turn = self._writers.turn() if self._writers else nullcontext()
        with turn, self._writing.begin() as session:
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
        if self._writers:
            self._writers.close()


def was_victim(error: DBAPIError) -> bool:
    """Whether the database ended a transaction for another's sake: it may be repeated."""
    return getattr(error.orig, "sqlstate", None) in (DEADLOCK, SERIALIZATION)


def _file_of(url: URL) -> Path | None:
    named = url.database or ":memory:"
    return None if named == ":memory:" or named.startswith("file:") else Path(named)


def _server_engine(url: str, pool_size: int) -> Engine:
    # On SQLite, nobody waits for the driver of a server to be loaded.
    from psycopg import adapters
    from psycopg.types.uuid import UUIDBinaryDumper, UUIDDumper

    for dumper in (UUIDDumper, UUIDBinaryDumper):
        adapters.register_dumper(uuid_utils.UUID, dumper)
    return create_engine(
        url, pool_size=pool_size, max_overflow=pool_size, pool_pre_ping=False, **_JSON
    )


def _sqlite_engine(url: str) -> Engine:
    if path := _file_of(make_url(url)):
        path.parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS}, pool_size=20, **_JSON)
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
    cursor.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
    cursor.close()


def _begin_sqlite(connection: Any) -> None:
    # A transaction that reads first and writes later fails under load: writers say so at once.
    begin = connection.get_execution_options().get("transaction", "BEGIN IMMEDIATE")
    if begin is not None:
        connection.exec_driver_sql(begin)
