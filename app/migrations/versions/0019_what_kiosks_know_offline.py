"""What devices know without a network: allowances, extended vouchers, when they last synced."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
ALLOWANCES = {"offline_allowance": "200", "offline_hours": "12"}
"""What a programme that names neither gives."""


def upgrade() -> None:
    _allowances()
    op.add_column("voucher", sa.Column("extended_at", MOMENT, nullable=True))
    op.execute(
        "UPDATE voucher SET extended_at = (SELECT max(at) FROM audit_entry"
        " WHERE audit_entry.community_id = voucher.community_id"
        " AND audit_entry.subject = voucher.reference AND audit_entry.kind = 'voucher.extended')"
    )
    op.create_index("ix_voucher_end", "voucher", ["community_id", "valid_until", "id"])
    op.add_column("device", sa.Column("synced_at", MOMENT, nullable=True))
    op.add_column("device", sa.Column("synced_number", NUMBER, nullable=True))


def _allowances() -> None:
    # Never by a new table: devices hang on the old one, which SQLite would not let go.
    for name, usual in ALLOWANCES.items():
        op.add_column("station", sa.Column(name, NUMBER, nullable=False, server_default=usual))


def downgrade() -> None:
    for name in ("synced_number", "synced_at"):
        op.drop_column("device", name)
    op.drop_index("ix_voucher_end", "voucher")
    op.drop_column("voucher", "extended_at")
    for name in ALLOWANCES:
        op.drop_column("station", name)
