"""Interleavings that are forced: somebody else comes in the middle of a transaction, and waits."""

import threading
from collections.abc import Callable
from typing import Any

from sqlalchemy import text

from tests.support.installations import World

_WAITING = text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


class Meanwhile:
    """Something that is done in a thread of its own while the caller is in a transaction."""

    def __init__(self, world: World, does: Callable[[], Any]):
        self._does = does
        self._outcome: Any = None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        self._until_it_waits(world)

    def outcome(self) -> Any:
        """What it returned, or raised, once the caller's transaction is over."""
        self._thread.join(60)
        assert not self._thread.is_alive(), "it waits still"
        return self._outcome

    def _run(self) -> None:
        try:
            self._outcome = self._does()
        except Exception as error:
            self._outcome = error

    def _until_it_waits(self, world: World) -> None:
        """Returns once it waits for a lock, or is done; on SQLite it waits for its turn."""
        database = world.installation.database
        if database.is_sqlite:
            return
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as looks:
            while self._thread.is_alive() and not looks.scalar(_WAITING):
                self._thread.join(0.01)
