"""Reminders keep to the night of the member's own time zone, once it is known."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("timezone", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("person", "timezone")
