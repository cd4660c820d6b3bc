"""A signing key knows how long what it signed lasts, a voucher which key had signed it before."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("signing_key") as batch_op:
        batch_op.add_column(sa.Column("last_until", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE signing_key SET last_until = ("
        "SELECT max(valid_until) FROM voucher WHERE voucher.key_number = signing_key.number)"
    )
    with op.batch_alter_table("voucher") as batch_op:
        batch_op.add_column(
            sa.Column(
                "was_signed_by", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
            )
        )


def downgrade() -> None:
    with op.batch_alter_table("voucher") as batch_op:
        batch_op.drop_column("was_signed_by")
    with op.batch_alter_table("signing_key") as batch_op:
        batch_op.drop_column("last_until")
