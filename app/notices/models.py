"""Notices: what a person is to be told, and whether they were."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime


class Notice(Base):
    """Something to tell a member, once."""

    __tablename__ = "notice"
    __table_args__ = (
        Index("uq_notice_once", "community_id", "kind", "subject", "occasion", unique=True),
        Index("ix_notice_member", "community_id", "member_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[int]
    member_id: Mapped[int]
    kind: Mapped[str]
    subject: Mapped[str]
    """What it is about: a voucher's reference."""
    occasion: Mapped[str]
    """What tells two of one kind apart: the entry of what happened; empty where it happens once."""
    recipient: Mapped[str]
    """The Discord account that is written to."""
    not_after: Mapped[datetime] = mapped_column(UtcDateTime)
    """From then on it would only disappoint, and is not sent."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outcome: Mapped[str | None]
    """`sent`, `too_late`, `unreachable` or `overtaken`."""
