"""Leaderboards: their windows that have closed, and what they need beside counters."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime


class Standing(Base):
    """A leaderboard's window that has closed: `provisional`, and `final` once it is frozen."""

    __tablename__ = "standing"

    community_id: Mapped[int] = mapped_column(primary_key=True)
    board: Mapped[str] = mapped_column(primary_key=True)
    window: Mapped[str] = mapped_column(primary_key=True)
    metric: Mapped[str]
    closes_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """The first moment after it."""
    state: Mapped[str]
    provisional_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When it was seen that it has closed, by our clock."""
    final_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    members: Mapped[int]
    digest: Mapped[str | None]
    """Of its rows, once it is final: the fact in the record has the same."""


class StandingRow(Base):
    """One place of a final standing."""

    __tablename__ = "standing_row"
    __table_args__ = (
        Index("ix_standing_row_rank", "community_id", "board", "window", "rank"),
        {"sqlite_with_rowid": False},
    )

    community_id: Mapped[int] = mapped_column(primary_key=True)
    board: Mapped[str] = mapped_column(primary_key=True)
    window: Mapped[str] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(primary_key=True)
    rank: Mapped[int]
    count: Mapped[int]


class CounterBucket(Base):
    """How many members have a count of a stretch: see `boards.ranks`."""

    __tablename__ = "counter_bucket"
    __table_args__ = ({"sqlite_with_rowid": False},)

    community_id: Mapped[int] = mapped_column(primary_key=True)
    metric: Mapped[str] = mapped_column(primary_key=True)
    window: Mapped[str] = mapped_column(primary_key=True)
    bucket: Mapped[int] = mapped_column(primary_key=True)
    members: Mapped[int]


class HiddenMember(Base):
    """A member who is shown on no leaderboard that others see."""

    __tablename__ = "leaderboard_hidden"

    community_id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(primary_key=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime)


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
