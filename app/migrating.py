"""Bringing a database up to date, and telling whether it is."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from app.database import Database
from app.refusals import Refused

MIGRATIONS = Path(__file__).resolve().parent / "migrations"


class NotMigrated(Refused):
    """The database's tables are not those that this version needs."""

    code = "not_migrated"


def migrate(database: Database) -> None:
    """Makes or changes the tables, whatever version they are of."""
    with database.engine.begin() as connection:
        command.upgrade(config_for(connection), "head")


def check(database: Database) -> None:
    """Raises `NotMigrated` unless the tables are of this version."""
    with database.engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    if found != ScriptDirectory(str(MIGRATIONS)).get_current_head():
        said = "has no tables yet" if found is None else "is of another version"
        raise NotMigrated(f"The database {said}: run `keepsake migrate`.")


def config_for(connection: Connection) -> Config:
    """Alembic's settings for one connection."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config
