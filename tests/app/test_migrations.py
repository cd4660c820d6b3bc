"""The migrations make the tables that the models describe, on each engine."""

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from app.database import Base
from tests.support.installations import World


def test_a_migrated_database_has_what_the_models_describe(world: World) -> None:
    with world.installation.database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, Base.metadata) == []
