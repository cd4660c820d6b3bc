"""Writers of one SQLite file queue, those of other processes as well.

SQLite's own way is to try again after pauses that grow: whoever comes last may wait longest, and
a file that is free lies idle meanwhile.
"""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

try:
    import fcntl
except ImportError:  # not on Windows: there SQLite's own way is left
    fcntl = None  # type: ignore[assignment]

LOOK_EVERY = 0.001


class WriterQueue:
    """Who may write next. One for each process and database.

    Locks on two files beside the database, which the system takes from a process that ends. Nothing
    is in them, and the database does not rely on them: they only make writers wait their turn. Who
    is next waits inside the gate, so that whoever has just written does not come before them.
    """

    def __init__(self, database: Path | None, patience: float):
        """`database` is None where no other process can write; `patience` is in seconds."""
        self._database = database
        self._patience = patience
        self._lock = threading.Lock()
        self._files: tuple[int, int] | None = None

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Waits for its turn; for at most `patience` for other processes, then goes on without."""
        with self._lock:
            turn = self._wait_for_others()
            try:
                yield
            finally:
                if turn is not None:
                    fcntl.flock(turn, fcntl.LOCK_UN)

    def close(self) -> None:
        """Closes the files; a later turn opens them again."""
        with self._lock:
            for file in self._files or ():
                os.close(file)
            self._files = None

    def _wait_for_others(self) -> int | None:
        """The file of the turn, locked; None where there is none to be had."""
        if self._database is None or fcntl is None:
            return None
        until = time.monotonic() + self._patience
        try:
            gate, turn = self._files = self._files or self._open(self._database)
            if not _locked(gate, until):
                return None
            try:
                return turn if _locked(turn, until) else None
            finally:
                fcntl.flock(gate, fcntl.LOCK_UN)
        except OSError:
            # Another user's files, a full disk, a share without locks: SQLite's own way is left.
            return None

    def _open(self, database: Path) -> tuple[int, int]:
        gate = _open(database.with_name(f"{database.name}-gate"))
        try:
            return gate, _open(database.with_name(f"{database.name}-queue"))
        except OSError:
            os.close(gate)
            raise


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _locked(file: int, until: float) -> bool:
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > until:
                return False
            time.sleep(LOOK_EVERY)
        else:
            return True
