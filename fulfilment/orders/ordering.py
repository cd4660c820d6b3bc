"""Making and cancelling orders: once for each redemption, however often it is asked for."""

from datetime import datetime
from uuid import UUID

import uuid_utils.compat
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import journal
from app.actor import Actor
from app.statements import insert_or
from fulfilment.orders.facts import OrderCancelled, OrderCreated, OrderReinstated
from fulfilment.orders.models import FulfilmentOrder, OrderLine
from fulfilment.orders.moves import ALLOWED, Move, State, state_of
from fulfilment.partners.models import Partner
from voucher.perks.models import PICKUP, Perk


def order(
    session: Session,
    partner: Partner,
    perk: Perk,
    *,
    redemption: UUID,
    voucher: str,
    uses: int,
    station: str,
    actor: Actor,
    now: datetime,
) -> str | None:
    """Makes the order of a redemption and records it; returns its id, or None if it stood."""
    row = {
        "id": f"ful_{uuid_utils.compat.uuid7().hex}",
        "community_id": perk.community_id,
        "redemption": redemption,
        "voucher": voucher,
        "perk_number": perk.number,
        "perk_key": perk.key,
        "partner_id": partner.id,
        "uses": uses,
        "station": station,
        "state": State.REQUESTED,
        "created_at": now,
    }
    made: str | None = session.scalar(
        insert_or(session, FulfilmentOrder)
        .values(row)
        .on_conflict_do_nothing(index_elements=["redemption"])
        .returning(FulfilmentOrder.id)
    )
    if made is None:
        return None
    session.add_all(_lines(made, perk, uses))
    fact = OrderCreated(
        order=made,
        redemption=redemption,
        voucher=voucher,
        perk=perk.number,
        partner=partner.key,
        uses=uses,
        station=station,
    )
    journal.record(session, fact, community_id=perk.community_id, actor=actor, now=now)
    return made


def cancel(session: Session, redemption: UUID, *, actor: Actor, now: datetime) -> str | None:
    """Cancels the order of a redemption and records it; its id, or None where none stands.

    What was handed over as a whole stays so: the member has it.
    """
    found = session.scalar(
        select(FulfilmentOrder)
        .where(
            FulfilmentOrder.redemption == redemption,
            FulfilmentOrder.state.in_(ALLOWED[Move.CANCEL].before),
        )
        .with_for_update()
    )
    if found is None:
        return None
    stop(session, found, because="undone", actor=actor, now=now)
    return found.id


def stop(
    session: Session, order: FulfilmentOrder, *, because: str, actor: Actor, now: datetime
) -> None:
    """Cancels an order whose row is locked and which can be cancelled, and records why."""
    order.state, order.changed_at = State.CANCELLED, now
    fact = OrderCancelled(
        order=order.id,
        redemption=order.redemption,
        voucher=order.voucher,
        partner=session.get_one(Partner, order.partner_id).key,
        because=because,
    )
    journal.record(session, fact, community_id=order.community_id, actor=actor, now=now)


def reinstate(session: Session, order: FulfilmentOrder, *, actor: Actor, now: datetime) -> None:
    """Lets an order that was cancelled stand again, its row locked, and records it.

    It is awaited at its station anew, wherever it lay: it may have been put away since.
    """
    lines = session.scalars(select(OrderLine).where(OrderLine.order_id == order.id)).all()
    for line in lines:
        line.missing, line.shelf = 0, None
    is_over = bool(lines) and not any(line.left for line in lines)
    order.state, order.changed_at = state_of(lines) if is_over else State.REQUESTED, now
    session.flush()
    fact = OrderReinstated(
        order=order.id,
        redemption=order.redemption,
        voucher=order.voucher,
        partner=session.get_one(Partner, order.partner_id).key,
    )
    journal.record(session, fact, community_id=order.community_id, actor=actor, now=now)


def _lines(order_id: str, perk: Perk, uses: int) -> list[OrderLine]:
    """What is to be fetched: a pickup's contents, or the perk itself; nothing of other perks."""
    if perk.kind != PICKUP:
        return []
    contents = perk.contents or [{"item": perk.name, "variant": perk.variant, "quantity": 1}]
    return [
        OrderLine(
            order_id=order_id,
            number=number,
            item=one["item"],
            variant=one["variant"],
            quantity=one["quantity"] * uses,
        )
        for number, one in enumerate(contents, start=1)
    ]
