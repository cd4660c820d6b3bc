"""Who scans: a device, found by what its request carries."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Row, Select, bindparam, or_, select
from sqlalchemy.orm import Session

from app import clock, credentials
from app.communities.models import Station
from app.installation import Installation
from app.statements import table_of
from kiosk.devices import permitting
from kiosk.devices.models import Device
from voucher.scans.scanners import UPLOADS_AFTER, Scanner

MOST_REMEMBERED = 10_000

_device, _station = table_of(Device).c, table_of(Station).c
_KNOWN: Select[Any] = select(
    _device.id.label("device_id"),
    _device.name.label("device_name"),
    _device.community_id,
    _device.station_id,
    _device.bearer_hash,
    _device.cookie_hash,
    _device.may,
    _device.revoked_at,
    _device.told_until,
    _station.key.label("station_key"),
    _station.name.label("station_name"),
    _station.timezone.label("station_zone"),
    _station.hours,
    _station.closed,
    _station.redeemed_when,
    _station.operators_required,
    _station.withdrawn_at,
).join(table_of(Station), _station.id == _device.station_id)


def _among(name: str) -> Any:
    return bindparam(name, type_=_device.bearer_hash.type, expanding=True)


_SHOWN_AS = {
    "bearer": _KNOWN.where(_device.bearer_hash == bindparam("known_by")),
    "cookie": _KNOWN.where(_device.cookie_hash == bindparam("known_by")),
}
_BY_ID = _KNOWN.where(_device.id == bindparam("known_by"), _device.revoked_at.is_(None))
_BY_EITHER = _KNOWN.where(
    or_(_device.bearer_hash.in_(_among("bearers")), _device.cookie_hash.in_(_among("cookies")))
)


def by_bearer(owner: Installation, secret: str, *, remembered: bool = False) -> Scanner | None:
    """The device of this bearer token, or None.

    With `remembered` it may be one that was known before and no longer stands, or one that was
    revoked and may still upload: `standing()` tells.
    """
    return _known_by(owner, "bearer", secret, remembered)


def by_cookie(owner: Installation, secret: str, *, remembered: bool = False) -> Scanner | None:
    """The device whose browser carries this secret, or None; `remembered` as of `by_bearer()`."""
    return _known_by(owner, "cookie", secret, remembered)


def by_id(session: Session, device_id: str) -> Scanner | None:
    """The device of this id, or None."""
    row = session.execute(_BY_ID, {"known_by": device_id}).one_or_none()
    return None if row is None else _scanner(row, row.bearer_hash)


def standing(session: Session, known: Collection[bytes]) -> dict[bytes, Scanner]:
    """Who may scan now, by the hash of the secret that each showed; others are missing.

    Those that were revoked are there, with when that was: the judge takes their uploads.
    """
    found = {}
    asked = {"bearers": list(known), "cookies": list(known)}
    for row in session.connection().execute(_BY_EITHER, asked):
        for known_by in {row.bearer_hash, row.cookie_hash}.intersection(known):
            found[known_by] = _scanner(row, known_by)
    return found


def _known_by(owner: Installation, shown_as: str, secret: str, remembered: bool) -> Scanner | None:
    memory: dict[tuple[str, bytes], Scanner] = owner.plugins.memory.setdefault("scanners", {})
    known_by = credentials.hash_of(secret)
    scanner = memory.get((shown_as, known_by)) if remembered else None
    if scanner is not None:
        return scanner
    with owner.glance() as reads:
        row = reads.execute(_SHOWN_AS[shown_as], {"known_by": known_by}).one_or_none()
    if row is None:
        return None
    if row.revoked_at is not None:
        may_upload = remembered and clock.now() < row.revoked_at + UPLOADS_AFTER
        return _scanner(row, known_by) if may_upload else None
    if len(memory) >= MOST_REMEMBERED:
        memory.clear()
    scanner = memory[shown_as, known_by] = _scanner(row, known_by)
    return scanner


def _scanner(row: Row[Any], known_by: bytes) -> Scanner:
    return Scanner(
        device_id=row.device_id,
        device_name=row.device_name,
        community_id=row.community_id,
        station_id=row.station_id,
        station_key=row.station_key,
        station_name=row.station_name,
        station_zone=row.station_zone,
        station_hours=None if row.hours is None else tuple(row.hours),
        station_closed=tuple(row.closed),
        known_by=known_by,
        withdrawn=row.withdrawn_at is not None,
        redeemed_when=row.redeemed_when,
        operators_required=row.operators_required,
        may=permitting.read(row.may),
        revoked_at=row.revoked_at,
        told_until=row.told_until,
    )
