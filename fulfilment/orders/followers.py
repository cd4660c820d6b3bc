"""What follows from a redemption: the perk's partner gets an order, and loses it with it."""

from uuid import UUID

from app import clock, journal
from app.actor import WORKER
from app.installation import Installation
from app.jobs.loop import effect_of
from app.jobs.queue import ClaimedJob, TryAgain
from app.plugins import JobHandler
from fulfilment.orders.ordering import cancel, order
from fulfilment.partners import finding
from voucher.perks.models import Perk
from voucher.scans.undoing import is_undone


def order_from_partner(installation: Installation, job: ClaimedJob) -> None:
    """Orders what was redeemed from the perk's partner, where it has one."""
    with effect_of(installation, job) as session:
        fact = journal.read(session, job.payload)
        perk = session.get_one(Perk, fact.data["perk"])
        redemption = UUID(fact.data["redemption"])
        # Locked, so that one that is undone meanwhile finds the order and cancels it.
        if perk.partner is None or is_undone(session, redemption):
            return
        partner = finding.known(session, fact.community_id, perk.partner)
        if partner is None:
            # The programme in force is older than this package; its next change makes partners.
            raise TryAgain(f"The partner {perk.partner} of perk {perk.key} does not stand yet.")
        order(
            session,
            partner,
            perk,
            redemption=redemption,
            voucher=fact.data["voucher"],
            # Redemptions of the first version tell of no number: they were of one.
            uses=fact.data.get("uses", 1),
            station=fact.data["station"],
            actor=WORKER,
            now=clock.now(),
        )


def cancel_order(installation: Installation, job: ClaimedJob) -> None:
    """Cancels the order of a redemption that was undone, where it has one."""
    with effect_of(installation, job) as session:
        fact = journal.read(session, job.payload)
        cancel(session, UUID(fact.data["redemption"]), actor=WORKER, now=clock.now())


HANDLER = JobHandler("orders.order_from_partner", "worker", order_from_partner)
CANCELLER = JobHandler("orders.cancel_order", "worker", cancel_order)
