"""Deleting promises that ended: what is free again by itself needs no row for ever."""

from datetime import datetime, timedelta

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from app import clock
from app.installation import Installation
from app.plugins import Tick
from app.stock.levels import locked
from app.stock.models import StockReservation

KEPT = timedelta(days=30)
"""How long after its end a promise is remembered, and made again in the same place."""
AT_ONCE = 200
"""Rows in one transaction: whoever takes from the same levels waits for it."""


def prune(installation: Installation) -> int:
    """Deletes all promises that ended more than 30 days ago, in batches; returns how many."""
    deleted = 0
    while True:
        with installation.reading() as session:
            if session.scalar(_over(clock.now()).limit(1)) is None:
                return deleted
        with installation.unit_of_work() as session:
            deleted += prune_some(session, now=clock.now())


def prune_some(session: Session, *, now: datetime) -> int:
    """As `prune()`, for one batch in the caller's transaction."""
    asked = session.execute(_over(now).limit(AT_ONCE)).all()
    # Whoever makes a promise again has its level locked, and is waited for.
    locked(session, (), now=now, holders={row.holder for row in asked})
    still = session.scalars(
        select(StockReservation.id)
        .where(StockReservation.id.in_([row.id for row in asked]))
        .where(StockReservation.until <= now - KEPT)
    ).all()
    session.execute(delete(StockReservation).where(StockReservation.id.in_(still)))
    return len(still)


def _over(now: datetime) -> Select[int, str]:
    return select(StockReservation.id, StockReservation.holder).where(
        StockReservation.until <= now - KEPT
    )


TICK = Tick("stock.prune", 3600.0, prune)
