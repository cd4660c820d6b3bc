"""Operators: who holds a device."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime


class Operator(Base):
    """A person who works at a desk. One that was withdrawn stays for what they did."""

    __tablename__ = "operator"
    __table_args__ = (Index("ix_operator_community", "community_id"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    community_id: Mapped[int]
    name: Mapped[str]
    role: Mapped[str]
    """`steward` or `supervisor`."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
