"""What an installation has after its first start, kept to be copied.

To prepare each test's anew (tables, programme, first keys) took a third of the suite's time.
"""

import shutil
import sqlite3
import tempfile
from collections.abc import Hashable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import inspect

from app import clock
from app.database import Base
from app.installation import Installation
from app.processes import prepare

_SEQUENCES = "SELECT sequencename, last_value FROM pg_sequences WHERE last_value IS NOT NULL"
_PROOF = "programme_version"
"""Has a row wherever something was prepared."""


@dataclass
class _Kept:
    """The files and the rows of an installation that was just prepared."""

    folder: tempfile.TemporaryDirectory[str] = field(default_factory=tempfile.TemporaryDirectory)
    rows: dict[str, bytes] = field(default_factory=dict)
    sequences: list[tuple[str, int]] = field(default_factory=list)

    @property
    def data(self) -> Path:
        return Path(self.folder.name) / "data"

    @property
    def database(self) -> Path:
        return Path(self.folder.name) / "keepsake.sqlite3"


_kept: dict[Hashable, _Kept] = {}


def prepare_as_before(installation: Installation) -> None:
    """As `prepare()`, once in this process for each programme and engine; where it is the first
    start of another like it, that one gets the same rows and the same keys, copied.
    """
    if not _is_first_start(installation):
        prepare(installation)
        return
    alike = _alike(installation)
    if alike in _kept:
        _put(_kept[alike], installation)
    else:
        prepare(installation)
        _kept[alike] = _taken(installation)


def _alike(installation: Installation) -> Hashable:
    settings, now = installation.settings, clock.now()
    stands = abs(now - datetime.now(UTC)) > timedelta(minutes=1)
    own = {"data_dir", "programme_file", "database_address", "public_address"}
    return (
        installation.database.is_sqlite,
        settings.programme_file.read_text("utf-8"),
        tuple(settings.model_dump(exclude=own).items()),
        now if stands else None,
    )


def _is_first_start(installation: Installation) -> bool:
    """Whether there are no keys yet, and no database or one with tables that are all empty."""
    if installation.settings.key_dir.exists():
        return False
    database = installation.database
    if database.is_sqlite and not _file(installation).exists():
        return True
    with database.engine.connect() as connection:
        if not inspect(connection).has_table(_PROOF):
            return False
        return connection.exec_driver_sql(f"SELECT 1 FROM {_PROOF}").first() is None


def _taken(installation: Installation) -> _Kept:
    kept = _Kept()
    if installation.settings.data_dir.exists():
        shutil.copytree(installation.settings.data_dir, kept.data, ignore=_databases)
    if installation.database.is_sqlite:
        with (
            closing(sqlite3.connect(_file(installation))) as source,
            closing(sqlite3.connect(kept.database)) as target,
        ):
            source.backup(target)
        return kept
    with _connected(installation) as connection:
        for table in Base.metadata.sorted_tables:
            with connection.cursor().copy(_copy("COPY {} TO STDOUT", table.name)) as copy:
                if rows := b"".join(copy):
                    kept.rows[table.name] = rows
        kept.sequences = connection.execute(_SEQUENCES).fetchall()
    return kept


def _put(kept: _Kept, installation: Installation) -> None:
    if kept.data.exists():
        shutil.copytree(kept.data, installation.settings.data_dir, dirs_exist_ok=True)
    if installation.database.is_sqlite:
        installation.database.engine.dispose()
        shutil.copy(kept.database, _file(installation))
        return
    with _connected(installation) as connection:
        for name, rows in kept.rows.items():
            with connection.cursor().copy(_copy("COPY {} FROM STDIN", name)) as copy:
                copy.write(rows)
        for name, value in kept.sequences:
            connection.execute("SELECT setval(%s::regclass, %s)", [name, value])


def _file(installation: Installation) -> Path:
    return Path(installation.database.url.database or "")


def _databases(_folder: str, names: list[str]) -> list[str]:
    return [name for name in names if ".sqlite3" in name]


@contextmanager
def _connected(installation: Installation) -> Iterator[psycopg.Connection[Any]]:
    """One of its own connections, as it is needed anyway."""
    with installation.database.engine.begin() as connection:
        driver: Any = connection.connection.driver_connection
        yield driver


def _copy(statement: str, table: str) -> sql.Composed:
    return sql.SQL(statement).format(sql.Identifier(table))
