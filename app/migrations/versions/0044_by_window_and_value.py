"""What is counted in one window lies together, and in it what one member counts."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STANDING = "ix_counter_standing"
BY_COUNT = ["community_id", "metric", "window", "count", "member_id"]
COUNTER: dict[str, Any] = {
    "community_id": NUMBER,
    "window": sa.String(),
    "member_id": NUMBER,
    "metric": sa.String(),
}
VALUE: dict[str, Any] = {
    "community_id": NUMBER,
    "window": sa.String(),
    "member_id": NUMBER,
    "value": sa.String(),
    "metric": sa.String(),
}


def upgrade() -> None:
    _key("counter", COUNTER, "count", [*COUNTER], ("pk_counter", "pk_counter"))
    names = "pk_distinct_value_of", "pk_distinct_value"
    _key("distinct_value", VALUE, "events", [*VALUE], names)


def downgrade() -> None:
    before = ["community_id", "member_id", "metric", "window"]
    _key("counter", COUNTER, "count", before, ("pk_counter", "pk_counter"))
    before = ["community_id", "metric", "window", "member_id", "value"]
    names = "pk_distinct_value", "pk_distinct_value_of"
    _key("distinct_value", VALUE, "events", before, names)


def _key(
    table: str,
    columns: dict[str, Any],
    number: str,
    key: Sequence[str],
    names: tuple[str, str],
) -> None:
    """Gives a table's rows another key; `names` are its constraint's before and after."""
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(names[0], table, type_="primary")
        op.create_primary_key(names[1], table, [*key])
        return
    # Nothing refers to it. Its rows go in their new order, so that the file is filled densely.
    if table == "counter":
        op.drop_index(STANDING, table)
    op.rename_table(table, f"{table}_before")
    op.create_table(
        table,
        *(sa.Column(name, columns[name], nullable=False) for name in key),
        sa.Column(number, NUMBER, nullable=False),
        sa.PrimaryKeyConstraint(*key, name=names[1]),
        sqlite_with_rowid=False,
    )
    every = ", ".join(f'"{name}"' for name in (*key, number))
    order = ", ".join(f'"{name}"' for name in key)
    op.execute(
        f"INSERT INTO {table} ({every}) SELECT {every} FROM {table}_before ORDER BY {order}"  # noqa: S608
    )
    op.drop_table(f"{table}_before")
    if table == "counter":
        op.create_index(STANDING, table, BY_COUNT)
