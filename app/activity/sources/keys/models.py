"""The keys by which other platforms send events."""

from datetime import datetime

from sqlalchemy import Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime


class SourceKey(Base):
    """An API key of a source, kept as its hash."""

    __tablename__ = "source_key"
    __table_args__ = (
        UniqueConstraint("secret_hash"),
        Index("ix_source_key_source", "community_id", "source"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[int]
    source: Mapped[str]
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """From then on it works no more; None while it stands."""
    counted_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """The beginning of the minute in which requests are counted; None before the first."""
    requests: Mapped[int] = mapped_column(default=0)
    """How many were made in that minute."""
