"""The organisers' panel and page of orders: how they stand, where, by whom, since when."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.communities.models import Station
from app.console.panels import Panel
from fulfilment.orders.models import FulfilmentOrder, OrderLine
from fulfilment.orders.moves import State
from fulfilment.partners.models import Partner
from voucher.perks.models import Perk

WORDS = {
    State.REQUESTED: "Ordered",
    State.READY: "Ready to fetch",
    State.PARTLY: "Fetched in part",
    State.COLLECTED: "Fetched",
    State.MISSING: "Not found",
    State.RETURNED: "Brought back",
    State.CANCELLED: "Cancelled",
}
TONES = {State.MISSING: "bad", State.RETURNED: "warn", State.READY: "good", State.PARTLY: "good"}
SHOWN = 200


class Listed(NamedTuple):
    """An order as organisers read it."""

    number: str
    perk: str
    uses: int
    voucher: str
    partner: str
    station: str
    state: str
    words: str
    tone: str
    since: datetime
    shelves: str
    is_pickup: bool


def content(session: Session, community_id: int, now: datetime) -> dict[str, Any]:
    """How many orders stand how."""
    rows = session.execute(
        select(FulfilmentOrder.state, func.count().label("total"))
        .where(FulfilmentOrder.community_id == community_id)
        .group_by(FulfilmentOrder.state)
    )
    counts = {row.state: row.total for row in rows}
    return {"counts": [(state, WORDS[state], counts.get(state, 0)) for state in State]}


def listed(session: Session, community_id: int, state: State | None) -> list[Listed]:
    """Orders in a state, those first that have stood longest in it; or all, newest first."""
    wanted = (
        select(FulfilmentOrder, Perk.name, Partner.name, Station.name)
        .join(Perk, Perk.number == FulfilmentOrder.perk_number)
        .join(Partner, Partner.id == FulfilmentOrder.partner_id)
        .outerjoin(
            Station,
            (Station.community_id == FulfilmentOrder.community_id)
            & (Station.key == FulfilmentOrder.station),
        )
        .where(FulfilmentOrder.community_id == community_id)
        .limit(SHOWN)
    )
    if state is None:
        wanted = wanted.order_by(FulfilmentOrder.created_at.desc(), FulfilmentOrder.id.desc())
    else:
        since = func.coalesce(FulfilmentOrder.changed_at, FulfilmentOrder.created_at)
        wanted = wanted.where(FulfilmentOrder.state == state).order_by(since, FulfilmentOrder.id)
    rows = session.execute(wanted).all()
    shelves = _shelves(session, [row[0].id for row in rows])
    return [
        Listed(
            order.number,
            perk,
            order.uses,
            order.voucher,
            partner,
            station or order.station,
            order.state,
            WORDS[State(order.state)],
            TONES.get(State(order.state), "calm"),
            order.since,
            ", ".join(shelves.get(order.id, ())),
            order.id in shelves,
        )
        for order, perk, partner, station in rows
    ]


def _shelves(session: Session, orders: Sequence[str]) -> dict[str, list[str]]:
    """Where orders for pickup lie; those of other perks are missing."""
    found: dict[str, list[str]] = {}
    for order_id, shelf in session.execute(
        select(OrderLine.order_id, OrderLine.shelf)
        .where(OrderLine.order_id.in_(orders))
        .order_by(OrderLine.order_id, OrderLine.number)
    ):
        names = found.setdefault(order_id, [])
        if shelf and shelf not in names:
            names.append(shelf)
    return found


def _has_partners(session: Session, community_id: int) -> bool:
    one = select(Partner.id).where(Partner.community_id == community_id).limit(1)
    return session.scalar(one) is not None


ORDERS = Panel(
    "orders",
    "Orders",
    16,
    "organiser/panels/orders.html",
    content,
    page="orders.page",
    stands=_has_partners,
)
