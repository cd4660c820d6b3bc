"""Stock: what lies where, what of it is promised, and every movement with its cause."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime


class StockLevel(Base):
    """How much of an item's variant lies in one place."""

    __tablename__ = "stock_level"
    __table_args__ = (UniqueConstraint("community_id", "item", "variant", "place"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[int]
    item: Mapped[str]
    """The item's key in the programme."""
    variant: Mapped[str]
    """Empty for an item that has none."""
    place: Mapped[str]
    """The key of a station."""
    on_hand: Mapped[int]
    """What lies there, promised or not."""
    low: Mapped[int | None]
    """From how many free ones down it is low; None where nobody asks."""
    as_of: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """The latest moment by which something of it was given to who asked: a promise that had ended
    by then may have gone to others, whatever an older clock says."""


class StockReservation(Base):
    """What of a level is promised to somebody. From `until` on it is free again by itself.

    A holder may have one in several places, all with the same `until`.
    """

    __tablename__ = "stock_reservation"
    __table_args__ = (
        UniqueConstraint("holder", "level_id"),
        Index("ix_stock_reservation_level", "level_id", "until"),
        Index(
            "ix_stock_reservation_lender",
            "lender",
            sqlite_where=text("lender IS NOT NULL"),
            postgresql_where=text("lender IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    level_id: Mapped[int] = mapped_column(ForeignKey("stock_level.id"))
    holder: Mapped[str]
    """Whom it is promised to: a voucher's reference, or a hold."""
    quantity: Mapped[int]
    """What is left of it: what was handed over is gone from both sides."""
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    lender: Mapped[str | None]
    """For a hold: who is served by it."""
    lent: Mapped[int] = mapped_column(default=0, server_default="0")
    """How many of the quantity are out of the lender's own promise in this level: the hold's alone
    until `until`, and the lender's again from then on."""


class StockMovement(Base):
    """A change of what lies somewhere, and why."""

    __tablename__ = "stock_movement"
    __table_args__ = (
        Index("ix_stock_movement_level", "level_id", "id"),
        Index("ix_stock_movement_subject", "subject"),
        Index("ix_stock_movement_holder", "holder"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    level_id: Mapped[int] = mapped_column(ForeignKey("stock_level.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    change: Mapped[int]
    on_hand: Mapped[int]
    """What lay there afterwards."""
    reserved: Mapped[int]
    """How many of those that went out had been promised."""
    cause: Mapped[str]
    """See `moving.Cause`."""
    subject: Mapped[str]
    """The redemption it belongs to; empty for what organisers do."""
    holder: Mapped[str]
    """The voucher it belongs to; empty for what organisers do."""
    actor: Mapped[str]
