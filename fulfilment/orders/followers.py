"""What follows from a redeemed voucher: the perk's partner gets an order."""

from uuid import UUID

from app import clock, journal
from app.actor import WORKER
from app.installation import Installation
from app.jobs.loop import effect_of
from app.jobs.queue import ClaimedJob, TryAgain
from app.plugins import JobHandler
from fulfilment.orders.ordering import order
from fulfilment.partners import finding
from voucher.perks.models import Perk


def order_from_partner(installation: Installation, job: ClaimedJob) -> None:
    """Orders what was redeemed from the perk's partner, where it has one."""
    with effect_of(installation, job) as session:
        fact = journal.read(session, job.payload)
        perk = session.get_one(Perk, fact.data["perk"])
        if perk.partner is None:
            return
        partner = finding.known(session, fact.community_id, perk.partner)
        if partner is None:
            # The programme in force is older than this package; its next change makes partners.
            raise TryAgain(f"The partner {perk.partner} of perk {perk.key} does not stand yet.")
        order(
            session,
            partner,
            perk,
            redemption=UUID(fact.data["redemption"]),
            voucher=fact.data["voucher"],
            station=fact.data["station"],
            actor=WORKER,
            now=clock.now(),
        )


HANDLER = JobHandler("orders.order_from_partner", "worker", order_from_partner)
