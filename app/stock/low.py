"""Telling organisers that of something little is left."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from app import journal
from app.actor import Actor
from app.journal import Told
from app.stock.facts import StockLow
from app.stock.levels import Shelf


def tell_low(session: Session, shelves: Iterable[Shelf], *, actor: Actor, now: datetime) -> None:
    """Records each shelf that has become low since it was locked."""
    journal.record_all(
        session,
        [
            Told(
                fact=StockLow(
                    item=shelf.level.item,
                    variant=shelf.level.variant,
                    place=shelf.level.place,
                    free=shelf.free,
                    low=shelf.level.low,
                ),
                community_id=shelf.level.community_id,
                actor=actor,
                at=now,
            )
            for shelf in shelves
            if shelf.level.low is not None and shelf.free <= shelf.level.low < shelf.free_before
        ],
    )
