"""What an installation has after its first start, kept to be copied.

To prepare each test's anew (tables, programme, first keys) took a third of the suite's time.
"""

import shutil
import sqlite3
import tempfile
from collections.abc import Hashable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
from psycopg import sql

from app import clock
from app.installation import Installation
from app.processes import prepare

_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> %s"
_SEQUENCES = "SELECT sequencename, last_value FROM pg_sequences WHERE last_value IS NOT NULL"
_VERSIONS = "alembic_version"
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
    """Whether there are no keys yet, and tables without a row."""
    if installation.settings.key_dir.exists():
        return False
    if installation.database.is_sqlite:
        return _is_empty_file(_file(installation))
    with _connected(installation) as connection:
        tables = {name for (name,) in connection.execute(_TABLES, [_VERSIONS])}
        if _PROOF not in tables:
            return False
        return connection.execute(f"SELECT 1 FROM {_PROOF}").fetchone() is None


def _is_empty_file(path: Path) -> bool:
    if not path.exists():
        return True
    with closing(sqlite3.connect(path)) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
        if _PROOF not in tables:
            return False
        return connection.execute(f"SELECT 1 FROM {_PROOF}").fetchone() is None


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
        for (name,) in connection.execute(_TABLES, [_VERSIONS]).fetchall():
            with connection.cursor().copy(_copy("COPY {} TO STDOUT", name)) as copy:
                if rows := b"".join(copy):
                    kept.rows[name] = rows
        kept.sequences = connection.execute(_SEQUENCES).fetchall()
    return kept


def _put(kept: _Kept, installation: Installation) -> None:
    if kept.data.exists():
        shutil.copytree(kept.data, installation.settings.data_dir, dirs_exist_ok=True)
    if installation.database.is_sqlite:
        shutil.copy(kept.database, _file(installation))
        return
    with _connected(installation) as connection:
        # The rows come in the order of their tables' names, not in that of their references.
        connection.execute("SET session_replication_role = replica")
        for name, rows in kept.rows.items():
            with connection.cursor().copy(_copy("COPY {} FROM STDIN", name)) as copy:
                copy.write(rows)
        for name, value in kept.sequences:
            connection.execute("SELECT setval(%s::regclass, %s)", [name, value])


def _file(installation: Installation) -> Path:
    return Path(installation.database.url.database or "")


def _databases(_folder: str, names: list[str]) -> list[str]:
    return [name for name in names if ".sqlite3" in name]


def _connected(installation: Installation) -> psycopg.Connection[tuple[str, int]]:
    plain = installation.database.url.set(drivername="postgresql")
    return psycopg.connect(plain.render_as_string(hide_password=False))


def _copy(statement: str, table: str) -> sql.Composed:
    return sql.SQL(statement).format(sql.Identifier(table))
