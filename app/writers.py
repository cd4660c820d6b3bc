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

    A lock on a file beside the database, which the system takes from a process that ends. Nothing
    is in the file, and the database does not rely on it: it only makes writers wait their turn.
    """

    def __init__(self, database: Path | None, patience: float):
        """`database` is None where no other process can write; `patience` is in seconds."""
        self._path = database.with_name(f"{database.name}-queue") if database else None
        self._patience = patience
        self._lock = threading.Lock()
        self._file: int | None = None

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Waits for its turn; for at most `patience` for other processes, then goes on without."""
        with self._lock:
            file = self._wait_for_others()
            try:
                yield
            finally:
                if file is not None:
                    fcntl.flock(file, fcntl.LOCK_UN)

    def close(self) -> None:
        """Closes the file; a later turn opens it again."""
        with self._lock:
            if self._file is not None:
                os.close(self._file)
                self._file = None

    def _wait_for_others(self) -> int | None:
        if self._path is None or fcntl is None:
            return None
        try:
            if self._file is None:
                self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError:
            # Another user's, or a full disk: SQLite's own way is left.
            return None
        until = time.monotonic() + self._patience
        while True:
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > until:
                    return None
                time.sleep(LOOK_EVERY)
            else:
                return self._file
