"""Members are found by name; scans say what a supervisor set aside, and that there was no code."""

import sqlalchemy as sa
from alembic import op

from app.communities.seeking import sought

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
AT_ONCE = 1000
OVERRIDDEN, BY_REFERENCE = sa.text("overridden IS NOT NULL"), sa.text("by_reference")


def upgrade() -> None:
    op.add_column("member", sa.Column("sought", sa.String(), nullable=False, server_default=""))
    _fill()
    op.create_index("ix_member_sought", "member", ["community_id", "sought"])
    op.add_column(
        "scan", sa.Column("by_reference", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("scan", sa.Column("overridden", sa.String(), nullable=True))
    op.create_index(
        "ix_scan_overridden",
        "scan",
        ["community_id", "received_at"],
        sqlite_where=OVERRIDDEN,
        postgresql_where=OVERRIDDEN,
    )
    op.create_index(
        "ix_scan_by_reference",
        "scan",
        ["community_id", "received_at"],
        sqlite_where=BY_REFERENCE,
        postgresql_where=BY_REFERENCE,
    )
    op.create_table(
        "member_search",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("operator", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
    )
    op.create_index("ix_member_search_operator", "member_search", ["operator", "at"])


def _fill() -> None:
    """Folds the names of the members that there are: no database does it by itself."""
    member = sa.table(
        "member",
        sa.column("id"),
        sa.column("person_id"),
        sa.column("display_name"),
        sa.column("sought"),
    )
    identity = sa.table(
        "identity", sa.column("person_id"), sa.column("display_name"), sa.column("external_id")
    )
    connection, last = op.get_bind(), 0
    change = (
        sa.update(member)
        .where(member.c.id == sa.bindparam("member"))
        .values(sought=sa.bindparam("names"))
    )
    while True:
        some = sa.select(member.c.id, member.c.person_id, member.c.display_name)
        rows = connection.execute(
            some.where(member.c.id > last).order_by(member.c.id).limit(AT_ONCE)
        ).all()
        if not rows:
            return
        names: dict[int, list[str]] = {}
        known = sa.select(identity).where(identity.c.person_id.in_([row.person_id for row in rows]))
        for row in connection.execute(known):
            names.setdefault(row.person_id, []).extend((row.display_name, row.external_id))
        connection.execute(
            change,
            [
                {
                    "member": row.id,
                    "names": sought([row.display_name, *names.get(row.person_id, [])]),
                }
                for row in rows
            ],
        )
        last = rows[-1].id


def downgrade() -> None:
    op.drop_table("member_search")
    op.drop_index("ix_scan_by_reference", "scan")
    op.drop_index("ix_scan_overridden", "scan")
    op.drop_column("scan", "overridden")
    op.drop_column("scan", "by_reference")
    op.drop_index("ix_member_sought", "member")
    op.drop_column("member", "sought")
