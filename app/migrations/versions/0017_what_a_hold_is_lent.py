"""A hold is lent what it keeps, out of the promise of its voucher."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

INDEX = "ix_stock_reservation_lender"


def upgrade() -> None:
    op.add_column("stock_reservation", sa.Column("lender", sa.String(), nullable=True))
    op.add_column(
        "stock_reservation",
        sa.Column(
            "lent",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            server_default="0",
            nullable=False,
        ),
    )
    is_lent = sa.text("lender IS NOT NULL")
    op.create_index(
        INDEX, "stock_reservation", ["lender"], sqlite_where=is_lent, postgresql_where=is_lent
    )


def downgrade() -> None:
    op.drop_index(INDEX, "stock_reservation")
    # What was lent is its lender's again.
    op.execute("UPDATE stock_reservation SET quantity = quantity - lent")
    op.drop_column("stock_reservation", "lent")
    op.drop_column("stock_reservation", "lender")
