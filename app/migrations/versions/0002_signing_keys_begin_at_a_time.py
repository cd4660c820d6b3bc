"""A signing key is published before it signs."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("signing_key") as batch_op:
        batch_op.add_column(sa.Column("signs_from", sa.DateTime(timezone=True), nullable=True))
    # An installation's first key signed at once.
    op.execute("UPDATE signing_key SET signs_from = created_at")
    with op.batch_alter_table("signing_key") as batch_op:
        batch_op.alter_column("signs_from", nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("signing_key") as batch_op:
        batch_op.drop_column("signs_from")
