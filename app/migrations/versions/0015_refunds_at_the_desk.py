"""A voucher is refunded where it is shown: the attempt keeps what was answered."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("scan", sa.Column("refund_answer", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("scan", "refund_answer")
