"""How far sources have come in, and what is missing of them."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime


class Source(Base):
    """How far a source's events have come in."""

    __tablename__ = "activity_source"

    community_id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(primary_key=True)
    newest_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """The time of its newest event: lateness is measured against it."""
    heard_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When something of it last came in, by our clock."""


class IntakeRun(Base):
    """A replay, import or read-back that is running: it holds open every window it can touch."""

    __tablename__ = "intake_run"
    __table_args__ = (Index("ix_intake_run_open", "community_id", "ended_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[int]
    source: Mapped[str]
    what: Mapped[str]
    """`replay`, `import` or `read_back`."""
    earliest_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """It brings nothing older; None where that is not known."""
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    alive_until: Mapped[datetime] = mapped_column(UtcDateTime)
    """It says so again and again; one that died holds nothing from then on."""
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ChannelRead(Base):
    """Up to which message a channel or thread was taken in, or was looked at in vain."""

    __tablename__ = "channel_read"

    community_id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(primary_key=True)
    last_id: Mapped[int]
    """The message's id: they grow with time."""


class Gap(Base):
    """A time of which a source's events are missing and could not be read back."""

    __tablename__ = "activity_gap"
    __table_args__ = (Index("ix_activity_gap_time", "community_id", "until_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[int]
    source: Mapped[str]
    channel: Mapped[str | None]
    """Where they are missing; None for everywhere."""
    from_at: Mapped[datetime] = mapped_column(UtcDateTime)
    until_at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str]
    """One word, such as `no_history`: see `boards.gaps.REASONS`."""
    noted_at: Mapped[datetime] = mapped_column(UtcDateTime)
