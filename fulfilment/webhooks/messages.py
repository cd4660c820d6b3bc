"""Writing messages: one for each endpoint and cause, with the job that delivers it."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import uuid_utils.compat
from sqlalchemy.orm import Session

from app.clock import as_text
from app.jobs import queue
from app.journal import RecordedFact
from app.statements import insert_or
from fulfilment.orders.models import FulfilmentOrder, OrderLine
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


def body_about(
    order: FulfilmentOrder, lines: Sequence[OrderLine], perk: Perk, fact: RecordedFact
) -> str:
    """The JSON that a partner gets: public facts alone, no member and no voucher's code.

    `state` and `moved` are of the moment that it tells of; `lines` as they stand when this is
    written.
    """
    told: dict[str, Any] = {
        "order_id": order.id,
        "redemption": str(order.redemption),
        "voucher": order.voucher,
        "perk": {"key": order.perk_key, "name": perk.name},
        "uses": order.uses,
        "station": order.station,
        "state": fact.data.get("state", order.state),
        "created_at": as_text(order.created_at),
    }
    if lines:
        told["number"] = order.number
        told["lines"] = [_line(line) for line in lines]
    if "lines" in fact.data:
        told["moved"] = fact.data["lines"]
    message = {"type": fact.kind, "timestamp": as_text(fact.at), "data": told}
    return json.dumps(message, ensure_ascii=False, separators=(",", ":"))


def _line(line: OrderLine) -> dict[str, Any]:
    return {
        "line": line.number,
        "item": line.item,
        "variant": line.variant,
        "quantity": line.quantity,
        "collected": line.collected,
        "not_found": line.missing,
        "returned": line.returned,
        "shelf": line.shelf,
    }
