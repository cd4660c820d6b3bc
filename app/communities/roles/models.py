"""Roles of a community's guilds, and who holds which."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime


class GuildRole(Base):
    """A role that Discord tells of; its id is unique over all guilds."""

    __tablename__ = "guild_role"

    community_id: Mapped[int] = mapped_column(primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)
    guild: Mapped[str]
    name: Mapped[str]
    tag: Mapped[str | None]
    """How money buys it: `booster`, `subscription` or `purchasable`; None where it does not."""
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)


class RoleHeld(Base):
    """That a member holds a role, as far as the bot was told."""

    __tablename__ = "role_held"
    __table_args__ = (
        Index("ix_role_held_role", "community_id", "role"),
        {"sqlite_with_rowid": False},
    )

    community_id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)
    guild: Mapped[str] = mapped_column(server_default="")
    """Whose role it is: what one guild tells replaces nothing that another one told."""
    since: Mapped[datetime] = mapped_column(UtcDateTime)
