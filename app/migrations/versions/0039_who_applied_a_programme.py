"""Who brought a programme into force: an organiser in the console, or a file by command."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("programme_version", sa.Column("applied_by", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("programme_version", "applied_by")
