"""What a device may do: to redeem, to undo, to hand out at a pickup point; to check, all may."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy.orm import Session

from app import journal
from app.actor import Actor
from app.journal import Fact
from app.refusals import Refused
from kiosk.devices.holding import let_go
from kiosk.devices.models import Device
from voucher.scans.scanners import CHECK, PICKUP, REDEEM, UNDO

PERMISSIONS = (CHECK, REDEEM, UNDO, PICKUP)
WORDS = {CHECK: "check only", REDEEM: "redeem", UNDO: "undo", PICKUP: "pickup"}


class UnknownDevice(Refused):
    """The community has no such device, or it was revoked."""

    code = "unknown_device"
    status = 404


class UnknownPermission(Refused):
    """There is no such permission, or none was named."""

    code = "unknown_permission"


@dataclass(frozen=True, kw_only=True)
class DeviceAllowed(Fact):
    """What a device may do from now on."""

    kind: ClassVar[str] = "device.allowed"
    device: str
    may: str


@dataclass(frozen=True, kw_only=True)
class DeviceRevoked(Fact):
    """A device may not scan any more, and only upload what it decided before."""

    kind: ClassVar[str] = "device.revoked"
    device: str


def write(may: Collection[str]) -> str:
    """Permissions as the table has them: in one order, `check` alone where there is no other.

    Raises `UnknownPermission`.
    """
    unknown = sorted(set(may) - set(PERMISSIONS))
    if unknown or not may:
        named = ", ".join(PERMISSIONS)
        said = f"There is no permission {unknown[0]}" if unknown else "Name what it may do"
        raise UnknownPermission(f"{said}: choose among {named}.", key="may")
    more = [one for one in PERMISSIONS if one in may and one != CHECK]
    return ",".join(more) or CHECK


def read(written: str) -> frozenset[str]:
    """What `write()` wrote."""
    return frozenset(written.split(","))


def words(written: str) -> list[str]:
    """What `write()` wrote, as people read it."""
    may = read(written)
    return [WORDS[one] for one in PERMISSIONS if one in may]


def find(session: Session, community_id: int, device_id: str) -> Device:
    """A device that stands, its row locked; raises `UnknownDevice`."""
    device = session.get(Device, device_id, with_for_update=True)
    if device is None or device.community_id != community_id:
        raise UnknownDevice(f"There is no device {device_id}.")
    if device.revoked_at is not None:
        raise UnknownDevice(f"The device {device.name} was revoked: add a new one.")
    return device


def allow(
    session: Session,
    community_id: int,
    device_id: str,
    may: Collection[str],
    *,
    actor: Actor,
    now: datetime,
) -> Device:
    """Lets a device do this and nothing else from now on; raises `UnknownDevice` and as `write()`.

    What it holds just now it may still confirm.
    """
    device, written = find(session, community_id, device_id), write(may)
    if device.may != written:
        device.may = written
        session.flush()
        fact = DeviceAllowed(device=device.id, may=written)
        journal.record(session, fact, community_id=community_id, actor=actor, now=now)
    return device


def revoke(
    session: Session, community_id: int, device_id: str, *, actor: Actor, now: datetime
) -> Device:
    """Lets a device scan no more, for good; one that was revoked stays so. Raises `UnknownDevice`.

    Whoever holds it is signed out.
    """
    device = session.get(Device, device_id, with_for_update=True)
    if device is None or device.community_id != community_id:
        raise UnknownDevice(f"There is no device {device_id}.")
    if device.revoked_at is None:
        device.revoked_at = now
        session.flush()
        let_go(session, device.id)
        fact = DeviceRevoked(device=device.id)
        journal.record(session, fact, community_id=community_id, actor=actor, now=now)
    return device
