"""Deeds: a move that came with an id is taken once, and answered the same however often asked."""

from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.json_text import to_text
from app.refusals import Refused
from fulfilment.orders.models import FulfilmentOrder, OrderDeed
from fulfilment.orders.moves import Move

PARTNER = "partner:"
"""By which a deed of a partner begins, before its id: a desk's is its device's id."""


class DeedDiffers(Refused):
    """The id is known, and it came with something else."""

    code = "attempt_differs"
    status = 409


def hash_of(order_id: str, move: str, asked: dict[str, Any]) -> bytes:
    """What a deed is about: the same id must ask the same."""
    return sha256(f"{order_id}\n{move}\n{to_text(asked)}".encode(errors="surrogatepass")).digest()


def before(session: Session, by: str, attempt_id: str, asked: bytes) -> dict[str, Any] | None:
    """The answer that was given before, or None; raises `DeedDiffers`.

    To be asked with the order's row locked, so that of two at once the second finds it.
    """
    kept = session.get(OrderDeed, (by, attempt_id))
    if kept is None:
        return None
    if kept.asked != asked:
        raise DeedDiffers("This attempt id was used for something else.")
    return kept.answer


def do_once(
    session: Session,
    order: FulfilmentOrder,
    take: Callable[[], dict[str, Any]],
    *,
    by: str,
    attempt_id: str,
    move: Move,
    asked: bytes,
    operator: str | None = None,
    now: datetime,
) -> dict[str, Any]:
    """Takes a move and keeps its answer, in the caller's transaction, with the row locked."""
    answer = take()
    session.add(
        OrderDeed(
            by=by,
            attempt_id=attempt_id,
            order_id=order.id,
            move=move,
            asked=asked,
            operator=operator,
            at=now,
            answer=answer,
        )
    )
    session.flush()
    return answer


def last_by_desk(session: Session, order: FulfilmentOrder) -> OrderDeed | None:
    """The newest deed of a desk with an order, or None."""
    return session.scalar(
        select(OrderDeed)
        .where(OrderDeed.order_id == order.id, ~OrderDeed.by.startswith(PARTNER))
        .order_by(OrderDeed.at.desc(), OrderDeed.attempt_id)
        .limit(1)
    )


def last(session: Session, order: FulfilmentOrder, move: Move) -> OrderDeed | None:
    """The newest deed of this kind with an order, or None."""
    return session.scalar(
        select(OrderDeed)
        .where(OrderDeed.order_id == order.id, OrderDeed.move == move)
        .order_by(OrderDeed.at.desc(), OrderDeed.attempt_id)
        .limit(1)
    )
