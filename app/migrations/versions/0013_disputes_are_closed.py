"""Disputes are closed, with what an organiser did about it."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("dispute") as batch_op:
        batch_op.add_column(sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("answer", sa.String(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("dispute") as batch_op:
        batch_op.drop_column("answer")
        batch_op.drop_column("closed_at")
    # The version before has no words for these.
    op.execute("DELETE FROM notice WHERE kind = 'dispute_closed'")
