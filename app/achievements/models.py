"""Grants: who was given which achievement."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime


class Grant(Base):
    """A member has an achievement's tier: once, whatever happens twice."""

    __tablename__ = "achievement_grant"
    __table_args__ = (
        Index(
            "uq_achievement_grant_once",
            "community_id",
            "achievement",
            "tier",
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
    granted_at: Mapped[datetime] = mapped_column(UtcDateTime)
