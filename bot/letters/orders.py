"""What a member reads about an order: it is ready, was fetched, not found, returned, or stopped."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import journal
from app.communities.models import Station
from app.journal import RecordedFact
from fulfilment.orders import noticing as kinds
from fulfilment.orders.models import FulfilmentOrder, OrderLine
from fulfilment.orders.moves import State
from voucher.ledger.finding import Held

KINDS = tuple(kinds.TOLD.values())
WAITS = (State.READY, State.PARTLY)
NOT_YOU = "Was it not you? Write to an organiser, and name the order."


def told_of(session: Session, held: Held, kind: str, entry: str) -> list[str]:
    """The lines of the letter that tells of this entry of the record."""
    fact = journal.read(session, {"entry": entry})
    order = session.get_one(FulfilmentOrder, fact.data["order"])
    name, where = held.perk.name, _place(session, order)
    number = f"-# Order {order.number}, voucher {held.voucher.reference}."
    if kind == kinds.CANCELLED:
        why = "refunded" if fact.data["because"] == "refunded" else "withdrawn"
        return [
            f"Your order of **{name}** was cancelled, as its voucher was {why}: there is nothing "
            "to fetch any more.",
            "Do you see it in another way? Write to an organiser, and name the order.",
            number,
        ]
    if kind == kinds.REINSTATED:
        return [
            f"Your order of **{name}** stands again: you hear from us when it is ready at {where}.",
            number,
        ]
    what = _things(session, order, fact)
    match kind:
        case kinds.READY:
            return [
                f"**{name}** is ready for you at {where}: {what}.",
                "Show the code of its voucher once more when you come; it is in your vouchers, by "
                f"the button below. Or say the order's number, **{order.number}**.",
            ]
        case kinds.COLLECTED:
            part = fact.data["state"] == State.PARTLY
            rest = " The rest still waits for you." if part else ""
            return [f"You fetched **{name}** at {where}: {what}.{rest}", NOT_YOU, number]
        case kinds.NOT_FOUND:
            return [
                f"We are sorry: at {where}, staff did not find this of **{name}**: {what}.",
                "We look for it. You hear from us when it is there.",
                number,
            ]
    return [f"You brought this of **{name}** back at {where}: {what}.", number]


def is_overtaken(session: Session, kind: str, entry: str) -> bool:
    """Whether it waits for nobody any more, or stands the other way by now; all else has happened,
    whatever came after it.
    """
    if kind not in (kinds.READY, kinds.CANCELLED, kinds.REINSTATED):
        return False
    fact = journal.read(session, {"entry": entry})
    state = session.get_one(FulfilmentOrder, fact.data["order"]).state
    if kind == kinds.READY:
        return state not in WAITS
    return (state == State.CANCELLED) != (kind == kinds.CANCELLED)


def _place(session: Session, order: FulfilmentOrder) -> str:
    name = session.scalar(
        select(Station.name).where(
            Station.community_id == order.community_id, Station.key == order.station
        )
    )
    return name or "our station"


def _things(session: Session, order: FulfilmentOrder, fact: RecordedFact) -> str:
    lines: dict[int, OrderLine] = {
        line.number: line
        for line in session.scalars(select(OrderLine).where(OrderLine.order_id == order.id))
    }
    return ", ".join(_thing(lines[part["line"]], part) for part in fact.data["lines"])


def _thing(line: OrderLine, part: dict[str, Any]) -> str:
    variant = f" ({line.variant})" if line.variant else ""
    return f"{part['quantity']} × {line.item}{variant}"
