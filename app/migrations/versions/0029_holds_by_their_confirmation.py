"""Holds are found by when they were confirmed, which may be the day after."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

CONFIRMED = sa.text("ended_as = 'confirmed'")


def upgrade() -> None:
    op.create_index(
        "ix_scan_hold_confirmed",
        "scan_hold",
        ["ended_at"],
        sqlite_where=CONFIRMED,
        postgresql_where=CONFIRMED,
    )


def downgrade() -> None:
    op.drop_index("ix_scan_hold_confirmed", "scan_hold")
