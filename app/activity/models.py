"""What was done, and what it adds up to."""

from datetime import datetime

from sqlalchemy import Index, LargeBinary, text
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


class LimitMemory(Base):
    """What a metric's limits remember of a member after the newest event: see `limits.memory`."""

    __tablename__ = "limit_memory"
    __table_args__ = ({"sqlite_with_rowid": False},)

    community_id: Mapped[int] = mapped_column(primary_key=True)
    metric: Mapped[str] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(primary_key=True)
    memory: Mapped[str]


class LimitDay(Base):
    """The same before the first event of a day: a late event is judged from there on."""

    __tablename__ = "limit_day"
    __table_args__ = ({"sqlite_with_rowid": False},)

    community_id: Mapped[int] = mapped_column(primary_key=True)
    metric: Mapped[str] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(primary_key=True)
    day: Mapped[int] = mapped_column(primary_key=True)
    """The ordinal of its date in the community's zone."""
    memory: Mapped[str]


class LimitRefusal(Base):
    """How many of a member's events did not count for a metric, by reason."""

    __tablename__ = "limit_refusal"
    __table_args__ = ({"sqlite_with_rowid": False},)

    community_id: Mapped[int] = mapped_column(primary_key=True)
    metric: Mapped[str] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(primary_key=True)
    reason: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]


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


class IntakeRefusal(Base):
    """How many events of a source were refused for a reason, since the beginning."""

    __tablename__ = "intake_refusal"

    community_id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(primary_key=True)
    reason: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(UtcDateTime)


class FingerprintKey(Base):
    """The key of a community's fingerprints of texts: without it they cannot be guessed at."""

    __tablename__ = "fingerprint_key"

    community_id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[bytes] = mapped_column(LargeBinary(32))


class Struck(Base):
    """A member who stands on no leaderboard of a season any more, by an organiser's word."""

    __tablename__ = "struck"

    community_id: Mapped[int] = mapped_column(primary_key=True)
    season: Mapped[str] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(primary_key=True)
    struck_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ChannelRead(Base):
    """Up to which message a channel or thread was taken in, or was looked at in vain."""

    __tablename__ = "channel_read"

    community_id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(primary_key=True)
    last_id: Mapped[int]
    """The message's id: they grow with time."""
