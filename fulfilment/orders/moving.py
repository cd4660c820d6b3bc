"""Taking an order's moves: one function a move, each with its fact in the same transaction."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import journal
from app.actor import Actor
from app.refusals import Refused
from fulfilment.orders.facts import (
    OrderCollected,
    OrderMoved,
    OrderNotFound,
    OrderReady,
    OrderReturned,
    OrderShelved,
)
from fulfilment.orders.models import FulfilmentOrder, OrderLine
from fulfilment.orders.moves import Move, MoveRefused, State, check, chosen, state_of
from fulfilment.partners.models import Partner

Parts = Mapping[int, int]
"""How many of which line."""
ORDER = re.compile(r"ful_[0-9a-f]{32}")
Shelves = Mapping[int, str]
"""Where which line lies."""


class UnknownOrder(Refused):
    """There is no such order for pickup here."""

    code = "unknown_order"
    status = 404


@dataclass(frozen=True)
class By:
    """Who does it: whom the record names, and by which device it was done."""

    actor: Actor
    device: str | None = None
    operator: str | None = None


def find(session: Session, community_id: int, order_id: str) -> FulfilmentOrder:
    """An order for pickup, its row locked; raises `UnknownOrder`."""
    order = _locked(session, community_id, order_id) if ORDER.fullmatch(order_id) else None
    if order is None or not lines_of(session, order):
        raise UnknownOrder("There is no such order to fetch.")
    return order


def _locked(session: Session, community_id: int, order_id: str) -> FulfilmentOrder | None:
    return session.scalar(
        select(FulfilmentOrder)
        .where(FulfilmentOrder.id == order_id, FulfilmentOrder.community_id == community_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def lines_of(session: Session, order: FulfilmentOrder) -> Sequence[OrderLine]:
    """An order's lines; those of one that was found by `find()` are locked with it."""
    return session.scalars(
        select(OrderLine)
        .where(OrderLine.order_id == order.id)
        .order_by(OrderLine.number)
        .execution_options(populate_existing=True)
    ).all()


def arrive(
    session: Session,
    order: FulfilmentOrder,
    shelves: Shelves | None = None,
    *,
    with_returned: bool = True,
    by: By,
    now: datetime,
) -> None:
    """It lies at its station, all that the member has not: also what was missing or, unless
    `with_returned` is false, came back.

    One that lies there already is told another shelf, or nothing. Raises `MoveRefused`.
    """
    lines = _checked(session, order, Move.READY)
    back = any(line.missing or (with_returned and line.returned) for line in lines)
    if order.state != State.REQUESTED and not back:
        if order.state == State.COLLECTED:
            raise MoveRefused(f"Order {order.number} was handed over: nothing of it is to come.")
        shelve(session, order, shelves or {}, by=by, now=now)
        return
    _put(order, lines, shelves or {})
    for line in lines:
        line.missing = 0
        if with_returned:
            line.collected, line.returned = line.taken, 0
    there = {line.number: line.left for line in lines if line.left}
    _done(session, order, lines, OrderReady, there, by=by, now=now)


def shelve(
    session: Session, order: FulfilmentOrder, shelves: Shelves, *, by: By, now: datetime
) -> None:
    """Says where lines lie; nothing is recorded where it is told already. Raises `MoveRefused`."""
    lines = _checked(session, order, Move.SHELVE)
    moved = _put(order, lines, shelves)
    if moved:
        _done(session, order, lines, OrderShelved, moved, by=by, now=now)


def collect(
    session: Session, order: FulfilmentOrder, parts: Parts | None, *, by: By, now: datetime
) -> dict[int, int]:
    """Hands lines over, or all that is left; returns how many of which. Raises `MoveRefused`."""
    lines = _checked(session, order, Move.COLLECT)
    wanted = chosen(order.number, Move.COLLECT, lines, parts)
    for line in lines:
        quantity = wanted.get(line.number, 0)
        turned_up = max(0, quantity - line.left)
        line.collected += quantity
        line.missing -= turned_up
    _done(session, order, lines, OrderCollected, wanted, by=by, now=now)
    return wanted


def not_found(
    session: Session, order: FulfilmentOrder, parts: Parts | None, *, by: By, now: datetime
) -> dict[int, int]:
    """Lines, or all that is left, were not found; returns how many. Raises `MoveRefused`."""
    lines = _checked(session, order, Move.NOT_FOUND)
    wanted = chosen(order.number, Move.NOT_FOUND, lines, parts)
    for line in lines:
        line.missing += wanted.get(line.number, 0)
    _done(session, order, lines, OrderNotFound, wanted, by=by, now=now)
    return wanted


def take_back(
    session: Session,
    order: FulfilmentOrder,
    parts: Parts | None,
    *,
    reason: str,
    by: By,
    now: datetime,
) -> dict[int, int]:
    """The member brought lines back, or all that they have; returns how many.

    Raises `MoveRefused`.
    """
    lines = _checked(session, order, Move.RETURN)
    wanted = chosen(order.number, Move.RETURN, lines, parts)
    for line in lines:
        line.returned += wanted.get(line.number, 0)
    kept = journal.remark(session, order.community_id, reason, now=now)
    _done(session, order, lines, OrderReturned, wanted, by=by, now=now, reason=kept)
    return wanted


def _checked(session: Session, order: FulfilmentOrder, move: Move) -> Sequence[OrderLine]:
    check(order.number, order.state, move)
    return lines_of(session, order)


def _put(order: FulfilmentOrder, lines: Sequence[OrderLine], shelves: Shelves) -> dict[int, int]:
    """Puts lines where they lie; returns those that lay elsewhere, with how many are left."""
    known = {line.number: line for line in lines}
    moved = {}
    for number, shelf in shelves.items():
        if number not in known:
            raise MoveRefused(f"Order {order.number} has no line {number}.", line=number)
        if known[number].shelf != shelf:
            known[number].shelf = shelf
            moved[number] = known[number].left
    return moved


def _done(
    session: Session,
    order: FulfilmentOrder,
    lines: Sequence[OrderLine],
    fact: type[OrderMoved],
    about: Mapping[int, int],
    *,
    by: By,
    now: datetime,
    **more: Any,
) -> None:
    state = state_of(lines)
    if state != order.state:
        order.state, order.changed_at = state, now
    session.flush()
    told = fact(
        order=order.id,
        voucher=order.voucher,
        partner=session.get_one(Partner, order.partner_id).key,
        station=order.station,
        state=state,
        lines=[{"line": number, "quantity": about[number]} for number in sorted(about)],
        device=by.device,
        operator=by.operator,
        **more,
    )
    journal.record(session, told, community_id=order.community_id, actor=by.actor, now=now)
