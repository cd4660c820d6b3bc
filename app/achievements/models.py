"""Grants: who was given which achievement; and how many more may be."""

from datetime import datetime

from sqlalchemy import Index, false, text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime


class Grant(Base):
    """A member has an achievement's tier: once each round, whatever happens twice."""

    __tablename__ = "achievement_grant"
    __table_args__ = (
        Index(
            "uq_achievement_grant_once",
            "community_id",
            "achievement",
            "tier",
            "round",
            "member_id",
            unique=True,
        ),
        Index("ix_achievement_grant_member", "community_id", "member_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[int]
    member_id: Mapped[int]
    achievement: Mapped[str]
    tier: Mapped[int]
    round: Mapped[int] = mapped_column(default=1, server_default=text("1"))
    """1 for the first time that the member has it, and one more each time it is had again."""
    granted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    by_hand: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether an organiser gave it, beside what is earned by the criteria."""
    reached_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When its criteria were met, which may have become known later; None where nobody noted it."""


class AchievementBudget(Base):
    """How many grants were made of an achievement of which there are only so many."""

    __tablename__ = "achievement_budget"

    community_id: Mapped[int] = mapped_column(primary_key=True)
    achievement: Mapped[str] = mapped_column(primary_key=True)
    granted: Mapped[int]
    taken: Mapped[int]
    """By the newest that asked: what it was given of what it wanted."""


class AchievementClock(Base):
    """Until when the criteria were looked at that are met by time alone, not by what is counted."""

    __tablename__ = "achievement_clock"

    community_id: Mapped[int] = mapped_column(primary_key=True)
    looked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """None where all has to be looked at, as after a change of the programme."""
    looked_before: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Until when they were looked at before that change: what ended since then may be due yet."""


class WaitingMember(Base):
    """A member for whom an import counted what it brought, and who has done nothing since."""

    __tablename__ = "achievement_waiting"
    __table_args__ = ({"sqlite_with_rowid": False},)

    community_id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(primary_key=True)
