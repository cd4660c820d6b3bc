"""Two writers whose order is forced: the second has to wait for what the first has locked."""

import threading
import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.installation import Installation

PATIENCE = 20
_WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")

Write = Callable[[Session], Any]


def one_after_the_other(installation: Installation, first: Write, second: Write) -> list[Any]:
    """Runs both at once, each in a transaction of its own; returns what each returned or raised.

    The first one commits once the second waits for it, or has ended without waiting. On SQLite
    writers are alone anyway: there the second one waits for its transaction to begin.
    """
    outcomes: list[Any] = [None, None]
    begun = threading.Event()

    def run_second() -> None:
        try:
            begun.set()
            with installation.unit_of_work() as session:
                outcomes[1] = second(session)
        except Exception as error:
            outcomes[1] = error

    other = threading.Thread(target=run_second)
    with installation.unit_of_work() as session:
        outcomes[0] = first(session)
        session.flush()
        other.start()
        assert begun.wait(PATIENCE)
        _wait_until_it_waits(installation, other)
    other.join(PATIENCE)
    assert not other.is_alive()
    return outcomes


def _wait_until_it_waits(installation: Installation, other: threading.Thread) -> None:
    until = time.monotonic() + PATIENCE
    while other.is_alive() and not installation.database.is_sqlite:
        with installation.reading() as session:
            if session.scalar(_WAITING):
                return
        assert time.monotonic() < until, "the second one neither waits nor ends"
        time.sleep(0.005)
