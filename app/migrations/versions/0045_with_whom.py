"""Events name a member who has several accounts by their number; who names whom is found."""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

INDEX = "ix_activity_event_other"
NAMES_ANOTHER = "other IS NOT NULL"
BY_NUMBER = """
UPDATE activity_event
SET other = CASE WHEN member.id = activity_event.member_id THEN '=' ELSE '=' || member.id END
FROM identity, member
WHERE activity_event.other IS NOT NULL
AND identity.source = activity_event.source AND identity.external_id = activity_event.other
AND member.person_id = identity.person_id
AND member.community_id = activity_event.community_id
AND EXISTS (
    SELECT 1 FROM identity AS elsewhere
    WHERE elsewhere.person_id = identity.person_id AND elsewhere.source != identity.source
)
"""


def upgrade() -> None:
    op.execute(BY_NUMBER)
    op.create_index(
        INDEX,
        "activity_event",
        ["community_id", "other"],
        sqlite_where=sa.text(NAMES_ANOTHER),
        postgresql_where=sa.text(NAMES_ANOTHER),
    )


def downgrade() -> None:
    op.drop_index(INDEX, "activity_event")
