"""What goes on at one station now: what was handed out today, what lies there, who is there."""

from datetime import UTC, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import as_text
from app.installation import Installation
from app.programme import applying
from app.stock.levels import reserved_in
from app.stock.models import StockLevel
from kiosk.devices.models import Device
from kiosk.figures.handing import handed_out
from voucher.scans.models import Scan
from voucher.scans.scanners import Scanner

THERE = timedelta(minutes=2)
"""Who was seen so lately is told of as there."""
FRESH = timedelta(seconds=5)
"""For so long all of a station's devices are told the same: one of them pays for it."""


class Place(NamedTuple):
    """A station, as its figures are counted."""

    community_id: int
    station_id: int
    key: str
    zone: str


def figures(installation: Installation, scanner: Scanner, *, now: datetime) -> dict[str, Any]:
    """The figures of the station where a device stands: see `figures_of`."""
    ours, station = scanner.community_id, scanner.station_id
    place = Place(ours, station, scanner.station_key, scanner.station_zone)
    return figures_of(installation, place, now=now)


def figures_of(installation: Installation, place: Place, *, now: datetime) -> dict[str, Any]:
    """The figures of a station, at most five seconds old; as JSON values.

    Of things and numbers alone: no member and no voucher is in them. Whoever asks, a desk or an
    organiser, is told the same.
    """
    memory = installation.plugins.memory
    key = ("station.figures", place.station_id)
    known: tuple[datetime, dict[str, Any]] | None = memory.get(key)
    if known is None or not timedelta() <= now - known[0] < FRESH:
        with installation.reading() as session:
            known = memory[key] = (now, _count(session, place, now))
    return known[1]


def _count(session: Session, place: Place, now: datetime) -> dict[str, Any]:
    return {
        "as_of": as_text(now),
        "handed_out": handed_out(
            session, place.community_id, place.station_id, _midnight(place.zone, now)
        ),
        "stock": _stock(session, place, now),
        "devices": len(_there(session, place, now)),
    }


def _midnight(zone: str, now: datetime) -> datetime:
    here = ZoneInfo(zone)
    day = now.astimezone(here).date()
    return datetime.combine(day, time(), here).astimezone(UTC)


def _stock(session: Session, place: Place, now: datetime) -> list[dict[str, Any]]:
    """What the programme counts here, and how many of it are promised to nobody."""
    try:
        items = applying.current(session, place.community_id)["items"]
    except LookupError:
        return []
    rows = session.scalars(
        select(StockLevel)
        .where(StockLevel.community_id == place.community_id)
        .where(StockLevel.place == place.key)
        .order_by(StockLevel.item, StockLevel.variant)
    ).all()
    counted = [row for row in rows if row.item in items]
    reserved = reserved_in(session, [row.id for row in counted], now=now) if counted else {}
    return [
        {
            "item": level.item,
            "variant": level.variant,
            "name": items[level.item].name,
            "on_hand": level.on_hand,
            "free": level.on_hand - reserved.get(level.id, (0, 0))[0],
            "low": level.low is not None
            and level.on_hand - reserved.get(level.id, (0, 0))[0] <= level.low,
        }
        for level in counted
    ]


def _there(session: Session, place: Place, now: datetime) -> set[str]:
    """The devices that asked who they are, or scanned, a moment ago."""
    asked = session.scalars(
        select(Device.id)
        .where(Device.station_id == place.station_id, Device.revoked_at.is_(None))
        .where(Device.seen_at > now - THERE)
    )
    scanned = session.scalars(
        select(Scan.device_id)
        .distinct()
        .join(Device, Device.id == Scan.device_id)
        .where(Device.revoked_at.is_(None))
        .where(Scan.community_id == place.community_id, Scan.received_at > now - THERE)
        .where(Scan.station_id == place.station_id)
    )
    return {*asked, *scanned}
