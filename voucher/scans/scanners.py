"""Who scans: a device at a station, what it may do, and who holds it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy.orm import Session

from app.actor import Actor
from app.plugins import Plugins
from app.refusals import Refused

STEWARD, SUPERVISOR = "steward", "supervisor"
CHECK, REDEEM, UNDO, PICKUP = "check", "redeem", "undo", "pickup"
"""What a device may do; checking is for all of them."""
USUAL = frozenset({REDEEM, UNDO})
UPLOADS_AFTER = timedelta(days=8)
"""How long after its revocation a device may still upload what it decided before."""


class ScannerGone(Refused):
    """Who scans no longer stands: the device was revoked, or another browser has its place."""

    code = "not_signed_in"
    status = 401


class MayNotRedeem(Refused):
    """This device may not do this."""

    code = "not_allowed"
    status = 403


class OtherDevice(Refused):
    """Who asks is another device than the one that this is about."""

    code = "other_device"
    status = 403


@dataclass(frozen=True)
class Scanner:
    """The device that scans, and the station where it stands."""

    device_id: str
    device_name: str
    community_id: int
    station_id: int
    station_key: str
    station_name: str
    station_zone: str
    station_hours: tuple[str, ...] | None
    station_closed: tuple[str, ...]
    known_by: bytes
    """The hash of the secret that it showed."""
    withdrawn: bool = False
    """The programme no longer has the station."""
    redeemed_when: str = "scanned"
    """What the station says of perks that say nothing: see `scans.judgement.confirmable`."""
    operators_required: bool = False
    """Nothing is scanned at the station unless it is told who holds the device."""
    may: frozenset[str] = USUAL
    """What it may do beside checking."""
    revoked_at: datetime | None = None
    """Since when it may only upload what it decided before."""
    told_until: datetime | None = None
    """What it decided by itself before this, it had told as it last synced."""


@dataclass(frozen=True)
class Operator:
    """Who holds a device: a steward scans; a supervisor undoes what others did as well."""

    id: str
    name: str
    role: str
    withdrawn: bool = False
    """Is not named any more, but for what they did before."""
    pin_since: datetime | None = None
    """Since when they sign in with a PIN; None for one whom every device vouches for."""
    admitted: bool = False
    """Is admitted to the device, or was once."""
    signed_in_until: datetime | None = None
    """Until when they hold the device, unless another one signs in."""
    once_until: datetime | None = None
    """Until when one request of the device may name them."""


OperatorKey = tuple[int, str, str]
"""A community's id, what its operator is known by, and the id of the device that names them."""


def standing_scanners(session: Session, known: Collection[bytes]) -> dict[bytes, Scanner]:
    """Who may scan or upload, by the hash of the secret that each showed; others are missing."""
    return plugins_of(session).scanners(session, known)


def known_operators(session: Session, named: Iterable[OperatorKey]) -> dict[OperatorKey, Operator]:
    """The operators of these names, withdrawn ones as well; others are missing."""
    wanted = set(named)
    return plugins_of(session).operators(session, wanted) if wanted else {}


def check_is(scanner: Scanner, named: object) -> None:
    """Raises `OtherDevice` where a device is named, and another one asks."""
    if named is not None and named != scanner.device_id:
        raise OtherDevice("What one device did is not told in another one's name.")


def check_may_redeem(scanner: Scanner) -> None:
    """Raises `MayNotRedeem` where a device hands nothing out."""
    if REDEEM not in scanner.may:
        raise MayNotRedeem(
            "This device may only check. An organiser can let it redeem.", why=REDEEM
        )


def check_may_undo(scanner: Scanner) -> None:
    """Raises `MayNotRedeem` where a device takes nothing back."""
    if UNDO not in scanner.may:
        raise MayNotRedeem("This device may not undo. An organiser can let it, or do it.", why=UNDO)


def check_may_refund(scanner: Scanner) -> None:
    """Raises `MayNotRedeem` where a device only checks."""
    if not scanner.may & {REDEEM, UNDO}:
        raise MayNotRedeem(
            "This device may not refund. An organiser can let it redeem, or do it.", why="refund"
        )


def actor_of(scanner: Scanner, operator: Operator | None) -> Actor:
    """Whom the record names: who held the device, or the device itself."""
    if operator is None:
        return Actor("device", scanner.device_id)
    return Actor("operator", operator.id)


def plugins_of(session: Session) -> Plugins:
    """What is plugged in where this session belongs to."""
    return cast(Plugins, session.info["plugins"])
