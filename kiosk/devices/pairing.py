"""Adding devices, pairing browsers with them, and telling who scans."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

import uuid_utils.compat
from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from app import credentials, journal
from app.actor import Actor
from app.communities.models import Station
from app.journal import Fact
from app.refusals import Refused
from kiosk.devices import permitting
from kiosk.devices.holding import let_go
from kiosk.devices.models import Device
from voucher.scans.scanners import USUAL

PAIRING_LASTS = timedelta(hours=24)
LONGEST_NAME = 40


class PairingSpent(Refused):
    """The pairing link was used before, is too old, or was never one."""

    code = "pairing_spent"
    status = 410


@dataclass(frozen=True, kw_only=True)
class DeviceAdded(Fact):
    """A device may scan for a station."""

    kind = "device.added"
    device: str
    station: str


@dataclass(frozen=True, kw_only=True)
class DevicePaired(Fact):
    """A browser took a device's place."""

    kind = "device.paired"
    device: str


@dataclass(frozen=True, kw_only=True)
class PairingRenewed(Fact):
    """A new link lets another browser take a device's place."""

    kind = "device.pairing_renewed"
    device: str


@dataclass(frozen=True)
class AddedDevice:
    """A new device with its secrets, which nobody can read again."""

    id: str
    pairing_secret: str
    bearer: str


def add(
    session: Session,
    station: Station,
    name: str,
    *,
    may: Collection[str] = USUAL,
    actor: Actor,
    now: datetime,
) -> AddedDevice:
    """Makes a device for a station; raises `UnknownPermission`."""
    device_id = f"dev_{uuid_utils.compat.uuid7().hex}"
    pairing, bearer = credentials.new_secret(), credentials.new_secret(32)
    session.add(
        Device(
            id=device_id,
            community_id=station.community_id,
            station_id=station.id,
            name=name,
            bearer_hash=credentials.hash_of(bearer),
            pairing_hash=credentials.hash_of(pairing),
            pairing_until=now + PAIRING_LASTS,
            created_at=now,
            may=permitting.write(may),
        )
    )
    fact = DeviceAdded(device=device_id, station=station.key)
    journal.record(session, fact, community_id=station.community_id, actor=actor, now=now)
    return AddedDevice(device_id, pairing, bearer)


def renew_pairing(session: Session, device_id: str, *, now: datetime) -> str:
    """A new pairing secret for a device; the browser that has its place keeps it until then."""
    pairing = credentials.new_secret()
    device = session.get_one(Device, device_id)
    device.pairing_hash = credentials.hash_of(pairing)
    device.pairing_until, device.paired_at = now + PAIRING_LASTS, None
    return pairing


def pair_anew(
    session: Session, community_id: int, device_id: str, *, actor: Actor, now: datetime
) -> tuple[Device, str]:
    """As `renew_pairing()`, for an organiser; raises `UnknownDevice`."""
    device = permitting.find(session, community_id, device_id)
    secret = renew_pairing(session, device.id, now=now)
    fact = PairingRenewed(device=device.id)
    journal.record(session, fact, community_id=community_id, actor=actor, now=now)
    return device, secret


def named(session: Session, station: Station, name: str) -> Device | None:
    """The newest device of this name at a station, unless it was revoked."""
    return session.scalar(
        select(Device)
        .where(Device.station_id == station.id, Device.name == name, Device.revoked_at.is_(None))
        .order_by(Device.created_at.desc())
        .limit(1)
    )


def open_pairing(session: Session, secret: str, *, now: datetime) -> tuple[Device, Station] | None:
    """What a pairing link is for, while it can be used; looking does not use it up."""
    row = session.execute(
        select(Device, Station)
        .join(Station, Station.id == Device.station_id)
        .where(
            Device.pairing_hash == credentials.hash_of(secret),
            Device.paired_at.is_(None),
            Device.pairing_until > now,
            Device.revoked_at.is_(None),
        )
    ).one_or_none()
    return None if row is None else (row[0], row[1])


def pair(session: Session, secret: str, name: str | None, *, now: datetime) -> str:
    """Uses a pairing link up and returns what the browser's cookie carries.

    Raises `PairingSpent`. A browser that had the device's place before is unpaired by it, and who
    was signed in there is signed out.
    """
    cookie = credentials.new_secret(32)
    values: dict[str, Any] = {"paired_at": now, "cookie_hash": credentials.hash_of(cookie)}
    if shown := "".join(filter(str.isprintable, name or "")).strip():
        values["name"] = shown[:LONGEST_NAME]
    hashed = credentials.hash_of(secret)
    used = cast(
        CursorResult[Any],
        session.execute(
            update(Device)
            .where(
                Device.pairing_hash == hashed,
                Device.paired_at.is_(None),
                Device.pairing_until > now,
                Device.revoked_at.is_(None),
            )
            .values(**values)
            .execution_options(synchronize_session=False)
        ),
    )
    if used.rowcount != 1:
        raise PairingSpent("This pairing link was used or is too old. Ask for a new one.")
    device = session.scalars(select(Device).where(Device.pairing_hash == hashed)).one()
    let_go(session, device.id)
    fact = DevicePaired(device=device.id)
    actor = Actor("device", device.id)
    journal.record(session, fact, community_id=device.community_id, actor=actor, now=now)
    return cookie
