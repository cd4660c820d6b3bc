"""What was done, and what it adds up to."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime

ALL_TIME = "all"


class StoredEvent(Base):
    """One activity event that counted, unique by (community, source, id)."""

    __tablename__ = "activity_event"
    __table_args__ = (
        Index("ix_activity_event_member", "community_id", "member_id", "at"),
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
    length: Mapped[int | None]
    fingerprint: Mapped[str | None]


class Counter(Base):
    """How much of a metric a member has in a window; `all` is the window without an end."""

    __tablename__ = "counter"
    __table_args__ = (
        Index("ix_counter_standing", "community_id", "metric", "window", "count"),
        {"sqlite_with_rowid": False},
    )

    community_id: Mapped[int] = mapped_column(primary_key=True)
    metric: Mapped[str] = mapped_column(primary_key=True)
    window: Mapped[str] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(primary_key=True)
    count: Mapped[int]


class DistinctValue(Base):
    """A day, channel or thread that already counts for a member's metric of distinct ones."""

    __tablename__ = "distinct_value"
    __table_args__ = ({"sqlite_with_rowid": False},)

    community_id: Mapped[int] = mapped_column(primary_key=True)
    metric: Mapped[str] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(primary_key=True)


class IntakeRefusal(Base):
    """How many events of a source were refused for a reason, since the beginning."""

    __tablename__ = "intake_refusal"

    community_id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(primary_key=True)
    reason: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(UtcDateTime)
