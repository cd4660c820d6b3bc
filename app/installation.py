"""One installation put together: its settings, what is plugged in, and its database."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.config import Settings
from app.database import Database, was_victim
from app.plugins import Plugins, plug_in_all
from app.refusals import Refused

T = TypeVar("T")
Work = Callable[[Session], Any]
LASTING = "even_if_refused"
NEW_OBJECTS = 50_000
"""How many objects a process makes before the collector of cycles looks at them.

A batch makes thousands and keeps them until it ends: looked at every 700, as is Python's default,
that took a sixth of a replay.
"""


@dataclass(frozen=True)
class Installation:
    """What a process needs to do anything: handed to views, commands, jobs and the bot."""

    settings: Settings
    plugins: Plugins
    database: Database

    @contextmanager
    def unit_of_work(self) -> Iterator[Session]:
        """A session whose writes are committed together at the end, or not at all.

        What was told to `even_if_refused()` is done as well where a `Refused` ends it.
        """
        lasting: list[Work] = []
        try:
            with self.database.unit_of_work() as session:
                session.info[LASTING] = lasting
                yield session
        except Refused:
            if lasting:
                with self.database.unit_of_work() as session:
                    for work in lasting:
                        work(session)
            raise

    def do(self, work: Callable[[Session], T]) -> T:
        """What `work` returns, done in a unit of work.

        Once more, from the start, where the database ended it for the sake of another that waited
        for the same: so it must change nothing but what is in the database.
        """
        try:
            with self.unit_of_work() as session:
                return work(session)
        except DBAPIError as error:
            if not was_victim(error):
                raise
        with self.unit_of_work() as session:
            return work(session)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that reads one consistent state."""
        with self.database.reading() as session:
            yield session

    @contextmanager
    def glance(self) -> Iterator[Connection]:
        """A connection for one statement that reads, without a transaction around it."""
        with self.database.glance() as connection:
            yield connection

    def close(self) -> None:
        """Gives the connections back."""
        self.database.dispose()


def even_if_refused(session: Session, work: Work) -> None:
    """Has something that this unit of work did be done again, by itself, where it is refused: what
    was used up stays so. Nothing where the session is no unit of work's.
    """
    session.info.get(LASTING, []).append(work)


def open_installation(settings: Settings) -> Installation:
    """Plugs the packages in and opens the database; creates no table."""
    gc.set_threshold(NEW_OBJECTS, 20, 20)
    plugins = plug_in_all(settings.packages)
    info = {"plugins": plugins, "settings": settings}
    pool = max(10, settings.web_threads + 2)
    return Installation(
        settings, plugins, Database(settings.database_url, info=info, pool_size=pool)
    )
