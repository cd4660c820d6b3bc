"""When a perk is redeemed: as it is scanned, or once staff say that it was handed over."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Never by a new table: devices hang on the old one, which SQLite would not let go.
    op.add_column(
        "station",
        sa.Column("redeemed_when", sa.String(), nullable=False, server_default="scanned"),
    )
    op.add_column("perk", sa.Column("redeemed_when", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("perk", "redeemed_when")
    op.drop_column("station", "redeemed_when")
