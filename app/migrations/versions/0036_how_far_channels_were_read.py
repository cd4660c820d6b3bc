"""How far a source's channels have come in, so that what was missed is read back from there."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "channel_read",
        sa.Column("community_id", number, autoincrement=False, nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("last_id", number, nullable=False),
        sa.PrimaryKeyConstraint("community_id", "source", "channel"),
    )


def downgrade() -> None:
    op.drop_table("channel_read")
