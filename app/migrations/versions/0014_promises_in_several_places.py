"""A holder may be promised something in several places; who ended a hold is kept."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

OLD, NEW = "uq_stock_reservation_holder", "uq_stock_reservation_holder_level_id"


def upgrade() -> None:
    with op.batch_alter_table("stock_level") as batch_op:
        batch_op.add_column(sa.Column("as_of", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("stock_reservation") as batch_op:
        batch_op.drop_constraint(OLD, type_="unique")
        batch_op.create_unique_constraint(NEW, ["holder", "level_id"])
    with op.batch_alter_table("scan_hold") as batch_op:
        batch_op.add_column(sa.Column("ended_by", sa.String(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("scan_hold") as batch_op:
        batch_op.drop_column("ended_by")
    # One row for each holder again: the one where most is promised.
    op.execute(
        "DELETE FROM stock_reservation WHERE EXISTS (SELECT 1 FROM stock_reservation AS other"
        " WHERE other.holder = stock_reservation.holder AND (other.quantity, other.id) >"
        " (stock_reservation.quantity, stock_reservation.id))"
    )
    with op.batch_alter_table("stock_reservation") as batch_op:
        batch_op.drop_constraint(NEW, type_="unique")
        batch_op.create_unique_constraint(OLD, ["holder"])
    # Not in a batch, which would drop the table that reservations point at.
    op.drop_column("stock_level", "as_of")
