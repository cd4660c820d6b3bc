"""What a device judges by besides vouchers: keys, its station, the perks, what it may do alone."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import json_text
from app.clock import as_text
from app.communities.models import Station
from app.plugins import Plugins
from voucher.keys import keyring
from voucher.perks.models import Perk
from voucher.scans.scanners import Scanner

OF_A_PERK = (
    "key",
    "name",
    "kind",
    "hand_over",
    "coupon",
    "staff_note",
    "identity",
    "minimum_age",
    "live",
    "offline",
    "stations",
    "closed",
    "uses",
    "missed",
)
"""What the rules and the screen need of a perk, in the words of its row."""
NOTHING_ALONE = {"number": 0, "hours": 0}


@dataclass(frozen=True)
class Terms:
    """What a device is told, and digests by which it is known whether that is new to it."""

    content: dict[str, Any]
    digest: str
    uses: str
    """Of how many uses each perk has."""


@dataclass(frozen=True)
class _OfCommunity:
    """What the programme says; withdrawn perks as well, since their vouchers can be redeemed."""

    version: int | None
    perks: dict[str, dict[str, Any]]
    stations: dict[str, str]
    """The names of those that stand, by key."""
    allowances: dict[str, dict[str, int]]
    uses: str


def terms_of(session: Session, scanner: Scanner, version: int | None) -> Terms:
    """The terms for a device; `version` is the id of the programme that is in force."""
    known = _of_community(session, scanner.community_id, version)
    key = scanner.station_key
    content = {
        "keys": keyring.key_set(session).as_jwks(),
        "station": {
            "key": key,
            "name": scanner.station_name,
            "zone": scanner.station_zone,
            "hours": scanner.station_hours and list(scanner.station_hours),
            "closed": list(scanner.station_closed),
            "withdrawn": scanner.withdrawn,
        },
        "stations": {other: name for other, name in known.stations.items() if other != key},
        "perks": known.perks,
        "allowance": NOTHING_ALONE if scanner.withdrawn else known.allowances.get(key),
    }
    return Terms(content, digest_of(content)[:16], known.uses)


def digest_of(value: Any) -> str:
    """SHA-256 of a JSON value, in hexadecimal."""
    return sha256(json_text.to_bytes(value)).hexdigest()


def _of_community(session: Session, community_id: int, version: int | None) -> _OfCommunity:
    """As remembered while the programme is the same: perks and stations change with it alone."""
    memory = cast(Plugins, session.info["plugins"]).memory
    known: _OfCommunity | None = memory.get(("sync.terms", community_id))
    if known is None or known.version != version:
        known = _read(session, community_id, version)
        memory["sync.terms", community_id] = known
    return known


def _read(session: Session, community_id: int, version: int | None) -> _OfCommunity:
    perks = session.scalars(
        select(Perk).where(Perk.community_id == community_id).order_by(Perk.number)
    ).all()
    stations = session.scalars(
        select(Station).where(Station.community_id == community_id).order_by(Station.key)
    ).all()
    return _OfCommunity(
        version,
        {str(perk.number): _told(perk) for perk in perks},
        {one.key: one.name for one in stations if one.withdrawn_at is None},
        {
            one.key: {"number": one.offline_allowance, "hours": one.offline_hours}
            for one in stations
        },
        digest_of({str(perk.number): perk.uses for perk in perks})[:8],
    )


def _told(perk: Perk) -> dict[str, Any]:
    picture = None if perk.picture is None else f"/perks/{perk.number}/picture"
    return {name: getattr(perk, name) for name in OF_A_PERK} | {
        "picture": picture,
        "fixed_until": as_text(perk.fixed_until) if perk.fixed_until else None,
        "withdrawn": perk.withdrawn_at is not None,
    }
