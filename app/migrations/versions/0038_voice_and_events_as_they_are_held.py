"""What the bot watches: voice by the minute, events that are announced, what it is not shown; with
indexes for who was in a channel, and for the reactions that a message has.
"""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

REACTION = sa.text("kind IN ('reaction_given', 'reaction_received')")
VOICE = sa.text("kind = 'voice_minutes'")


def upgrade() -> None:
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "voice_look",
        sa.Column("community_id", number, autoincrement=False, nullable=False),
        sa.Column("guild", sa.String(), nullable=False),
        sa.Column("minute_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("occupied", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "guild"),
    )
    op.create_table(
        "scheduled_event",
        sa.Column("community_id", number, autoincrement=False, nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("guild", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=True),
        sa.Column("begins_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("community_id", "event"),
    )
    op.create_table(
        "bot_sight",
        sa.Column("community_id", number, autoincrement=False, nullable=False),
        sa.Column("guild", sa.String(), nullable=False),
        sa.Column("lines", sa.String(), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "guild"),
    )
    op.create_index(
        "ix_activity_event_voice",
        "activity_event",
        ["community_id", "channel", "at"],
        sqlite_where=VOICE,
        postgresql_where=VOICE,
    )
    op.create_index(
        "ix_activity_event_reaction",
        "activity_event",
        ["community_id", "event_id"],
        postgresql_ops={"event_id": "text_pattern_ops"},
        sqlite_where=REACTION,
        postgresql_where=REACTION,
    )


def downgrade() -> None:
    op.drop_index("ix_activity_event_reaction", "activity_event")
    op.drop_index("ix_activity_event_voice", "activity_event")
    op.drop_table("bot_sight")
    op.drop_table("scheduled_event")
    op.drop_table("voice_look")
