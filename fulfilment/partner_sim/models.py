"""What the demo's partner has received."""

from datetime import datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime


class PartnerSimDelivery(Base):
    """A message as the partner got it: once for each `webhook-id`, repeats are counted."""

    __tablename__ = "partner_sim_delivery"
    __table_args__ = (Index("ix_partner_sim_delivery_received_at", "received_at"),)

    webhook_id: Mapped[str] = mapped_column(primary_key=True)
    webhook_timestamp: Mapped[int]
    """Seconds, as the header of the first delivery said."""
    partner: Mapped[str]
    """The name of the partner whose secret it was signed with."""
    body: Mapped[str]
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    duplicates: Mapped[int] = mapped_column(default=0)
