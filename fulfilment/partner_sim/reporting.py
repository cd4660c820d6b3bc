"""The demo's partner brings what was ordered to its station, and reports it as partners do."""

import json
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.clock import as_text
from app.installation import Installation
from app.jobs import queue
from app.jobs.loop import effect_of
from app.jobs.queue import ClaimedJob, TryAgain
from app.plugins import JobHandler
from fulfilment.orders.models import FulfilmentOrder
from fulfilment.partner_sim.receiving import OrderMessage
from fulfilment.partners.models import Partner
from fulfilment.webhooks.messages import LANE
from fulfilment.webhooks.models import WebhookEndpoint
from fulfilment.webhooks.signing import sign

REPORT = "partner_sim.report_ready"
AFTER = timedelta(seconds=5)
"""So fast is nobody; but nobody waits longer for a demo."""
AGAIN_AFTER = timedelta(seconds=30)
ROWS, PLACES = "ABC", 4
SOON = ("order.created", "order.not_found")
"""What it brings, and brings once more."""


def plan(session: Session, told: OrderMessage, message_id: str, *, now: datetime) -> None:
    """Lets what a message asks for arrive in a moment, where it is fetched at a station."""
    if told.type in SOON and told.data.lines:
        payload = {"order": told.data.order_id, "message": message_id}
        queue.enqueue(
            session, REPORT, payload, lane=LANE, now=now, dedupe=message_id, run_at=now + AFTER
        )


def report_ready(installation: Installation, job: ClaimedJob) -> None:
    """Posts `order.ready` with a shelf; the same message again where nobody answers."""
    from fulfilment.webhooks.posting import post

    order_id, cause = job.payload["order"], job.payload["message"]
    with installation.reading() as session:
        partner, secret = session.execute(
            select(Partner.key, WebhookEndpoint.secret)
            .join(WebhookEndpoint, WebhookEndpoint.partner_id == Partner.id)
            .join(FulfilmentOrder, FulfilmentOrder.partner_id == Partner.id)
            .where(FulfilmentOrder.id == order_id)
        ).one()
    now = clock.now()
    body = json.dumps(_report(order_id, now)).encode()
    address = f"{installation.settings.public_url}/api/v1/partners/{partner}/events"
    answer = post(address, body, sign(secret, f"ready_{cause}", body, at=now), partner="Keepsake")
    if answer.status is None or answer.status >= 500:
        raise TryAgain(f"The report was not taken: {answer.error}", after=AGAIN_AFTER)
    # A refusal is an answer: the order was cancelled meanwhile.
    with effect_of(installation, job):
        pass


def shelf_of(order_id: str) -> str:
    """Where the demo's partner puts an order: always the same for one."""
    number = int(order_id[-4:], 16)
    return f"{ROWS[number % len(ROWS)]}{number // len(ROWS) % PLACES + 1}"


def _report(order_id: str, now: datetime) -> dict[str, Any]:
    data = {"order_id": order_id, "shelf": shelf_of(order_id)}
    return {"type": "order.ready", "timestamp": as_text(now), "data": data}


HANDLER = JobHandler(REPORT, LANE, report_ready)
