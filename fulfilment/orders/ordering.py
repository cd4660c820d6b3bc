"""Making orders: once for each redemption, however often it is asked for."""

from datetime import datetime
from uuid import UUID

import uuid_utils.compat
from sqlalchemy.orm import Session

from app import journal
from app.actor import Actor
from app.statements import insert_or
from fulfilment.orders.facts import OrderCreated
from fulfilment.orders.models import REQUESTED, FulfilmentOrder
from fulfilment.partners.models import Partner
from voucher.perks.models import Perk


def order(
    session: Session,
    partner: Partner,
    perk: Perk,
    *,
    redemption: UUID,
    voucher: str,
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
        "station": station,
        "state": REQUESTED,
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
    fact = OrderCreated(
        order=made,
        redemption=redemption,
        voucher=voucher,
        perk=perk.number,
        partner=partner.key,
        station=station,
    )
    journal.record(session, fact, community_id=perk.community_id, actor=actor, now=now)
    return made
