"""When an achievement was reached, and who waits since an import that only counted."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("achievement_grant", sa.Column("reached_at", MOMENT, nullable=True))
    op.create_table(
        "achievement_waiting",
        sa.Column("community_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("member_id", NUMBER, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("community_id", "member_id"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("achievement_waiting")
    op.drop_column("achievement_grant", "reached_at")
