"""Holds, conflicts, operators, and what tells of guesses."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
GUESSES = (
    "NOT self_judged AND "
    "verdict IN ('malformed', 'bad_signature', 'unknown_key', 'unknown_voucher')"
)


def upgrade() -> None:
    with op.batch_alter_table("voucher") as batch_op:
        batch_op.add_column(sa.Column("held_until", MOMENT, nullable=True))
    with op.batch_alter_table("scan") as batch_op:
        batch_op.add_column(
            sa.Column("self_judged", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    with op.batch_alter_table("scan") as batch_op:
        # The default is only for the rows that are there.
        batch_op.alter_column("self_judged", server_default=None)
    op.create_index(
        "ix_scan_guess",
        "scan",
        ["device_id", "received_at"],
        sqlite_where=sa.text(GUESSES),
        postgresql_where=sa.text(GUESSES),
    )
    op.create_table(
        "scan_hold",
        sa.Column("scan_id", sa.Uuid(), sa.ForeignKey("scan.id"), primary_key=True),
        sa.Column("voucher_id", NUMBER, nullable=False),
        sa.Column("device_id", sa.String(), nullable=False),
        sa.Column("uses", NUMBER, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("ended_as", sa.String(), nullable=True),
        sa.Column("end_answer", sa.JSON(), nullable=True),
    )
    op.create_index("ix_scan_hold_voucher", "scan_hold", ["voucher_id", "until"])
    op.create_table(
        "scan_conflict",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("community_id", NUMBER, nullable=False),
        sa.Column("scan_id", sa.Uuid(), nullable=False),
        sa.Column("against_scan_id", sa.Uuid(), nullable=True),
        sa.Column("voucher_id", NUMBER, nullable=True),
        sa.Column("uses", NUMBER, nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("found_at", MOMENT, nullable=False),
        sa.Column("resolved_at", MOMENT, nullable=True),
        sa.Column("resolution", sa.String(), nullable=True),
    )
    op.create_index("uq_scan_conflict_scan", "scan_conflict", ["scan_id"], unique=True)
    op.create_index("ix_scan_conflict_open", "scan_conflict", ["community_id", "resolved_at"])
    op.create_table(
        "operator",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("community_id", NUMBER, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("withdrawn_at", MOMENT, nullable=True),
    )
    op.create_index("ix_operator_community", "operator", ["community_id"])


def downgrade() -> None:
    for table in ("operator", "scan_conflict", "scan_hold"):
        op.drop_table(table)
    op.drop_index("ix_scan_guess", "scan")
    with op.batch_alter_table("scan") as batch_op:
        batch_op.drop_column("self_judged")
    with op.batch_alter_table("voucher") as batch_op:
        batch_op.drop_column("held_until")
