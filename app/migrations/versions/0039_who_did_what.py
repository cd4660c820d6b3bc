"""Who applied a programme, what was granted by hand, and accounts that members unlinked."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.add_column("programme_version", sa.Column("applied_by", sa.String(), nullable=True))
    given: sa.Column[bool] = sa.Column(
        "by_hand", sa.Boolean(), server_default=sa.false(), nullable=False
    )
    op.add_column("achievement_grant", given)
    op.create_table(
        "unlinked_account",
        sa.Column("community_id", number, autoincrement=False, nullable=False),
        sa.Column("member_id", number, autoincrement=False, nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("account_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("unlinked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "member_id", "source"),
    )


def downgrade() -> None:
    op.drop_table("unlinked_account")
    op.drop_column("achievement_grant", "by_hand")
    op.drop_column("programme_version", "applied_by")
