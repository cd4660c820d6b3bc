"""Who scans: a device, found by what its request carries."""

from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, bindparam, select
from sqlalchemy.orm import Session

from app import credentials
from app.communities.models import Station
from app.database import table_of
from kiosk.devices.models import Device
from voucher.scans.requests import Scanner

_device, _station = table_of(Device).c, table_of(Station).c


def _looked_up_by(column: ColumnElement[Any]) -> Select[Any]:
    return (
        select(
            _device.id.label("device_id"),
            _device.name.label("device_name"),
            _device.community_id,
            _device.station_id,
            _station.key.label("station_key"),
            _station.name.label("station_name"),
            _station.timezone.label("station_zone"),
            _station.withdrawn_at,
        )
        .join(table_of(Station), _station.id == _device.station_id)
        .where(column == bindparam("known_by"), _device.revoked_at.is_(None))
    )


_BY_BEARER = _looked_up_by(_device.bearer_hash)
_BY_COOKIE = _looked_up_by(_device.cookie_hash)
_BY_ID = _looked_up_by(_device.id)


def by_bearer(reads: Session | Connection, secret: str) -> Scanner | None:
    """The device of this bearer token, or None."""
    return _one(reads, _BY_BEARER, credentials.hash_of(secret))


def by_cookie(reads: Session | Connection, secret: str) -> Scanner | None:
    """The device whose browser carries this secret, or None."""
    return _one(reads, _BY_COOKIE, credentials.hash_of(secret))


def by_id(reads: Session | Connection, device_id: str) -> Scanner | None:
    """The device of this id, or None."""
    return _one(reads, _BY_ID, device_id)


def _one(
    reads: Session | Connection, statement: Select[Any], known_by: str | bytes
) -> Scanner | None:
    row = reads.execute(statement, {"known_by": known_by}).one_or_none()
    if row is None:
        return None
    return Scanner(
        device_id=row.device_id,
        device_name=row.device_name,
        community_id=row.community_id,
        station_id=row.station_id,
        station_key=row.station_key,
        station_name=row.station_name,
        station_zone=row.station_zone,
        withdrawn=row.withdrawn_at is not None,
    )
