"""Writing messages: one for each endpoint and cause, with the job that delivers it."""

import json
from datetime import datetime
from uuid import UUID

import uuid_utils.compat
from sqlalchemy.orm import Session

from app.clock import as_text
from app.jobs import queue
from app.statements import insert_or
from fulfilment.orders.models import FulfilmentOrder
from fulfilment.webhooks.models import WebhookEndpoint, WebhookMessage
from voucher.perks.models import Perk

LANE = "webhooks"
DELIVER = "webhooks.deliver"


def write(
    session: Session,
    endpoint: WebhookEndpoint,
    order: FulfilmentOrder,
    *,
    kind: str,
    body: str,
    cause: UUID,
    now: datetime,
) -> str | None:
    """Writes a message and its job; returns the message's id, or None where it stood already."""
    row = {
        "id": f"msg_{uuid_utils.compat.uuid7().hex}",
        "community_id": endpoint.community_id,
        "endpoint_id": endpoint.id,
        "cause": cause,
        "type": kind,
        "order_id": order.id,
        "body": body,
        "created_at": now,
    }
    made: str | None = session.scalar(
        insert_or(session, WebhookMessage)
        .values(row)
        .on_conflict_do_nothing(index_elements=["endpoint_id", "cause"])
        .returning(WebhookMessage.id)
    )
    if made is not None:
        queue.enqueue(
            session,
            DELIVER,
            {"message": made},
            lane=LANE,
            now=now,
            community_id=endpoint.community_id,
            # What happens to one order is told in the order in which it happened.
            order_key=f"webhook:{endpoint.id}:{order.id}",
        )
    return made


def body_about(order: FulfilmentOrder, perk: Perk, *, kind: str, at: datetime) -> str:
    """The JSON that a partner gets: public facts alone, no member and no voucher's code."""
    told = {
        "order_id": order.id,
        "redemption": str(order.redemption),
        "voucher": order.voucher,
        "perk": {"key": order.perk_key, "name": perk.name},
        "uses": order.uses,
        "station": order.station,
        "state": order.state,
        "created_at": as_text(order.created_at),
    }
    message = {"type": kind, "timestamp": as_text(at), "data": told}
    return json.dumps(message, ensure_ascii=False, separators=(",", ":"))
