"""Perks: kinds, checks by staff, fixed dates, live codes, and what a missed window leads to."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

OPTIONAL: tuple[tuple[str, sa.types.TypeEngine[Any]], ...] = (
    ("coupon", sa.String()),
    ("picture", sa.String()),
    ("staff_note", sa.String()),
    ("minimum_age", NUMBER),
    ("fixed_from", sa.DateTime(timezone=True)),
    ("fixed_until", sa.DateTime(timezone=True)),
)
REQUIRED: tuple[tuple[str, sa.types.TypeEngine[Any], Any], ...] = (
    ("kind", sa.String(), "item"),
    ("identity", sa.Boolean(), sa.false()),
    ("live", sa.Boolean(), sa.false()),
    ("window_policy", sa.String(), "stretch"),
    ("missed", sa.String(), "ask"),
)


def upgrade() -> None:
    with op.batch_alter_table("perk") as batch_op:
        for name, kind in OPTIONAL:
            batch_op.add_column(sa.Column(name, kind, nullable=True))
        for name, kind, value in REQUIRED:
            # The default is only for the rows that are there.
            batch_op.add_column(sa.Column(name, kind, nullable=False, server_default=value))
    with op.batch_alter_table("perk") as batch_op:
        for name, _, _ in REQUIRED:
            batch_op.alter_column(name, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("perk") as batch_op:
        for name in [name for name, _ in OPTIONAL] + [name for name, _, _ in REQUIRED]:
            batch_op.drop_column(name)
