"""Operators: who works at a desk. Which devices they are admitted to stands with the devices."""

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
    pin_hash: Mapped[str | None]
    """Argon2id, with its salt and limits; None for one whom devices vouch for."""
    pin_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When they got their first PIN: from then on they are named where they signed in."""
    pin_number: Mapped[int] = mapped_column(default=0)
    """How many PINs they have had: a device that knows an earlier one knows nothing any more."""
    pin_chosen: Mapped[bool] = mapped_column(default=False)
    """Whether they chose the PIN that stands; else an organiser drew it."""
    wrong_pins: Mapped[int] = mapped_column(default=0)
    """Guesses at their PIN since they last signed in, or the last lock, on all devices."""
    pin_locked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
