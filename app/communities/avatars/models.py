"""Members' avatars: by them a desk sees who should stand there."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime


class MemberAvatar(Base):
    """The avatar that a member was last seen with. Who has none of their own has no row."""

    __tablename__ = "member_avatar"
    __table_args__ = (Index("ix_member_avatar_asked", "community_id", "asked_at"),)

    member_id: Mapped[int] = mapped_column(
        ForeignKey("member.id"), primary_key=True, autoincrement=False
    )
    community_id: Mapped[int]
    path: Mapped[str]
    """Where it is on Discord's servers, without what follows the dot: it ends with its hash."""
    noted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When it was last to be fetched; None until its member had something to redeem."""
    picture: Mapped[bytes | None] = mapped_column(LargeBinary)
    """A small WebP of it: None until it was fetched, and where that did not work."""
    digest: Mapped[str | None]
    """What tells that picture from another one."""
