"""What one member counts lies together."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

BY_MEMBER = ["community_id", "member_id", "metric", "window"]
BY_METRIC = ["community_id", "metric", "window", "member_id"]
INDEX = "ix_counter_standing"
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _keyed_by(BY_MEMBER)


def downgrade() -> None:
    _keyed_by(BY_METRIC)


def _keyed_by(key: list[str]) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint("pk_counter", "counter", type_="primary")
        op.create_primary_key("pk_counter", "counter", key)
        return
    # Nothing refers to it.
    op.drop_index(INDEX, "counter")
    op.rename_table("counter", "counter_before")
    op.create_table(
        "counter",
        sa.Column("community_id", NUMBER, nullable=False),
        sa.Column("member_id", NUMBER, nullable=False),
        sa.Column("metric", sa.String(), nullable=False),
        sa.Column("window", sa.String(), nullable=False),
        sa.Column("count", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint(*key, name="pk_counter"),
        sqlite_with_rowid=False,
    )
    columns = ", ".join(f'"{name}"' for name in (*key, "count"))
    op.execute(f"INSERT INTO counter ({columns}) SELECT {columns} FROM counter_before")  # noqa: S608
    op.drop_table("counter_before")
    op.create_index(INDEX, "counter", ["community_id", "metric", "window", "count", "member_id"])
