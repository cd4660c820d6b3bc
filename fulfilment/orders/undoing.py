"""An order whose redemption is undone: a member has the thing or the voucher, never both."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.refusals import Refused
from fulfilment.orders.models import FulfilmentOrder, OrderLine
from fulfilment.orders.moves import CANNOT, TOLD, Move, MoveRefused, State
from voucher.ledger.models import Voucher
from voucher.ledger.moves import Standing
from voucher.scans.models import Scan


class OrderFetched(Refused):
    """The member has what was ordered, or a part of it."""

    code = "order_fetched"
    status = 409


def check_not_fetched(session: Session, redemption: UUID) -> None:
    """Raises `OrderFetched` while the member has something of a redemption's order.

    The order's row stays locked until the commit: nobody hands it over meanwhile.
    """
    order = session.scalar(
        select(FulfilmentOrder)
        .where(FulfilmentOrder.redemption == redemption)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if order is None:
        return
    lines = session.scalars(
        select(OrderLine)
        .where(OrderLine.order_id == order.id)
        .execution_options(populate_existing=True)
    )
    if any(line.taken for line in lines):
        raise OrderFetched(
            "It was fetched: take it back at the pickup desk first.", order=order.number
        )


def check_stands(session: Session, order: FulfilmentOrder) -> None:
    """Raises `MoveRefused` where an order's redemption was undone, or its voucher is withdrawn, and
    it is only not cancelled yet.

    To be asked with the order's row locked: see `check_not_fetched()`.
    """
    undone_at = session.scalar(select(Scan.undone_at).where(Scan.id == order.redemption))
    standing = session.scalar(
        select(Voucher.standing).where(
            Voucher.reference == order.voucher, Voucher.community_id == order.community_id
        )
    )
    if undone_at is not None or standing == Standing.VOID:
        told, cannot = TOLD[State.CANCELLED], CANNOT[Move.COLLECT]
        raise MoveRefused(f"Order {order.number} {told}: {cannot}.", state=State.CANCELLED)
