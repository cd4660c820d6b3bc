"""Alembic's entry: one history for all packages' tables."""

from typing import Literal

from alembic import context

from app.database import Base, UtcDateTime


def _plain_type(kind: str, item: object, _context: object) -> str | Literal[False]:
    """Migrations name SQL's types, not ours, which may change later."""
    return (
        "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False
    )


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    render_item=_plain_type,
)
with context.begin_transaction():
    context.run_migrations()
