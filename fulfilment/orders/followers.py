"""What follows from a redemption, and from what becomes of its voucher: orders, and their end."""

from uuid import UUID

from sqlalchemy.orm import Session

from app import clock, journal
from app.actor import WORKER
from app.installation import Installation
from app.jobs.loop import effect_of
from app.jobs.queue import ClaimedJob, TryAgain
from app.plugins import JobHandler
from fulfilment.orders.ordering import cancel, order
from fulfilment.orders.settling import settle
from fulfilment.partners import finding
from fulfilment.partners.models import Partner
from voucher.perks.models import PICKUP, Perk
from voucher.scans.follow_ups.undoing import is_undone


def order_from_partner(installation: Installation, job: ClaimedJob) -> None:
    """Orders what was redeemed from the perk's partner; a pickup without one from the station."""
    with effect_of(installation, job) as session:
        fact = journal.read(session, job.payload)
        perk = session.get_one(Perk, fact.data["perk"])
        redemption = UUID(fact.data["redemption"])
        # Locked, so that one that is undone meanwhile finds the order and cancels it.
        if not _is_ordered(perk) or is_undone(session, redemption):
            return
        order(
            session,
            _partner_of(session, perk),
            perk,
            redemption=redemption,
            voucher=fact.data["voucher"],
            # Redemptions of the first version tell of no number: they were of one.
            uses=fact.data.get("uses", 1),
            station=fact.data["station"],
            actor=WORKER,
            now=clock.now(),
        )
        # Its voucher may be withdrawn already.
        settle(session, fact.community_id, fact.data["voucher"], actor=WORKER, now=clock.now())


def cancel_order(installation: Installation, job: ClaimedJob) -> None:
    """Cancels the order of a redemption that was undone, where it has one."""
    with effect_of(installation, job) as session:
        fact = journal.read(session, job.payload)
        cancel(session, UUID(fact.data["redemption"]), actor=WORKER, now=clock.now())


def settle_orders(installation: Installation, job: ClaimedJob) -> None:
    """Stops the orders of a voucher that was withdrawn or refunded, or brings them back."""
    with effect_of(installation, job) as session:
        fact = journal.read(session, job.payload)
        settle(session, fact.community_id, fact.data["voucher"], actor=WORKER, now=clock.now())


def _is_ordered(perk: Perk) -> bool:
    return perk.partner is not None or perk.kind == PICKUP


def _partner_of(session: Session, perk: Perk) -> Partner:
    if perk.partner is None:
        return finding.house(session, perk.community_id, now=clock.now())
    partner = finding.known(session, perk.community_id, perk.partner)
    if partner is None:
        # The programme in force is older than this package; its next change makes partners.
        raise TryAgain(f"The partner {perk.partner} of perk {perk.key} does not stand yet.")
    return partner


HANDLER = JobHandler("orders.order_from_partner", "worker", order_from_partner)
CANCELLER = JobHandler("orders.cancel_order", "worker", cancel_order)
SETTLER = JobHandler("orders.settle_orders", "worker", settle_orders)
