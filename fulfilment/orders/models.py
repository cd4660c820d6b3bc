"""Fulfilment orders: what a partner owes a member, one for each redemption, and what it holds."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime


class FulfilmentOrder(Base):
    """An order to a partner. It names the voucher by its reference and no member at all."""

    __tablename__ = "fulfilment_order"
    __table_args__ = (
        UniqueConstraint("redemption"),
        Index("ix_fulfilment_order_recent", "community_id", "created_at"),
        Index("ix_fulfilment_order_pickup", "community_id", "station", "state"),
        Index("ix_fulfilment_order_voucher", "voucher"),
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
    """The key of the station where it was redeemed, which is where it is fetched."""
    state: Mapped[str]
    """See `moves.State`."""
    changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Since when it is in that state; None where it is as it was made."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @property
    def number(self) -> str:
        """What people call it: six characters, not unique for ever, but among what lies here."""
        return self.id[-NUMBER_LENGTH:].upper()

    @property
    def since(self) -> datetime:
        """Since when it is as it is."""
        return self.changed_at or self.created_at


NUMBER_LENGTH = 6


class OrderLine(Base):
    """One kind of thing in an order for pickup; an order that is no pickup has none."""

    __tablename__ = "fulfilment_order_line"

    order_id: Mapped[str] = mapped_column(ForeignKey("fulfilment_order.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """From 1 on."""
    item: Mapped[str]
    """What it is, as staff read it."""
    variant: Mapped[str]
    """Which of its variants; empty where it has none."""
    quantity: Mapped[int]
    collected: Mapped[int] = mapped_column(default=0)
    """How many were handed over, also those that came back since."""
    missing: Mapped[int] = mapped_column(default=0)
    """How many were looked for and not found."""
    returned: Mapped[int] = mapped_column(default=0)
    """How many of those that were handed over came back."""
    shelf: Mapped[str | None]
    """Where it lies at the station; None where nobody said so."""

    @property
    def left(self) -> int:
        """How many are still to be handed over, and not known to be missing."""
        return self.quantity - self.collected - self.missing

    @property
    def taken(self) -> int:
        """How many the member has."""
        return self.collected - self.returned


class OrderDeed(Base):
    """What a desk or a partner did with an order, with the answer that it got: done once for each
    id that it came with.
    """

    __tablename__ = "fulfilment_order_deed"
    __table_args__ = (Index("ix_fulfilment_order_deed_order", "order_id", "at"),)

    by: Mapped[str] = mapped_column(primary_key=True)
    """The device's id, or `partner:` and the partner's id."""
    attempt_id: Mapped[str] = mapped_column(primary_key=True)
    """A UUID that the device drew, or the `webhook-id` of a partner's message."""
    order_id: Mapped[str] = mapped_column(ForeignKey("fulfilment_order.id"))
    move: Mapped[str]
    """See `moves.Move`."""
    asked: Mapped[bytes] = mapped_column(LargeBinary(32))
    """Hash of what was asked: the same id must ask the same."""
    operator: Mapped[str | None]
    """Who held the device."""
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    answer: Mapped[dict[str, Any]] = mapped_column(JSON)
    """Without the member's name, which lies in the members' table alone."""
