"""An account that was unlinked is so for a person, in each of their communities."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
NEW, OLD = "unlinked_account", "unlinked_account_before"
# Of several that somebody unlinked in several communities, the last one.
BY_PERSON = f"""
INSERT INTO {NEW} (person_id, source, account_hash, unlinked_at)
SELECT person_id, source, account_hash, unlinked_at FROM (
    SELECT member.person_id, gone.source, gone.account_hash, gone.unlinked_at, row_number() OVER (
        PARTITION BY member.person_id, gone.source
        ORDER BY gone.unlinked_at DESC, gone.community_id
    ) AS place
    FROM {OLD} AS gone JOIN member ON member.id = gone.member_id
) AS placed WHERE place = 1
"""  # noqa: S608
BY_MEMBER = f"""
INSERT INTO {NEW} (community_id, member_id, source, account_hash, unlinked_at)
SELECT member.community_id, member.id, gone.source, gone.account_hash, gone.unlinked_at
FROM {OLD} AS gone JOIN member ON member.person_id = gone.person_id
"""  # noqa: S608


def upgrade() -> None:
    whose = sa.Column(
        "person_id", NUMBER, sa.ForeignKey("person.id"), autoincrement=False, nullable=False
    )
    _anew(BY_PERSON, whose)


def downgrade() -> None:
    numbers: list[sa.Column[int]] = [
        sa.Column(name, NUMBER, autoincrement=False, nullable=False)
        for name in ("community_id", "member_id")
    ]
    _anew(BY_MEMBER, *numbers)


def _anew(rows: str, *whose: "sa.Column[int]") -> None:
    """Makes the table anew with other rows: nothing refers to it."""
    op.rename_table(NEW, OLD)
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint(f"pk_{NEW}", OLD, type_="primary")
    op.create_table(
        NEW,
        *whose,
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("account_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("unlinked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint(*(one.name for one in whose), "source"),
    )
    op.execute(rows)
    op.drop_table(OLD)
