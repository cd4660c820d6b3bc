"""Of which guild a held role is: what is told of one guild must not replace what others told."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("role_held", sa.Column("guild", sa.String(), server_default="", nullable=False))
    op.execute(
        "UPDATE role_held SET guild = coalesce((SELECT guild_role.guild FROM guild_role"
        " WHERE guild_role.community_id = role_held.community_id"
        " AND guild_role.role = role_held.role), '')"
    )


def downgrade() -> None:
    op.drop_column("role_held", "guild")
