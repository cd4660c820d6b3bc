"""Leaderboards: ranks by stretches of counts, who hides, and gaps that could not be read back."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
BEFORE = ["community_id", "metric", "window", "count"]


def _key(name: str, kind: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, autoincrement=False, nullable=False)


def upgrade() -> None:
    op.drop_index("ix_counter_standing", "counter")
    op.create_index("ix_counter_standing", "counter", [*BEFORE, "member_id"])
    op.add_column("standing", sa.Column("provisional_at", MOMENT, nullable=True))
    # Filled as the first programme with a leaderboard is applied: its metrics are counted anew.
    op.create_table(
        "counter_bucket",
        _key("community_id", NUMBER),
        _key("metric", sa.String()),
        _key("window", sa.String()),
        _key("bucket", NUMBER),
        sa.Column("members", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("community_id", "metric", "window", "bucket"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "leaderboard_hidden",
        _key("community_id", NUMBER),
        _key("member_id", NUMBER),
        sa.Column("since", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("community_id", "member_id"),
    )
    op.create_table(
        "activity_gap",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("community_id", NUMBER, nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=True),
        sa.Column("from_at", MOMENT, nullable=False),
        sa.Column("until_at", MOMENT, nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("noted_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_activity_gap_time", "activity_gap", ["community_id", "until_at"])


def downgrade() -> None:
    for name in ("activity_gap", "leaderboard_hidden", "counter_bucket"):
        op.drop_table(name)
    op.drop_column("standing", "provisional_at")
    op.drop_index("ix_counter_standing", "counter")
    op.create_index("ix_counter_standing", "counter", BEFORE)
