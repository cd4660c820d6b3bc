"""Who scans: a device at a station, and who holds it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import cast

from sqlalchemy.orm import Session

from app.actor import Actor
from app.plugins import Plugins
from app.refusals import Refused

STEWARD, SUPERVISOR = "steward", "supervisor"


class ScannerGone(Refused):
    """Who scans no longer stands: the device was revoked, or another browser has its place."""

    code = "not_signed_in"
    status = 401


class MayNotRedeem(Refused):
    """This device may not do this."""

    code = "not_allowed"
    status = 403


class UnknownOperator(Refused):
    """The community has no such operator, or no longer."""

    code = "unknown_operator"


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


@dataclass(frozen=True)
class Operator:
    """Who holds a device: a steward scans; a supervisor undoes what others did as well."""

    id: str
    name: str
    role: str
    withdrawn: bool = False
    """Is not named any more, but for what they did before."""


OperatorKey = tuple[int, str]
"""A community's id, and what its operator is known by."""


def standing_scanners(session: Session, known: Collection[bytes]) -> dict[bytes, Scanner]:
    """Who may scan now, by the hash of the secret that each showed; others are missing."""
    return _plugins(session).scanners(session, known)


def known_operators(session: Session, named: Iterable[OperatorKey]) -> dict[OperatorKey, Operator]:
    """The operators of these names, withdrawn ones as well; others are missing."""
    wanted = set(named)
    return _plugins(session).operators(session, wanted) if wanted else {}


def operator_of(session: Session, scanner: Scanner, operator_id: str | None) -> Operator | None:
    """Who the device says holds it, None where it names nobody; raises `UnknownOperator`."""
    if operator_id is None:
        return None
    found = _operator(session, scanner, operator_id)
    if found is None or found.withdrawn:
        raise unknown_operator(operator_id)
    return found


def operator_since(
    session: Session, scanner: Scanner, operator_id: str | None, before: str | None
) -> Operator | None:
    """Who ended what an attempt had begun, withdrawn since or not: no hand-over is lost for it.

    Who is not named is whom the attempt named `before`. Raises `UnknownOperator` for a name that
    the community never had.
    """
    named = operator_id or before
    found = _operator(session, scanner, named) if named is not None else None
    if found is None and operator_id is not None:
        raise unknown_operator(operator_id)
    return found


def _operator(session: Session, scanner: Scanner, operator_id: str) -> Operator | None:
    key = scanner.community_id, operator_id
    return known_operators(session, [key]).get(key)


def unknown_operator(operator_id: str) -> UnknownOperator:
    """The error for an operator whom nobody knows."""
    return UnknownOperator(f"No operator {operator_id} is known here.", key="operator")


def actor_of(scanner: Scanner, operator: Operator | None) -> Actor:
    """Whom the record names: who held the device, or the device itself."""
    if operator is None:
        return Actor("device", scanner.device_id)
    return Actor("operator", operator.id)


def _plugins(session: Session) -> Plugins:
    return cast(Plugins, session.info["plugins"])
