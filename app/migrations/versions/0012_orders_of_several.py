"""Orders say how many were redeemed at once."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("fulfilment_order") as batch_op:
        batch_op.add_column(sa.Column("uses", NUMBER, nullable=False, server_default="1"))
    op.execute(
        "UPDATE fulfilment_order SET uses = coalesce("
        "(SELECT uses FROM scan WHERE scan.id = fulfilment_order.redemption), 1)"
    )
    with op.batch_alter_table("fulfilment_order") as batch_op:
        # The default is only for the rows that are there.
        batch_op.alter_column("uses", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("fulfilment_order") as batch_op:
        batch_op.drop_column("uses")
