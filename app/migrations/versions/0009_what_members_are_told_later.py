"""Reminders and their quiet hours, and redemptions that a member says were not theirs."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

COMMUNITY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
LOOKED_AT = sa.text("look_at IS NOT NULL")


def upgrade() -> None:
    # Each with its default only while the rows that are there get theirs.
    _add("community", sa.Column("quiet_hours", sa.String()), "22:00-08:00")
    _add("perk", sa.Column("reminders", sa.JSON()), "[24, 2]")
    with op.batch_alter_table("voucher") as batch_op:
        batch_op.add_column(sa.Column("look_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE voucher SET look_at = issued_at WHERE standing = 'open' AND uses_taken < uses"
    )
    op.create_index(
        "ix_voucher_look",
        "voucher",
        ["look_at"],
        sqlite_where=LOOKED_AT,
        postgresql_where=LOOKED_AT,
    )
    op.create_table(
        "dispute",
        sa.Column("redemption", sa.Uuid(), nullable=False),
        sa.Column("community_id", COMMUNITY, nullable=False),
        sa.Column("voucher_id", COMMUNITY, nullable=False),
        sa.Column("member_id", COMMUNITY, nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("redemption", name=op.f("pk_dispute")),
    )
    op.create_index("ix_dispute_recent", "dispute", ["community_id", "said_at"])


def downgrade() -> None:
    op.drop_table("dispute")
    op.drop_index("ix_voucher_look", table_name="voucher")
    # The version before has no words for these.
    op.execute(
        "DELETE FROM notice WHERE kind IN"
        " ('voucher_reminder', 'voucher_expired', 'voucher_redeemed')"
    )
    for table, column in (
        ("voucher", "look_at"),
        ("perk", "reminders"),
        ("community", "quiet_hours"),
    ):
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_column(column)


def _add(table: str, column: "sa.Column[str]", value: str) -> None:
    column.nullable, column.server_default = False, sa.DefaultClause(value)
    with op.batch_alter_table(table) as batch_op:
        batch_op.add_column(column)
    with op.batch_alter_table(table) as batch_op:
        batch_op.alter_column(column.name, server_default=None)
