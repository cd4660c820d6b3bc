"""What lies in a station that closed is carried away, and promises go along that can be met."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.plugins import Plugins
from app.stock.levels import Shelf
from app.stock.models import StockReservation
from app.stock.promises import Promises, add_to, of_holders


@dataclass(frozen=True)
class Going:
    """What is promised in a shelf that is to be emptied."""

    rows: Sequence[StockReservation]
    """The promises that can go along, those that end first before others."""
    known: Promises
    staying: int
    """How many are promised to those who are not served at the place where the things go."""
    held: int
    """How many are in somebody's hands just now."""

    @property
    def why(self) -> str:
        """What keeps things here, and what can be done; empty where nothing does."""
        told = []
        if self.held:
            told.append(f"{_are(self.held)} being handed out just now: try again in two minutes.")
        if self.staying:
            told.append(
                f"{_are(self.staying)} promised to vouchers that are not redeemed there: carry"
                " those to a station that redeems them, or withdraw the vouchers."
            )
        return " ".join(told)


def going(session: Session, here: Shelf, there: Shelf) -> Going:
    """What of the promises in a locked shelf can go to another place."""
    rows = session.scalars(
        select(StockReservation)
        .where(StockReservation.level_id == here.level.id, StockReservation.until > here.now)
        .where(StockReservation.quantity > 0, StockReservation.lender.is_(None))
        .order_by(StockReservation.until, StockReservation.id)
        .execution_options(populate_existing=True)
    ).all()
    holders = {row.holder for row in rows}
    known = of_holders(session, holders)
    plugins = cast(Plugins, session.info["plugins"])
    unserved = plugins.unserved(session, holders, there.level.place)
    return Going(
        [row for row in rows if row.holder not in unserved],
        known,
        sum(known.left_of(row, here.now) for row in rows if row.holder in unserved),
        here.held,
    )


def carry(session: Session, here: Shelf, there: Shelf, quantity: int, along: Going) -> None:
    """Lets up to so many promises go along from one locked shelf to another."""
    for row in along.rows:
        if quantity == 0:
            break
        gone = min(along.known.left_of(row, here.now), quantity)
        quantity -= gone
        row.quantity -= gone
        here.reserved, there.reserved = here.reserved - gone, there.reserved + gone
        add_to(session, along.known.of(row.holder), there.level.id, gone)
    session.flush()


def _are(number: int) -> str:
    return f"{number} is" if number == 1 else f"{number} are"
