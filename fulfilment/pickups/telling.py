"""An order as a desk is told of it: what to fetch from where, for whom, and nothing beside."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.clock import as_text
from app.communities.models import Member
from fulfilment.orders.models import FulfilmentOrder, OrderLine
from voucher.ledger.models import Voucher
from voucher.perks.models import Perk


class Pickup(NamedTuple):
    """An order for pickup with its perk and its member."""

    order: FulfilmentOrder
    perk: Perk
    member: Member


def pickups(community_id: int) -> Select[FulfilmentOrder, Perk, Member]:
    """Every order for pickup of a community, as `Pickup`."""
    has_lines = select(OrderLine.order_id).where(OrderLine.order_id == FulfilmentOrder.id)
    return (
        select(FulfilmentOrder, Perk, Member)
        .join(Perk, Perk.number == FulfilmentOrder.perk_number)
        .join(Voucher, Voucher.reference == FulfilmentOrder.voucher)
        .join(Member, Member.id == Voucher.member_id)
        .where(FulfilmentOrder.community_id == community_id, has_lines.exists())
    )


def one(session: Session, order: FulfilmentOrder) -> Pickup:
    """An order with what belongs to it."""
    wanted = pickups(order.community_id).where(FulfilmentOrder.id == order.id)
    return Pickup(*session.execute(wanted).one())


def told(session: Session, found: Sequence[Pickup]) -> list[dict[str, Any]]:
    """The orders as JSON, in the same order."""
    lines: dict[str, list[OrderLine]] = {}
    for line in session.scalars(
        select(OrderLine)
        .where(OrderLine.order_id.in_([each.order.id for each in found]))
        .order_by(OrderLine.order_id, OrderLine.number)
    ):
        lines.setdefault(line.order_id, []).append(line)
    return [_told(each, lines[each.order.id]) for each in found]


def asks_identity(perk: Perk) -> bool:
    """Whether staff must look who it is: a picture of a live code is seen here as well."""
    return bool(perk.identity or perk.live or perk.minimum_age)


def _told(pickup: Pickup, lines: Sequence[OrderLine]) -> dict[str, Any]:
    order, perk, member = pickup
    return {
        "id": order.id,
        "number": order.number,
        "state": order.state,
        "since": as_text(order.since),
        "perk": {
            "key": order.perk_key,
            "name": perk.name,
            "staff_note": perk.staff_note,
            "asks_identity": asks_identity(perk),
            "minimum_age": perk.minimum_age,
        },
        "member": {"display_name": member.display_name},
        "lines": [_line(line) for line in lines],
    }


def _line(line: OrderLine) -> dict[str, Any]:
    return {
        "line": line.number,
        "item": line.item,
        "variant": line.variant,
        "quantity": line.quantity,
        "left": line.left,
        "collected": line.collected,
        "not_found": line.missing,
        "returned": line.returned,
        "shelf": line.shelf,
    }
