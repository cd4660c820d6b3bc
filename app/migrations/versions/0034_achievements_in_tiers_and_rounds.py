"""Achievements are had again, in tiers, and at most so often; guilds' roles are known."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
ONCE = "uq_achievement_grant_once"


def _key(name: str, kind: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, autoincrement=False, nullable=False)


def upgrade() -> None:
    op.add_column(
        "achievement_grant",
        sa.Column("round", NUMBER, server_default=sa.text("1"), nullable=False),
    )
    op.drop_index(ONCE, "achievement_grant")
    op.create_index(
        ONCE,
        "achievement_grant",
        ["community_id", "achievement", "tier", "round", "member_id"],
        unique=True,
    )
    op.create_table(
        "achievement_budget",
        _key("community_id", NUMBER),
        _key("achievement", sa.String()),
        sa.Column("granted", NUMBER, nullable=False),
        sa.Column("taken", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("community_id", "achievement"),
    )
    op.create_table(
        "achievement_clock",
        _key("community_id", NUMBER),
        sa.Column("looked_until", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("community_id"),
    )
    op.create_table(
        "guild_role",
        _key("community_id", NUMBER),
        _key("role", sa.String()),
        sa.Column("guild", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("tag", sa.String(), nullable=True),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("community_id", "role"),
    )
    op.create_table(
        "role_held",
        _key("community_id", NUMBER),
        _key("member_id", NUMBER),
        _key("role", sa.String()),
        sa.Column("since", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("community_id", "member_id", "role"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_role_held_role", "role_held", ["community_id", "role"])


def downgrade() -> None:
    op.drop_table("role_held")
    op.drop_table("guild_role")
    op.drop_table("achievement_clock")
    op.drop_table("achievement_budget")
    # What was had again cannot be told apart there: the first time stays.
    op.execute("DELETE FROM achievement_grant WHERE round > 1")
    op.drop_index(ONCE, "achievement_grant")
    op.drop_column("achievement_grant", "round")
    op.create_index(
        ONCE, "achievement_grant", ["community_id", "achievement", "tier", "member_id"], unique=True
    )
