"""Redemptions that were undone."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("scan") as batch_op:
        batch_op.add_column(sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("undo_answer", sa.JSON(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("scan") as batch_op:
        batch_op.drop_column("undo_answer")
        batch_op.drop_column("undone_at")
