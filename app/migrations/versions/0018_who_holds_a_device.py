"""PINs of operators, who is admitted to which device, and what a device may."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
DEFAULTS = {"device": ("may", "wrong_pins"), "operator": ("wrong_pins",)}


def upgrade() -> None:
    with op.batch_alter_table("device") as batch_op:
        # What every device could do before.
        batch_op.add_column(
            sa.Column("may", sa.String(), nullable=False, server_default="redeem,undo")
        )
        batch_op.add_column(sa.Column("wrong_pins", NUMBER, nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("seen_at", MOMENT, nullable=True))
        batch_op.add_column(sa.Column("sign_in_locked_until", MOMENT, nullable=True))
    with op.batch_alter_table("operator") as batch_op:
        batch_op.add_column(sa.Column("pin_hash", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("pin_since", MOMENT, nullable=True))
        batch_op.add_column(sa.Column("wrong_pins", NUMBER, nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("pin_locked_until", MOMENT, nullable=True))
    for table, columns in DEFAULTS.items():
        # The defaults are only for the rows that are there.
        with op.batch_alter_table(table) as batch_op:
            for column in columns:
                batch_op.alter_column(column, server_default=None)
    op.create_table(
        "operator_admission",
        sa.Column("device_id", sa.String(), sa.ForeignKey("device.id"), primary_key=True),
        sa.Column("operator_id", sa.String(), sa.ForeignKey("operator.id"), primary_key=True),
        sa.Column("admitted_at", MOMENT, nullable=False),
        sa.Column("dismissed_at", MOMENT, nullable=True),
        sa.Column("signed_in_until", MOMENT, nullable=True),
        sa.Column("once_until", MOMENT, nullable=True),
    )
    op.create_index("ix_operator_admission_operator", "operator_admission", ["operator_id"])


def downgrade() -> None:
    op.drop_table("operator_admission")
    with op.batch_alter_table("operator") as batch_op:
        for column in ("pin_hash", "pin_since", "wrong_pins", "pin_locked_until"):
            batch_op.drop_column(column)
    with op.batch_alter_table("device") as batch_op:
        for column in ("may", "wrong_pins", "seen_at", "sign_in_locked_until"):
            batch_op.drop_column(column)
