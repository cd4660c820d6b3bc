"""How many times an event counts by the rules for channels, so that other rules can be tried."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    # What was stored before is taken as it stands.
    weight = sa.Column("weight", number, nullable=False, server_default="1")
    op.add_column("activity_event", weight)


def downgrade() -> None:
    op.drop_column("activity_event", "weight")
