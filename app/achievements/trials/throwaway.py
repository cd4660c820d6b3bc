"""A copy of the installation in which something is tried out, and which is then thrown away.

Nothing is followed there, and no reward is given. It is an SQLite file of its own, so whatever is
done in it, nobody waits for it.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.database import Base
from app.installation import Installation, open_installation
from app.rewards.channels import Reward, RewardChannel
from app.rows import RowInsert
from app.statements import table_of

LOOKED_AT = (
    "app.communities.models",
    "app.communities.roles.models",
    "app.programme.models",
    "app.activity.boards.models",
    "app.activity.counters.models",
    "app.activity.event_log.models",
    "app.activity.formats.models",
    "app.activity.limits.models",
    "app.activity.sources.models",
    "app.achievements.models",
)
"""Where the tables are defined that criteria look at, and all that is counted."""
TOGETHER = 5_000


class _Silent:
    """A reward channel that gives nothing."""

    def __init__(self, channel: RewardChannel):
        self.name = channel.name
        self.validate, self.check = channel.validate, channel.check
        self.describe = channel.describe

    def issue_all(self, _session: Any, _rewards: Sequence[Reward]) -> None:
        """Gives nothing."""


@contextmanager
def empty(installation: Installation) -> Iterator[Installation]:
    """The same installation with nothing in its tables."""
    with TemporaryDirectory(prefix="keepsake-trial-") as folder:
        there = {
            "data_dir": Path(folder),
            "database_address": f"sqlite:///{folder}/trial.sqlite3",
        }
        copy = open_installation(installation.settings.model_copy(update=there))
        plugins = copy.plugins
        plugins.followers.clear()
        for name, channel in plugins.reward_channels.items():
            plugins.reward_channels[name] = _Silent(channel)
        try:
            Base.metadata.create_all(copy.database.engine)
            yield copy
        finally:
            copy.close()


@contextmanager
def copied(installation: Installation, community_id: int) -> Iterator[Installation]:
    """The same installation with what a community's criteria look at, as it is at one moment.

    Members, activity, counters, standings and grants are in it: no voucher, key or session is.
    """
    with empty(installation) as copy:
        if installation.database.is_sqlite:
            _copy_file(installation, copy, community_id)
        else:
            with installation.reading() as there, copy.unit_of_work() as here:
                # All of it as it is at one moment.
                there.connection(execution_options={"isolation_level": "REPEATABLE READ"})
                for model in _tables():
                    _copy(there, here, model, community_id)
        yield copy


def _tables() -> list[type[Base]]:
    """Those of `LOOKED_AT`, each behind what it refers to."""
    by_table = {
        mapper.local_table: mapper.class_
        for mapper in Base.registry.mappers
        if mapper.class_.__module__ in LOOKED_AT
    }
    return [by_table[table] for table in Base.metadata.sorted_tables if table in by_table]


def _copy(there: Session, here: Session, model: type[Base], community_id: int) -> None:
    table, insert = table_of(model), RowInsert(model)
    wanted = select(table).execution_options(yield_per=TOGETHER)
    if "community_id" in table.c:
        wanted = wanted.where(table.c.community_id == community_id)
    for rows in there.connection().execute(wanted).mappings().partitions():
        insert.run(here, [dict(row) for row in rows])


def _copy_file(installation: Installation, copy: Installation, community_id: int) -> None:
    """From file to file, in one transaction that only reads there: several times as fast."""
    there, here = (str(one.database.url.database) for one in (installation, copy))
    with closing(sqlite3.connect(here, isolation_level=None)) as connection:
        connection.execute("ATTACH ? AS there", [there])
        connection.execute("BEGIN")
        for model in _tables():
            table = table_of(model)
            names = ", ".join(f'"{column.name}"' for column in table.c)
            ours = "WHERE community_id = :community" if "community_id" in table.c else ""
            # All of it is our own models' words.
            connection.execute(
                f'INSERT INTO main."{table.name}" ({names}) '  # noqa: S608
                f'SELECT {names} FROM there."{table.name}" {ours}',
                {"community": community_id},
            )
        connection.execute("COMMIT")
