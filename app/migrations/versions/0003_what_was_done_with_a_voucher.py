"""What was done with a voucher; remarks; one notice for each occasion."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

COMMUNITY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "remark",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("community_id", COMMUNITY, nullable=False),
        sa.Column("salt", sa.LargeBinary(length=16), nullable=True),
        sa.Column("text", sa.String(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_remark")),
    )
    # Each with its default only while the rows that are there get theirs.
    _add("voucher", "standing", "open")
    _add("notice", "occasion", "")
    with op.batch_alter_table("voucher") as batch_op:
        batch_op.add_column(sa.Column("stood_since", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("notice") as batch_op:
        batch_op.drop_index("uq_notice_once")
        batch_op.create_index(
            "uq_notice_once", ["community_id", "kind", "subject", "occasion"], unique=True
        )


def downgrade() -> None:
    # The version before knows of no occasion: it would send each as a voucher's first card.
    op.execute("DELETE FROM notice WHERE occasion <> ''")
    # And it would redeem what was withdrawn or replaced.
    op.execute("UPDATE voucher SET uses_taken = uses WHERE standing <> 'open'")
    with op.batch_alter_table("notice") as batch_op:
        batch_op.drop_index("uq_notice_once")
        batch_op.create_index("uq_notice_once", ["community_id", "kind", "subject"], unique=True)
        batch_op.drop_column("occasion")
    with op.batch_alter_table("voucher") as batch_op:
        batch_op.drop_column("stood_since")
        batch_op.drop_column("standing")
    op.drop_table("remark")


def _add(table: str, column: str, value: str) -> None:
    with op.batch_alter_table(table) as batch_op:
        batch_op.add_column(sa.Column(column, sa.String(), nullable=False, server_default=value))
    with op.batch_alter_table(table) as batch_op:
        batch_op.alter_column(column, server_default=None)
