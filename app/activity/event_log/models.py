"""What was done, as it was taken in, and what was not taken."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime

IS_VOICE = "kind = 'voice_minutes'"
NAMES_ANOTHER = "other IS NOT NULL"
IS_REACTION = "kind IN ('reaction_given', 'reaction_received')"


class StoredEvent(Base):
    """One activity event that was taken in, unique by (community, source, id).

    Whether it counts for a metric with limits is not stored: it follows from the member's events
    before it.
    """

    __tablename__ = "activity_event"
    __table_args__ = (
        Index("ix_activity_event_member", "community_id", "member_id", "at"),
        # Who was in a channel while an event was held there.
        Index(
            "ix_activity_event_voice",
            "community_id",
            "channel",
            "at",
            sqlite_where=text(IS_VOICE),
            postgresql_where=text(IS_VOICE),
        ),
        # Which reactions a message has, whatever the database's language sorts by.
        Index(
            "ix_activity_event_reaction",
            "community_id",
            "event_id",
            postgresql_ops={"event_id": "text_pattern_ops"},
            sqlite_where=text(IS_REACTION),
            postgresql_where=text(IS_REACTION),
        ),
        # With whom something was done, once more becomes known of them.
        Index(
            "ix_activity_event_other",
            "community_id",
            "other",
            sqlite_where=text(NAMES_ANOTHER),
            postgresql_where=text(NAMES_ANOTHER),
        ),
        {"sqlite_with_rowid": False},
    )

    community_id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(primary_key=True)
    event_id: Mapped[str] = mapped_column(primary_key=True)
    member_id: Mapped[int]
    kind: Mapped[str]
    channel: Mapped[str | None]
    thread: Mapped[str | None]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    amount: Mapped[int]
    """As it counts, times its weight."""
    weight: Mapped[int] = mapped_column(server_default=text("1"))
    """How many times it counts, by the rule for channels that fitted it when it came."""
    length: Mapped[int | None]
    fingerprint: Mapped[str | None]
    other: Mapped[str | None]
    """Who else took part, by the source's id; `=` where that is the member as well, and `=7` where
    it is one of several accounts of member 7, or they were erased."""
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When it was taken back, such as a message that was deleted: it counts nowhere then, and
    coming again it is a duplicate still."""


class IntakeRefusal(Base):
    """How many events of a source were refused for a reason, since the beginning."""

    __tablename__ = "intake_refusal"

    community_id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(primary_key=True)
    reason: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(UtcDateTime)
