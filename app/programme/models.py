"""Programmes that were applied: what a community promised, and from when."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime


class ProgrammeVersion(Base):
    """One applied programme file, whole; the newest of a community is in force."""

    __tablename__ = "programme_version"
    __table_args__ = (Index("ix_programme_version_community_id", "community_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[int]
    digest: Mapped[str]
    """SHA-256 of the file, in hexadecimal."""
    content: Mapped[str]
    """The file's text (TOML)."""
    applied_at: Mapped[datetime] = mapped_column(UtcDateTime)
    applied_by: Mapped[str | None]
    """The actor, as text; None for what was applied before that was kept: by the command line."""
