"""Stock, members' limits, and vouchers that are owed."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("perk") as batch_op:
        batch_op.add_column(sa.Column("item", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("member_limit", NUMBER, nullable=True))
        batch_op.add_column(sa.Column("variant", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(
            sa.Column("stock_taken", sa.String(), nullable=False, server_default="issue")
        )
    with op.batch_alter_table("perk") as batch_op:
        # The defaults are only for the rows that are there.
        batch_op.alter_column("variant", server_default=None)
        batch_op.alter_column("stock_taken", server_default=None)
    _make_stock()
    _make_owed()


def _make_stock() -> None:
    op.create_table(
        "stock_level",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("community_id", NUMBER, nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("variant", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("on_hand", NUMBER, nullable=False),
        sa.Column("low", NUMBER, nullable=True),
        sa.UniqueConstraint("community_id", "item", "variant", "place"),
    )
    op.create_table(
        "stock_reservation",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("level_id", NUMBER, sa.ForeignKey("stock_level.id"), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("quantity", NUMBER, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.UniqueConstraint("holder"),
    )
    op.create_index("ix_stock_reservation_level", "stock_reservation", ["level_id", "until"])
    op.create_table(
        "stock_movement",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("level_id", NUMBER, sa.ForeignKey("stock_level.id"), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("change", NUMBER, nullable=False),
        sa.Column("on_hand", NUMBER, nullable=False),
        sa.Column("reserved", NUMBER, nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
    )
    op.create_index("ix_stock_movement_level", "stock_movement", ["level_id", "id"])
    op.create_index("ix_stock_movement_subject", "stock_movement", ["subject"])
    op.create_index("ix_stock_movement_holder", "stock_movement", ["holder"])


def _make_owed() -> None:
    op.create_table(
        "owed_voucher",
        sa.Column("id", NUMBER, primary_key=True),
        sa.Column("community_id", NUMBER, nullable=False),
        sa.Column("perk_number", NUMBER, nullable=False),
        sa.Column("member_id", NUMBER, nullable=False),
        sa.Column("uses", NUMBER, nullable=True),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("replaces", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("try_at", MOMENT, nullable=False),
        sa.Column("settled_at", MOMENT, nullable=True),
        sa.Column("voucher", sa.String(), nullable=True),
    )
    op.create_index("ix_owed_voucher_due", "owed_voucher", ["settled_at", "try_at"])
    op.create_index("ix_owed_voucher_member", "owed_voucher", ["community_id", "member_id"])


def downgrade() -> None:
    for table in ("owed_voucher", "stock_movement", "stock_reservation", "stock_level"):
        op.drop_table(table)
    with op.batch_alter_table("perk") as batch_op:
        for column in ("item", "variant", "stock_taken", "member_limit"):
            batch_op.drop_column(column)
