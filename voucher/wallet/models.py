"""What the wallet keeps: how often live codes were taken, and redemptions that were disputed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime


class LiveBatch(Base):
    """How many batches of live codes of a voucher were taken lately."""

    __tablename__ = "live_batch"

    voucher_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    begun_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When the time began in which they are counted."""
    taken: Mapped[int]


class Dispute(Base):
    """A member's word that a redemption of their voucher was not theirs."""

    __tablename__ = "dispute"
    __table_args__ = (Index("ix_dispute_recent", "community_id", "raised_at"),)

    redemption: Mapped[UUID] = mapped_column(primary_key=True)
    community_id: Mapped[int]
    member_id: Mapped[int]
    voucher: Mapped[str]
    """The voucher's reference."""
    station: Mapped[str]
    """The key of the station where it was redeemed."""
    redeemed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    raised_at: Mapped[datetime] = mapped_column(UtcDateTime)
