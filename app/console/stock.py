"""The panel of stock: what lies where, what of it is promised, and what runs low."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.communities.models import Station
from app.console.panels import Panel
from app.programme import applying
from app.stock import levels
from app.stock.settings import ItemSettings

MOST = 60

Items = Mapping[str, ItemSettings]


@dataclass(frozen=True)
class Lying:
    """A level, in words."""

    item: str
    variant: str
    place: str
    on_hand: int
    promised: int
    low: int | None
    item_key: str
    place_key: str

    @property
    def free(self) -> int:
        """What is promised to nobody; below zero where less was counted than is promised."""
        return self.on_hand - self.promised

    @property
    def is_low(self) -> bool:
        """Whether organisers asked to be told of so few."""
        return self.low is not None and self.free <= self.low


def content(session: Session, community_id: int, now: datetime) -> dict[str, Any]:
    """The levels, those that are low first, and how many are low and left out.

    A place or an item that the programme dropped is shown as long as something lies there.
    """
    every = sorted(lying(session, community_id, now), key=lambda one: not one.is_low)
    low = sum(one.is_low for one in every)
    return {"lying": every[:MOST], "low": low, "left_out": len(every[MOST:])}


def lying(session: Session, community_id: int, now: datetime) -> list[Lying]:
    """All levels in words, by item, variant and place."""
    items, stations = _items(session, community_id), _stations(session, community_id)
    every = levels.of_community(session, community_id, now=now)
    return list(_told(every, items, stations))


def _told(
    every: Iterable[tuple[levels.Level, int]], items: Items, stations: Mapping[str, Station]
) -> Iterable[Lying]:
    for level, promised in every:
        station, item = stations.get(level.place), items.get(level.item)
        counts = item is not None and level.variant in (item.variants or ("",))
        if counts and station is not None and station.withdrawn_at is None:
            low = level.low
        elif level.on_hand or promised:
            low = None
        else:
            continue
        named = item.name if item else level.item
        place = station.name if station else level.place
        keys = level.item, level.place
        yield Lying(named, level.variant, place, level.on_hand, promised, low, *keys)


def _items(session: Session, community_id: int) -> Items:
    try:
        items: Items = applying.current(session, community_id)["items"]
    except LookupError:
        return {}
    return items


def _stations(session: Session, community_id: int) -> dict[str, Station]:
    rows = session.scalars(select(Station).where(Station.community_id == community_id))
    return {station.key: station for station in rows}


def _has_items(session: Session, community_id: int) -> bool:
    return bool(_items(session, community_id))


STOCK = Panel(
    "stock",
    "Stock",
    14,
    "organiser/panels/stock.html",
    content,
    wide=True,
    page="stocktake.page",
    stands=_has_items,
)
