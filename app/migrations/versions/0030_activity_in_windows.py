"""Metrics have limits and are counted in windows, which close and are frozen."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def _key(name: str, kind: Any) -> sa.Column[Any]:
    return sa.Column(name, kind, autoincrement=False, nullable=False)


def upgrade() -> None:
    op.add_column("activity_event", sa.Column("other", sa.String(), nullable=True))
    op.add_column("activity_event", sa.Column("undone_at", MOMENT, nullable=True))
    # Nothing refers to it. How many events had a value was not kept: what was taken in before
    # cannot be taken back.
    op.rename_table("distinct_value", "distinct_value_before")
    op.create_table(
        "distinct_value",
        _key("community_id", NUMBER),
        _key("metric", sa.String()),
        _key("window", sa.String()),
        _key("member_id", NUMBER),
        _key("value", sa.String()),
        sa.Column("events", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint(
            "community_id", "metric", "window", "member_id", "value", name="pk_distinct_value_of"
        ),
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO distinct_value "
        '(community_id, metric, "window", member_id, value, events) '
        "SELECT community_id, metric, 'all', member_id, value, 1 FROM distinct_value_before"
    )
    op.drop_table("distinct_value_before")
    op.create_table(
        "metric_definition",
        _key("community_id", NUMBER),
        _key("metric", sa.String()),
        sa.Column("definition", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "metric"),
    )
    for name, more in (("limit_memory", ()), ("limit_day", (_key("day", NUMBER),))):
        op.create_table(
            name,
            _key("community_id", NUMBER),
            _key("metric", sa.String()),
            _key("member_id", NUMBER),
            *more,
            sa.Column("memory", sa.String(), nullable=False),
            sa.PrimaryKeyConstraint(
                "community_id", "metric", "member_id", *(column.name for column in more)
            ),
            sqlite_with_rowid=False,
        )
    op.create_table(
        "limit_refusal",
        _key("community_id", NUMBER),
        _key("metric", sa.String()),
        _key("member_id", NUMBER),
        _key("reason", sa.String()),
        sa.Column("count", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("community_id", "metric", "member_id", "reason"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "activity_source",
        _key("community_id", NUMBER),
        _key("source", sa.String()),
        sa.Column("newest_at", MOMENT, nullable=False),
        sa.Column("heard_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("community_id", "source"),
    )
    op.create_table(
        "intake_run",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("community_id", NUMBER, nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("earliest_at", MOMENT, nullable=True),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("alive_until", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_intake_run_open", "intake_run", ["community_id", "ended_at"])
    op.create_table(
        "standing",
        _key("community_id", NUMBER),
        _key("board", sa.String()),
        _key("window", sa.String()),
        sa.Column("metric", sa.String(), nullable=False),
        sa.Column("closes_at", MOMENT, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("final_at", MOMENT, nullable=True),
        sa.Column("members", NUMBER, nullable=False),
        sa.Column("digest", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("community_id", "board", "window"),
    )
    op.create_table(
        "standing_row",
        _key("community_id", NUMBER),
        _key("board", sa.String()),
        _key("window", sa.String()),
        _key("member_id", NUMBER),
        sa.Column("rank", NUMBER, nullable=False),
        sa.Column("count", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("community_id", "board", "window", "member_id"),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_standing_row_rank", "standing_row", ["community_id", "board", "window", "rank"]
    )


def downgrade() -> None:
    for name in (
        "standing_row",
        "standing",
        "intake_run",
        "activity_source",
        "limit_refusal",
        "limit_day",
        "limit_memory",
        "metric_definition",
    ):
        op.drop_table(name)
    op.rename_table("distinct_value", "distinct_value_after")
    op.create_table(
        "distinct_value",
        _key("community_id", NUMBER),
        _key("metric", sa.String()),
        _key("member_id", NUMBER),
        _key("value", sa.String()),
        sa.PrimaryKeyConstraint(
            "community_id", "metric", "member_id", "value", name="pk_distinct_value"
        ),
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO distinct_value (community_id, metric, member_id, value) "
        "SELECT community_id, metric, member_id, value FROM distinct_value_after "
        "WHERE \"window\" = 'all' AND events > 0"
    )
    op.drop_table("distinct_value_after")
    op.drop_column("activity_event", "undone_at")
    op.drop_column("activity_event", "other")
