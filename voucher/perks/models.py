"""Perks: what can be had in real life."""

from datetime import datetime

from sqlalchemy import JSON, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime


class Perk(Base):
    """A perk of a community. Its number is signed into tokens: unique here and never reused."""

    __tablename__ = "perk"
    __table_args__ = (UniqueConstraint("community_id", "key"),)

    number: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[int]
    key: Mapped[str]
    name: Mapped[str]
    hand_over: Mapped[str | None]
    """What staff hand over, where the name does not say it."""
    window_hours: Mapped[int]
    uses: Mapped[int]
    stations: Mapped[list[str] | None] = mapped_column(JSON)
    """Keys of the stations that may redeem it; None for all."""
    closed: Mapped[list[str]] = mapped_column(JSON)
    """When no station hands it over, in that station's zone."""
    window_starts: Mapped[str]
    """`issue`, or `opening`: its stations' next one."""
    partner: Mapped[str | None]
    offline: Mapped[bool]
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
