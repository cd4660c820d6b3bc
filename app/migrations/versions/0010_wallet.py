"""Members' wallets: ways in, what an entry is about, and live codes that were taken."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _ways_in()
    _subjects()
    _wallet()


def _ways_in() -> None:
    op.create_table(
        "member_link",
        sa.Column("secret_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("member_id", _number(), nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("secret_hash", name=op.f("pk_member_link")),
    )
    op.create_table(
        "member_session",
        sa.Column("secret_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("member_id", _number(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("secret_hash", name=op.f("pk_member_session")),
    )
    op.create_index(op.f("ix_member_session_member_id"), "member_session", ["member_id"])


def _subjects() -> None:
    op.add_column("audit_entry", sa.Column("subject", sa.String(), nullable=True))
    # Both engines read JSON by this operator; what is no text of ours stays without a subject.
    op.execute("UPDATE audit_entry SET subject = data ->> 'voucher'")
    op.create_index("ix_audit_entry_subject", "audit_entry", ["community_id", "subject"])


def _wallet() -> None:
    op.create_table(
        "live_batch",
        sa.Column("voucher_id", _number(), autoincrement=False, nullable=False),
        sa.Column("begun_at", MOMENT, nullable=False),
        sa.Column("taken", _number(), nullable=False),
        sa.PrimaryKeyConstraint("voucher_id", name=op.f("pk_live_batch")),
    )
    op.create_index("ix_dispute_voucher", "dispute", ["voucher_id"])


def _number() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def downgrade() -> None:
    op.drop_index("ix_dispute_voucher", "dispute")
    for table in ("live_batch", "member_session", "member_link"):
        op.drop_table(table)
    op.drop_index("ix_audit_entry_subject", "audit_entry")
    op.drop_column("audit_entry", "subject")
