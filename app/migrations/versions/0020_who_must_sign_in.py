"""Which PIN of an operator stands, whether they chose it, and where one has to be signed in."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
COLUMNS = {"operator": ("pin_number", "pin_chosen"), "station": ("operators_required",)}


def upgrade() -> None:
    # Never by a new table: others hang on both, which SQLite would not let go.
    op.add_column("operator", sa.Column("pin_number", NUMBER, nullable=False, server_default="0"))
    op.add_column("operator", _no("pin_chosen"))
    op.execute("UPDATE operator SET pin_number = 1 WHERE pin_hash IS NOT NULL")
    op.add_column("station", _no("operators_required"))


def _no(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())


def downgrade() -> None:
    for table, names in COLUMNS.items():
        for name in names:
            op.drop_column(table, name)
