"""Writers of one SQLite file take their turns, in other processes as well."""

import errno
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from app.database import Database
from app.writers import WriterQueue

HOLD = """
import sys
from pathlib import Path
from app.writers import WriterQueue
with WriterQueue(Path(sys.argv[1]), 5).turn():
    print("mine", flush=True)
    sys.stdin.read()
"""


@contextmanager
def process(code: str, database: Path) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-c", code, str(database)]
    other = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert other.stdout is not None
        assert other.stdout.readline() == "mine\n"
        yield other
    finally:
        other.kill()
        for pipe in (other.stdin, other.stdout):
            assert pipe is not None
            pipe.close()
        other.wait()


def held_by_another_process(
    database: Path,
) -> AbstractContextManager["subprocess.Popen[str]"]:
    return process(HOLD, database)


def waiting_for_a_turn(queue: WriterQueue) -> tuple[threading.Thread, threading.Event]:
    got = threading.Event()

    def write() -> None:
        with queue.turn():
            got.set()

    thread = threading.Thread(target=write)
    thread.start()
    return thread, got


def test_a_writer_waits_for_one_of_another_process(tmp_path: Path) -> None:
    with held_by_another_process(tmp_path / "x.sqlite3") as other:
        thread, got = waiting_for_a_turn(WriterQueue(tmp_path / "x.sqlite3", 30))
        assert not got.wait(0.2)
        assert other.stdin is not None
        other.stdin.close()
        thread.join()
        assert got.is_set()


def test_a_process_that_ends_leaves_the_turn_to_others(tmp_path: Path) -> None:
    with held_by_another_process(tmp_path / "x.sqlite3") as other:
        thread, got = waiting_for_a_turn(WriterQueue(tmp_path / "x.sqlite3", 30))
        assert not got.wait(0.2)
        other.kill()
        thread.join()
        assert got.is_set()


def test_who_has_waited_long_enough_goes_on_without_a_turn(tmp_path: Path) -> None:
    with held_by_another_process(tmp_path / "x.sqlite3"):
        thread, got = waiting_for_a_turn(WriterQueue(tmp_path / "x.sqlite3", 0.05))
        thread.join()
        assert got.is_set()


def test_a_unit_of_work_waits_for_its_turn_and_reading_does_not(tmp_path: Path) -> None:
    path = tmp_path / "x.sqlite3"
    database = Database(f"sqlite:///{path}")
    with database.unit_of_work() as session:
        session.execute(text("CREATE TABLE one (id INTEGER)"))
    written = threading.Event()

    def write() -> None:
        with database.unit_of_work() as session:
            session.execute(text("INSERT INTO one VALUES (1)"))
        written.set()

    thread = threading.Thread(target=write)
    with held_by_another_process(path):
        thread.start()
        assert not written.wait(0.2)
        with database.reading() as session:
            assert session.execute(text("SELECT count(*) FROM one")).scalar() == 0
    thread.join()
    assert written.is_set()
    database.dispose()


BUSY = """
import sys, time
from pathlib import Path
from app.writers import WriterQueue
queue = WriterQueue(Path(sys.argv[1]), 30)
print("mine", flush=True)
for _ in range(200):
    with queue.turn():
        time.sleep(0.02)
"""


def test_who_writes_again_and_again_lets_others_in_between(tmp_path: Path) -> None:
    """Without a gate the busy one is back before the other looks again: it waits to the end."""
    queue = WriterQueue(tmp_path / "x.sqlite3", 30)
    with process(BUSY, tmp_path / "x.sqlite3") as busy:
        for _ in range(10):
            with queue.turn():
                pass
        assert busy.poll() is None


def test_databases_do_not_wait_for_each_other(tmp_path: Path) -> None:
    with held_by_another_process(tmp_path / "x.sqlite3"):
        thread, got = waiting_for_a_turn(WriterQueue(tmp_path / "y.sqlite3", 30))
        thread.join()
        assert got.is_set()


def test_a_queue_that_cannot_be_opened_keeps_nobody_from_writing(tmp_path: Path) -> None:
    queue = WriterQueue(tmp_path / "nowhere" / "x.sqlite3", 30)
    with queue.turn():
        pass


def test_where_files_cannot_be_locked_nobody_is_kept_from_writing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_file: int, _how: int) -> None:
        raise OSError(errno.ENOTSUP, "not here")

    monkeypatch.setattr("app.writers.fcntl.flock", refuse)
    with WriterQueue(tmp_path / "x.sqlite3", 30).turn():
        pass


def test_a_database_in_memory_has_no_queue_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for address in ("sqlite://", "sqlite:///:memory:", "sqlite:///file::memory:?uri=true"):
        database = Database(address)
        with database.unit_of_work() as session:
            session.execute(text("SELECT 1"))
        database.dispose()
    assert list(tmp_path.iterdir()) == []


def test_a_closed_queue_opens_again(tmp_path: Path) -> None:
    queue = WriterQueue(tmp_path / "x.sqlite3", 30)
    for _ in range(2):
        with queue.turn():
            pass
        queue.close()
