"""Fulfilment orders: what a partner owes a member, one for each redemption."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime

REQUESTED, CANCELLED = "requested", "cancelled"


class FulfilmentOrder(Base):
    """An order to a partner. It names the voucher by its reference and no member at all."""

    __tablename__ = "fulfilment_order"
    __table_args__ = (
        UniqueConstraint("redemption"),
        Index("ix_fulfilment_order_recent", "community_id", "created_at"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    """`ful_` and a UUID 7 in hexadecimal."""
    community_id: Mapped[int]
    redemption: Mapped[UUID]
    """The scan that counted."""
    voucher: Mapped[str]
    """The voucher's reference."""
    perk_number: Mapped[int]
    perk_key: Mapped[str]
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id"))
    uses: Mapped[int]
    """How many were redeemed at once."""
    station: Mapped[str]
    """The station's key."""
    state: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
