"""The devices of a community, as organisers read of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from app.communities.models import Station
from kiosk.devices import permitting, seeing
from kiosk.devices.models import Device
from voucher.scans.scanners import UPLOADS_AFTER

THERE = timedelta(minutes=5)
"""Who was seen so lately is told of as there."""


@dataclass(frozen=True)
class Listed:
    """A device, in words."""

    id: str
    name: str
    station: str
    station_key: str
    may: frozenset[str]
    words: Sequence[str]
    is_paired: bool
    pairing_until: datetime | None
    """While a link to it can still be used."""
    seen_at: datetime | None
    is_there: bool
    locked_until: datetime | None
    """While nobody can sign in there."""
    revoked_at: datetime | None
    synced_at: datetime | None
    """When it was last told all that it must know to judge by itself."""
    synced_number: int | None
    waiting: int | None
    """How many of its decisions the server did not have then; None where it does not say."""

    @property
    def uploads_until(self) -> datetime | None:
        """Until when one that was revoked may upload what it decided before."""
        return None if self.revoked_at is None else self.revoked_at + UPLOADS_AFTER


def standing(session: Session, community_id: int, *, now: datetime) -> list[Listed]:
    """Those that were not revoked, by station and name."""
    return _listed(session, community_id, Device.revoked_at.is_(None), now)


def revoked(session: Session, community_id: int, *, now: datetime) -> list[Listed]:
    """Those that were revoked and may still upload."""
    lately = Device.revoked_at > now - UPLOADS_AFTER
    return _listed(session, community_id, lately, now)


def count(session: Session, community_id: int, *, now: datetime) -> tuple[int, int]:
    """How many there are, and how many of them were seen in the last five minutes."""
    standing = (Device.community_id == community_id, Device.revoked_at.is_(None))
    every = select(func.count()).select_from(Device).where(*standing)
    there = every.where(Device.seen_at > now - THERE)
    return session.scalar(every) or 0, session.scalar(there) or 0


def _listed(
    session: Session, community_id: int, which: ColumnElement[bool], now: datetime
) -> list[Listed]:
    rows = session.execute(
        select(Device, Station)
        .join(Station, Station.id == Device.station_id)
        .where(Device.community_id == community_id, which)
        .order_by(Station.name, Device.name, Device.id)
    ).all()
    scanned = seeing.last_scans(session, [device.id for device, _ in rows])
    return [_one(device, station, scanned.get(device.id), now) for device, station in rows]


def _one(device: Device, station: Station, scanned: datetime | None, now: datetime) -> Listed:
    seen = max((at for at in (device.seen_at, scanned) if at is not None), default=None)
    pairs = device.paired_at is None and device.pairing_until > now
    locked = device.sign_in_locked_until
    return Listed(
        id=device.id,
        name=device.name,
        station=station.name,
        station_key=station.key,
        may=permitting.read(device.may),
        words=permitting.words(device.may),
        is_paired=device.cookie_hash is not None,
        pairing_until=device.pairing_until if pairs else None,
        seen_at=seen,
        is_there=seen is not None and seen > now - THERE,
        locked_until=locked if locked is not None and locked > now else None,
        revoked_at=device.revoked_at,
        synced_at=device.synced_at,
        synced_number=device.synced_number,
        waiting=device.waiting,
    )
