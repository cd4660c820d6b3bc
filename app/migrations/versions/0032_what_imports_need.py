"""Texts are known again by a community's own key, and members can be struck from a season."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "fingerprint_key",
        sa.Column("community_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("key", sa.LargeBinary(32), nullable=False),
        sa.PrimaryKeyConstraint("community_id"),
    )
    op.create_table(
        "struck",
        sa.Column("community_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("season", sa.String(), nullable=False),
        sa.Column("member_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("struck_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "season", "member_id"),
    )


def downgrade() -> None:
    op.drop_table("struck")
    op.drop_table("fingerprint_key")
