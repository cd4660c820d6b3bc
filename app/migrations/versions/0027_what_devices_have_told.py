"""Until when each device has told all that it decided by itself."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Never by a new table: others hang on the old one, which SQLite would not let go.
    op.add_column("device", sa.Column("told_until", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("device", "told_until")
