"""Devices say how many of their decisions are still to be sent."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.add_column("device", sa.Column("waiting", number, nullable=True))


def downgrade() -> None:
    op.drop_column("device", "waiting")
