"""The orders of a voucher follow what was done with it: withdrawn, refunded, restored."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actor import Actor
from app.audit import entries
from fulfilment.orders.models import FulfilmentOrder, OrderLine
from fulfilment.orders.moves import ALLOWED, Move, State
from fulfilment.orders.ordering import reinstate, stop
from voucher.ledger import redeeming
from voucher.ledger.facts import VoucherRefunded
from voucher.ledger.finding import by_reference
from voucher.ledger.models import Voucher
from voucher.ledger.moves import Standing
from voucher.scans.models import Scan

WITH_MEMBER = (State.COLLECTED, State.RETURNED, State.CANCELLED)
"""Nothing of these is still to come."""


def settle(
    session: Session, community_id: int, reference: str, *, actor: Actor, now: datetime
) -> None:
    """Brings a voucher's orders to how it stands, in the caller's transaction; safe to repeat.

    Of one that is void all stop. Of one that was refunded as many uses stop as were refunded and
    not handed over before, the newest first; an order for more than that stands. Of one that is
    open those stand again that were not undone.
    """
    # The orders first: so does whoever undoes a redemption.
    orders = session.scalars(
        select(FulfilmentOrder)
        .where(FulfilmentOrder.community_id == community_id, FulfilmentOrder.voucher == reference)
        .order_by(FulfilmentOrder.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    if not orders:
        return
    found = by_reference(session, community_id, reference).voucher
    voucher = redeeming.locked(session, found.id)
    for order in _to_stop(session, voucher, orders):
        stop(session, order, because=voucher.standing, actor=actor, now=now)
    if voucher.standing == Standing.OPEN:
        for order in _stopped(session, orders):
            reinstate(session, order, actor=actor, now=now)


def _to_stop(
    session: Session, voucher: Voucher, orders: Sequence[FulfilmentOrder]
) -> list[FulfilmentOrder]:
    if voucher.standing == Standing.VOID:
        return [order for order in orders if order.state in ALLOWED[Move.CANCEL].before]
    if voucher.standing != Standing.REFUNDED:
        return []
    waiting = _untouched(session, orders)
    handed_over = voucher.uses_taken - sum(order.uses for order in waiting)
    rest = _refunded(session, voucher) - handed_over
    chosen = []
    for order in reversed(waiting):
        if order.uses <= rest:
            chosen.append(order)
            rest -= order.uses
    return chosen


def _untouched(session: Session, orders: Iterable[FulfilmentOrder]) -> list[FulfilmentOrder]:
    """Those of which the member has had nothing yet."""
    open_ones = [order for order in orders if order.state not in WITH_MEMBER]
    begun = set(
        session.scalars(
            select(OrderLine.order_id)
            .where(OrderLine.order_id.in_([order.id for order in open_ones]))
            .where(OrderLine.collected > 0)
        )
    )
    return [order for order in open_ones if order.id not in begun]


def _refunded(session: Session, voucher: Voucher) -> int:
    about = entries.about(session, voucher.community_id, voucher.reference)
    return sum(one.data["uses"] for one in about if one.kind == VoucherRefunded.kind)


def _stopped(session: Session, orders: Iterable[FulfilmentOrder]) -> list[FulfilmentOrder]:
    """Those that are cancelled though their redemption stands."""
    cancelled = {one.redemption: one for one in orders if one.state == State.CANCELLED}
    standing = session.scalars(
        select(Scan.id).where(Scan.id.in_(cancelled), Scan.undone_at.is_(None))
    )
    return [cancelled[redemption] for redemption in sorted(standing)]


def forget(session: Session, member: Any, how: Any) -> None:
    """Stops what a member who is erased has ordered and could not fetch any more; orders name no
    member, and what was written about them goes.
    """
    mine = select(Voucher.reference).where(
        Voucher.community_id == member.community_id, Voucher.member_id == member.id
    )
    orders = session.scalars(
        select(FulfilmentOrder)
        .where(FulfilmentOrder.community_id == member.community_id)
        .where(FulfilmentOrder.voucher.in_(mine))
        .where(FulfilmentOrder.state.in_(ALLOWED[Move.CANCEL].before - {State.RETURNED}))
        .order_by(FulfilmentOrder.id)
        .with_for_update()
    ).all()
    for order in orders:
        stop(session, order, because=Standing.VOID, actor=how.actor, now=how.now)
