"""The migrations make the tables that the models describe, on each engine."""

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from app.database import Base, Database
from app.migrating import config_for, migrate
from tests.support.installations import World


def test_a_migrated_database_has_what_the_models_describe(world: World) -> None:
    with world.installation.database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, Base.metadata) == []


def test_a_key_of_the_first_version_goes_on_signing(engine_url: str) -> None:
    database = Database(engine_url)
    with database.engine.begin() as connection:
        command.upgrade(config_for(connection), "0001")
        connection.execute(
            text("INSERT INTO signing_key (number, public_key, created_at) VALUES (1, :key, :at)"),
            {"key": bytes(32), "at": "2026-01-02 03:04:05.000000+00:00"},
        )
    migrate(database)
    with database.engine.connect() as connection:
        created, signs = connection.execute(
            text("SELECT created_at, signs_from FROM signing_key")
        ).one()
    assert created == signs
    database.dispose()
