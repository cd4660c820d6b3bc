"""A voucher is refunded where it is shown: the attempt keeps what was answered."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("scan") as batch_op:
        batch_op.add_column(sa.Column("refund_answer", sa.JSON(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("scan") as batch_op:
        batch_op.drop_column("refund_answer")
