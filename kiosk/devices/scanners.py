"""Who scans: a device, found by what its request carries."""

from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, bindparam, select
from sqlalchemy.orm import Session

from app import credentials
from app.communities.models import Station
from app.database import table_of
from kiosk.devices.models import Device
from voucher.scans.requests import Scanner

_device, _station = table_of(Device).c, table_of(Station).c


def _looked_up_by(secret_hash: ColumnElement[bytes]) -> Select[Any]:
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
        .where(secret_hash == bindparam("hash"), _device.revoked_at.is_(None))
    )


_BY_BEARER = _looked_up_by(_device.bearer_hash)
_BY_COOKIE = _looked_up_by(_device.cookie_hash)


def by_bearer(reads: Session | Connection, secret: str) -> Scanner | None:
    """The device of this bearer token, or None."""
    return _scanner(reads.execute(_BY_BEARER, {"hash": credentials.hash_of(secret)}).one_or_none())


def by_cookie(reads: Session | Connection, secret: str) -> Scanner | None:
    """The device whose browser carries this secret, or None."""
    return _scanner(reads.execute(_BY_COOKIE, {"hash": credentials.hash_of(secret)}).one_or_none())


def _scanner(row: Row[Any] | None) -> Scanner | None:
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
