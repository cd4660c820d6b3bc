"""What follows from an order: its partner is told."""

from app import clock, journal
from app.installation import Installation
from app.jobs.loop import effect_of
from app.jobs.queue import ClaimedJob
from app.plugins import JobHandler
from fulfilment.orders.models import FulfilmentOrder
from fulfilment.orders.moving import lines_of
from fulfilment.webhooks import messages
from fulfilment.webhooks.endpoints import of_partner
from voucher.perks.models import Perk


def tell_partner(installation: Installation, job: ClaimedJob) -> None:
    """Writes the message about an order, to be delivered in a lane of its own."""
    with effect_of(installation, job) as session:
        fact = journal.read(session, job.payload)
        order = session.get_one(FulfilmentOrder, fact.data["order"])
        endpoint = of_partner(session, order.partner_id)
        if endpoint is None:
            return
        perk = session.get_one(Perk, order.perk_number)
        body = messages.body_about(order, lines_of(session, order), perk, fact)
        messages.write(
            session, endpoint, order, kind=fact.kind, body=body, cause=fact.id, now=clock.now()
        )


HANDLER = JobHandler("webhooks.tell_partner", "worker", tell_partner)
