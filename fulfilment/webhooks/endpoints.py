"""Endpoints: made with their partner, and found by it."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.config import Settings
from fulfilment.partners.addresses import resolved
from fulfilment.partners.models import Partner
from fulfilment.webhooks.models import WebhookEndpoint
from fulfilment.webhooks.signing import new_secret


def bring_up(session: Session, partner: Partner, url: str, *, now: datetime) -> None:
    """Makes a partner's endpoint with a secret of its own, or brings its address up to date."""
    endpoint = of_partner(session, partner.id)
    if endpoint is None:
        endpoint = WebhookEndpoint(
            community_id=partner.community_id,
            partner_id=partner.id,
            secret=new_secret(),
            created_at=now,
        )
        session.add(endpoint)
    endpoint.url = url


def of_partner(session: Session, partner_id: int) -> WebhookEndpoint | None:
    """Where a partner is told of its orders."""
    return session.scalar(select(WebhookEndpoint).where(WebhookEndpoint.partner_id == partner_id))


def address_of(endpoint: WebhookEndpoint, settings: Settings) -> str:
    """The address that messages to it are posted to, as this process knows our own."""
    return resolved(endpoint.url, settings.public_url)
