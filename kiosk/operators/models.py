"""Operators: who holds a device, and which ones they are admitted to."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
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
    wrong_pins: Mapped[int] = mapped_column(default=0)
    """Guesses at their PIN since they last signed in, or the last lock, on all devices."""
    pin_locked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Admission(Base):
    """An operator and a device where their PIN is worth something.

    One that was dismissed stays, for what was handed over before.
    """

    __tablename__ = "operator_admission"
    __table_args__ = (Index("ix_operator_admission_operator", "operator_id"),)

    device_id: Mapped[str] = mapped_column(ForeignKey("device.id"), primary_key=True)
    operator_id: Mapped[str] = mapped_column(ForeignKey("operator.id"), primary_key=True)
    admitted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    dismissed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    signed_in_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """While they hold the device: of one device's admissions one alone has this."""
    once_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Until when one request may name them; none, once there was one."""
