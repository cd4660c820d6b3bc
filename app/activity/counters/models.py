"""What activity adds up to, by member, metric and window; and the windows that have closed."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime


class Counter(Base):
    """How much of a metric a member has in a window; `all` is the window without an end."""

    __tablename__ = "counter"
    __table_args__ = (
        # With the member: who is above and below somebody is found without sorting those tied.
        Index("ix_counter_standing", "community_id", "metric", "window", "count", "member_id"),
        {"sqlite_with_rowid": False},
    )

    # What moves lies together, and what is over is not touched again: in each window what one
    # member counts.
    community_id: Mapped[int] = mapped_column(primary_key=True)
    window: Mapped[str] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(primary_key=True)
    metric: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]


class DistinctValue(Base):
    """A day, channel or thread that counts for a member's metric of distinct ones in a window."""

    __tablename__ = "distinct_value"
    __table_args__ = ({"sqlite_with_rowid": False},)

    # By value before metric: a day is one for all of them, and is what moves.
    community_id: Mapped[int] = mapped_column(primary_key=True)
    window: Mapped[str] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(primary_key=True)
    metric: Mapped[str] = mapped_column(primary_key=True)
    events: Mapped[int]
    """How many events have it: with the last one that is taken back it goes."""


class MetricDefinition(Base):
    """By which definition a metric's counters were counted; by another they are counted anew."""

    __tablename__ = "metric_definition"

    community_id: Mapped[int] = mapped_column(primary_key=True)
    metric: Mapped[str] = mapped_column(primary_key=True)
    definition: Mapped[str]


class CounterBucket(Base):
    """How many members have a count of a stretch: see `counters.ranks`."""

    __tablename__ = "counter_bucket"
    __table_args__ = ({"sqlite_with_rowid": False},)

    community_id: Mapped[int] = mapped_column(primary_key=True)
    metric: Mapped[str] = mapped_column(primary_key=True)
    window: Mapped[str] = mapped_column(primary_key=True)
    bucket: Mapped[int] = mapped_column(primary_key=True)
    members: Mapped[int]


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
