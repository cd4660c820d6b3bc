"""Orders have lines that lie on shelves, and are fetched, not found, or brought back."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0023"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("perk", sa.Column("contents", sa.JSON(none_as_null=True), nullable=True))
    op.add_column("fulfilment_order", sa.Column("changed_at", MOMENT, nullable=True))
    op.create_index(
        "ix_fulfilment_order_pickup", "fulfilment_order", ["community_id", "station", "state"]
    )
    op.create_index("ix_fulfilment_order_voucher", "fulfilment_order", ["voucher"])
    op.create_table(
        "fulfilment_order_line",
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("number", NUMBER, autoincrement=False, nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("variant", sa.String(), nullable=False),
        sa.Column("quantity", NUMBER, nullable=False),
        sa.Column("collected", NUMBER, nullable=False),
        sa.Column("missing", NUMBER, nullable=False),
        sa.Column("returned", NUMBER, nullable=False),
        sa.Column("shelf", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["order_id"], ["fulfilment_order.id"]),
        sa.PrimaryKeyConstraint("order_id", "number"),
    )
    op.create_table(
        "fulfilment_order_deed",
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("attempt_id", sa.String(), nullable=False),
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("move", sa.String(), nullable=False),
        sa.Column("asked", sa.LargeBinary(length=32), nullable=False),
        sa.Column("operator", sa.String(), nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["fulfilment_order.id"]),
        sa.PrimaryKeyConstraint("by", "attempt_id"),
    )
    op.create_index("ix_fulfilment_order_deed_order", "fulfilment_order_deed", ["order_id", "at"])
    _open_pickups()


def _open_pickups() -> None:
    # Orders that were made before are fetched as well: of the perk itself, as nobody asked yet.
    op.execute(
        "INSERT INTO fulfilment_order_line"
        " (order_id, number, item, variant, quantity, collected, missing, returned)"
        " SELECT fulfilment_order.id, 1, perk.name, perk.variant, fulfilment_order.uses, 0, 0, 0"
        " FROM fulfilment_order JOIN perk ON perk.number = fulfilment_order.perk_number"
        " WHERE perk.kind = 'pickup'"
    )


def downgrade() -> None:
    op.drop_table("fulfilment_order_deed")
    op.drop_table("fulfilment_order_line")
    op.drop_index("ix_fulfilment_order_voucher", "fulfilment_order")
    op.drop_index("ix_fulfilment_order_pickup", "fulfilment_order")
    op.drop_column("fulfilment_order", "changed_at")
    op.drop_column("perk", "contents")
