"""What is watched while it lasts: voice channels by the minute, and events that are announced."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime


class VoiceLook(Base):
    """The last minute in which it was seen who is in a guild's voice channels."""

    __tablename__ = "voice_look"

    community_id: Mapped[int] = mapped_column(primary_key=True)
    guild: Mapped[str] = mapped_column(primary_key=True)
    minute_at: Mapped[datetime] = mapped_column(UtcDateTime)
    occupied: Mapped[str]
    """The channels in which somebody took part, in JSON."""


class ScheduledEvent(Base):
    """An event that a guild has announced or that is on; who was there is known once it is over."""

    __tablename__ = "scheduled_event"

    community_id: Mapped[int] = mapped_column(primary_key=True)
    event: Mapped[str] = mapped_column(primary_key=True)
    guild: Mapped[str]
    channel: Mapped[str | None]
    """The voice or stage channel that it is in; None where it is held elsewhere."""
    begins_at: Mapped[datetime] = mapped_column(UtcDateTime)
    begun_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When it was seen that it is on."""


class Sight(Base):
    """What a collector is not shown of a guild, and so cannot count."""

    __tablename__ = "bot_sight"

    community_id: Mapped[int] = mapped_column(primary_key=True)
    guild: Mapped[str] = mapped_column(primary_key=True)
    lines: Mapped[str]
    """Sentences, in JSON."""
    noted_at: Mapped[datetime] = mapped_column(UtcDateTime)
