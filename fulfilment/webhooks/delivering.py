"""Delivering a message: read it, post it outside any transaction, keep what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from app import clock
from app.installation import Installation
from app.jobs import queue
from app.jobs.loop import LeaseLost
from app.jobs.queue import ClaimedJob, GiveUp
from app.plugins import JobHandler
from fulfilment.partners.models import Partner
from fulfilment.webhooks.endpoints import address_of
from fulfilment.webhooks.messages import DELIVER, LANE
from fulfilment.webhooks.models import WebhookAttempt, WebhookEndpoint, WebhookMessage
from fulfilment.webhooks.schedule import pause_after
from fulfilment.webhooks.signing import sign

if TYPE_CHECKING:
    from fulfilment.webhooks.posting import Answer

GONE = 410


@dataclass(frozen=True)
class Outgoing:
    """A message with all that it takes to send it."""

    id: str
    body: bytes
    partner: str
    address: str
    secret: str = field(repr=False)


def deliver(installation: Installation, job: ClaimedJob) -> None:
    """One attempt. It may happen twice after a crash: the partner knows a message by its id."""
    # Here, so that not every command loads an HTTP client at its start.
    from fulfilment.webhooks.posting import post

    outgoing = _take(installation, job)
    at = clock.now()
    headers = sign(outgoing.secret, outgoing.id, outgoing.body, at=at)
    answer = post(outgoing.address, outgoing.body, headers, partner=outgoing.partner)
    with installation.unit_of_work() as session:
        _keep(session, outgoing.id, answer, at)
        if not _settle(session, job, answer):
            raise LeaseLost


def _take(installation: Installation, job: ClaimedJob) -> Outgoing:
    """The message, under a fresh lease: others of the same batch may have taken long."""
    with installation.unit_of_work() as session:
        if not queue.renew(session, job, now=clock.now()):
            raise LeaseLost
        message, endpoint, partner = session.execute(
            select(WebhookMessage, WebhookEndpoint, Partner)
            .join(WebhookEndpoint, WebhookEndpoint.id == WebhookMessage.endpoint_id)
            .join(Partner, Partner.id == WebhookEndpoint.partner_id)
            .where(WebhookMessage.id == job.payload["message"])
        ).one()
        if partner.withdrawn_at is not None:
            raise GiveUp(f"The partner {partner.name} is no longer in the programme.")
        address = address_of(endpoint, installation.settings)
        return Outgoing(
            message.id, message.body.encode(), partner.name, address, secret=endpoint.secret
        )


def _keep(session: Session, message_id: str, answer: Answer, at: datetime) -> None:
    last = session.scalar(
        select(func.max(WebhookAttempt.number)).where(WebhookAttempt.message_id == message_id)
    )
    row = {
        "message_id": message_id,
        "number": (last or 0) + 1,
        "at": at,
        "status": answer.status,
        "error": answer.error,
        "response": answer.response,
        "ms": answer.ms,
    }
    session.execute(insert(WebhookAttempt), row)


def _settle(session: Session, job: ClaimedJob, answer: Answer) -> bool:
    """Finishes the job, puts it back for its next try, or gives it up; False without the lease."""
    now = clock.now()
    if answer.error is None:
        return queue.finish(session, job, now=now)
    pause = None if answer.status == GONE else pause_after(job.attempts, answer.asked)
    return queue.fail(session, job, answer.error, now=now, after=pause, for_good=pause is None)


HANDLER = JobHandler(DELIVER, LANE, deliver)
