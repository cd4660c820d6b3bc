"""What a partner does with a webhook: verify it, keep it once, and answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from pydantic import AwareDatetime, BaseModel, ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.refusals import Refused
from app.statements import insert_or
from fulfilment.partner_sim.models import PartnerSimDelivery
from fulfilment.partners.models import Partner
from fulfilment.webhooks.models import WebhookEndpoint
from fulfilment.webhooks.signing import ID, TIMESTAMP, SignatureRefused, verify

PAGE = "/demo/partner"
SHOWN = 50


class MessageUnreadable(Refused):
    """The message is signed as it should be, but it is none that a partner understands."""

    code = "unreadable_message"
    status = 400


class PerkPart(BaseModel):
    """What is to be made."""

    key: str
    name: str


class LinePart(BaseModel):
    """One kind of thing in an order for pickup, and what became of it."""

    item: str
    variant: str = ""
    quantity: int
    collected: int = 0
    not_found: int = 0
    returned: int = 0
    shelf: str | None = None


class OrderPart(BaseModel):
    """`data` of a message about an order."""

    order_id: str
    voucher: str
    perk: PerkPart
    uses: int = 1
    station: str
    state: str
    created_at: AwareDatetime
    number: str = ""
    lines: tuple[LinePart, ...] = ()
    """What is fetched at the station; none where nothing is."""


class OrderMessage(BaseModel):
    """A message about an order, as far as this partner reads it."""

    type: str
    timestamp: AwareDatetime
    data: OrderPart


@dataclass(frozen=True)
class Received:
    """A kept delivery with its message."""

    delivery: PartnerSimDelivery
    message: OrderMessage


def signer(session: Session, headers: Mapping[str, str], body: bytes, *, now: datetime) -> str:
    """The name of the partner whose secret signed a message; raises `SignatureRefused`."""
    refused = SignatureRefused("No partner of this installation receives its webhooks here.")
    for name, secret in session.execute(
        select(Partner.name, WebhookEndpoint.secret)
        .join(WebhookEndpoint, WebhookEndpoint.partner_id == Partner.id)
        .where(WebhookEndpoint.url.endswith(f"{PAGE}/webhooks"))
    ):
        try:
            verify(secret, headers, body, now=now)
            return name
        except SignatureRefused as error:
            refused = error
    raise refused


def keep(
    session: Session, headers: Mapping[str, str], body: bytes, *, partner: str, now: datetime
) -> OrderMessage:
    """Keeps a verified message, or counts it where it came before; returns it as it was read.

    Raises `MessageUnreadable`.
    """
    told = read(body)
    row = {
        "webhook_id": headers[ID],
        "webhook_timestamp": int(headers[TIMESTAMP]),
        "partner": partner,
        "body": body.decode(),
        "received_at": now,
        "duplicates": 0,
    }
    session.execute(
        insert_or(session, PartnerSimDelivery)
        .values(row)
        .on_conflict_do_update(
            index_elements=["webhook_id"],
            set_={"duplicates": PartnerSimDelivery.duplicates + 1},
        )
    )
    return told


def read(body: bytes | str) -> OrderMessage:
    """The message in a body; raises `MessageUnreadable`."""
    try:
        return OrderMessage.model_validate_json(body)
    except ValidationError as error:
        raise MessageUnreadable("This is not a message about an order.") from error


def newest(session: Session) -> list[Received]:
    """What was received, newest first."""
    rows = session.scalars(
        select(PartnerSimDelivery)
        .order_by(PartnerSimDelivery.received_at.desc(), PartnerSimDelivery.webhook_id.desc())
        .limit(SHOWN)
    )
    return [Received(row, read(row.body)) for row in rows]
