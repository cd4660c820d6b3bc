"""Opening hours and blackouts of stations, blackouts of perks, and when a window starts."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("station") as batch_op:
        batch_op.add_column(sa.Column("hours", sa.JSON(), nullable=True))
    _add("station", "closed", sa.JSON(), "[]")
    _add("perk", "closed", sa.JSON(), "[]")
    _add("perk", "window_starts", sa.String(), "issue")


def downgrade() -> None:
    with op.batch_alter_table("perk") as batch_op:
        batch_op.drop_column("window_starts")
        batch_op.drop_column("closed")
    with op.batch_alter_table("station") as batch_op:
        batch_op.drop_column("closed")
        batch_op.drop_column("hours")


def _add(table: str, column: str, kind: sa.JSON | sa.String, value: str) -> None:
    """Adds a column with a default only while the rows that are there get theirs."""
    with op.batch_alter_table(table) as batch_op:
        batch_op.add_column(sa.Column(column, kind, nullable=False, server_default=value))
    with op.batch_alter_table(table) as batch_op:
        batch_op.alter_column(column, server_default=None)
