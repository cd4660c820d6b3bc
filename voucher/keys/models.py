"""Signing keys: numbers, public halves and dates. The private halves lie elsewhere."""

from datetime import datetime

from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime


class SigningKey(Base):
    """A key that signs vouchers and nothing else; its number is never given out again.

    What it does now follows from these dates and is not stored: see `life.state_of`.
    """

    __tablename__ = "signing_key"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    public_key: Mapped[bytes] = mapped_column(LargeBinary(32))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    signs_from: Mapped[datetime] = mapped_column(UtcDateTime)
    """Until then it is only published, so that kiosks have it before they meet it."""
    last_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When all that it signed has ended, extensions counted; None where it signed nothing.

    Rounded up to a whole day, so that it is written once a day and not with each voucher.
    """
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
