"""Partners: who makes and sends what members have earned."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime

HOUSE = "-"
"""The key of those who make a pickup that no partner makes: none of the programme's is like it."""


class Partner(Base):
    """A merch partner of a community."""

    __tablename__ = "partner"
    __table_args__ = (UniqueConstraint("community_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[int] = mapped_column(ForeignKey("community.id"))
    key: Mapped[str]
    name: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Set when the programme no longer names it; nothing is sent to it then."""
