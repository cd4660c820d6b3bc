"""What follows from an order's moves: its member is told. And all orders of a member."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock, journal
from app.clock import as_text
from app.installation import Installation
from app.jobs.loop import effect_of
from app.jobs.queue import ClaimedJob
from app.notices import telling
from app.plugins import JobHandler
from fulfilment.orders.facts import (
    OrderCancelled,
    OrderCollected,
    OrderNotFound,
    OrderReady,
    OrderReinstated,
    OrderReturned,
)
from fulfilment.orders.models import FulfilmentOrder, OrderLine
from voucher.ledger.finding import by_reference
from voucher.ledger.followers import some_days
from voucher.ledger.models import Voucher

READY, COLLECTED = "order_ready", "order_collected"
NOT_FOUND, RETURNED = "order_not_found", "order_returned"
CANCELLED, REINSTATED = "order_cancelled", "order_reinstated"
UNDONE = "undone"
TOLD = {
    OrderReady.kind: READY,
    OrderCollected.kind: COLLECTED,
    OrderNotFound.kind: NOT_FOUND,
    OrderReturned.kind: RETURNED,
    OrderCancelled.kind: CANCELLED,
    OrderReinstated.kind: REINSTATED,
}
"""Facts of which member and partner are told, and the member's notices; of shelves nobody is."""


def tell_member(installation: Installation, job: ClaimedJob) -> None:
    """Lays down the notice of what was done with an order."""
    with effect_of(installation, job) as session:
        fact = journal.read(session, job.payload)
        if fact.kind == OrderCancelled.kind and fact.data.get("because", UNDONE) == UNDONE:
            return  # who is told that it was undone is told all
        held = by_reference(session, fact.community_id, fact.data["voucher"])
        telling.tell(
            session,
            fact.community_id,
            held.member.id,
            kind=TOLD[fact.kind],
            subject=fact.data["voucher"],
            occasion=str(fact.id),
            not_after=some_days(session, fact),
            now=clock.now(),
        )


HANDLER = JobHandler("orders.tell_member", "worker", tell_member)


def of_member(session: Session, member: Any) -> list[dict[str, Any]]:
    """What is known of a member's orders, oldest first."""
    rows = session.scalars(
        select(FulfilmentOrder)
        .join(Voucher, Voucher.reference == FulfilmentOrder.voucher)
        .where(Voucher.community_id == member.community_id, Voucher.member_id == member.id)
        .order_by(FulfilmentOrder.created_at, FulfilmentOrder.id)
    ).all()
    lines = session.scalars(
        select(OrderLine)
        .where(OrderLine.order_id.in_([one.id for one in rows]))
        .order_by(OrderLine.order_id, OrderLine.number)
    ).all()
    return [
        {
            "number": one.number,
            "voucher": one.voucher,
            "perk": one.perk_key,
            "station": one.station,
            "state": one.state,
            "created_at": as_text(one.created_at),
            "since": as_text(one.since),
            "lines": [
                {"item": line.item, "variant": line.variant, "quantity": line.quantity}
                for line in lines
                if line.order_id == one.id
            ],
        }
        for one in rows
    ]
