"""What limits remember of members, and how much they refused."""

from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base


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
