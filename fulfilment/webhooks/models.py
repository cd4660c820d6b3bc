"""Webhooks: where partners are told, what they are told, and every attempt to tell them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime


class WebhookEndpoint(Base):
    """Where a partner is told of its orders."""

    __tablename__ = "webhook_endpoint"
    __table_args__ = (UniqueConstraint("partner_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    community_id: Mapped[int]
    partner_id: Mapped[int] = mapped_column(ForeignKey("partner.id"))
    url: Mapped[str]
    """As the programme writes it: `{public_url}` in it is filled in when it is used."""
    secret: Mapped[str]
    """`whsec_…`, shared with the partner alone: never logged, never in a fact."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class WebhookMessage(Base):
    """One message to one endpoint; it keeps its id and its body through all attempts."""

    __tablename__ = "webhook_message"
    __table_args__ = (
        UniqueConstraint("endpoint_id", "cause"),
        Index("ix_webhook_message_order_id", "order_id"),
        Index("ix_webhook_message_recent", "community_id", "created_at"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    """`msg_` and a UUID 7 in hexadecimal: the header `webhook-id`."""
    community_id: Mapped[int]
    endpoint_id: Mapped[int] = mapped_column(ForeignKey("webhook_endpoint.id"))
    cause: Mapped[UUID]
    """The fact's entry in the record: a second message of the same cause is never made."""
    type: Mapped[str]
    order_id: Mapped[str] = mapped_column(ForeignKey("fulfilment_order.id"))
    body: Mapped[str]
    """The very text that is signed and sent."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class WebhookAttempt(Base):
    """One attempt to deliver a message, and what came of it."""

    __tablename__ = "webhook_attempt"

    message_id: Mapped[str] = mapped_column(ForeignKey("webhook_message.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    status: Mapped[int | None]
    """The HTTP status; None where there was no answer."""
    error: Mapped[str | None]
    """One sentence on what went wrong; None where the partner took the message."""
    response: Mapped[str | None]
    """The beginning of the answer's body."""
    ms: Mapped[int]
