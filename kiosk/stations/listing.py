"""The stations of a community, as organisers read of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.communities import hours
from app.communities.models import Community, Station
from kiosk.devices import listing as devices
from kiosk.devices.listing import Listed as Device
from kiosk.figures.counting import Place
from kiosk.stations import times
from kiosk.stations.times import State, Timetable
from voucher.perks.models import PICKUP, Perk
from voucher.scans.judgement.confirmable import CONFIRMED


@dataclass(frozen=True)
class PerkHere:
    """What can be redeemed at a station."""

    name: str
    notes: tuple[str, ...]
    """What is unlike others: how it counts, what it needs."""
    shut: tuple[str, ...]
    """Blackouts of its own that are to come."""
    is_shut: bool
    """Whether one of them is now."""


@dataclass(frozen=True)
class Worst:
    """The device that was told of vouchers longest ago."""

    device: Device
    needs_network: bool
    """It was so long ago that it may hand out nothing by itself."""


@dataclass(frozen=True)
class Listed:
    """A station that stands, in words. All times are in its own zone."""

    key: str
    name: str
    address: str | None
    zone: ZoneInfo
    has_own_zone: bool
    """It is another one than the community's."""
    clock: str
    """What its clocks show now."""
    state: State
    times: Timetable
    perks: tuple[PerkHere, ...]
    devices: int
    worst: Worst | None
    """None where no device has a browser that keeps vouchers."""
    signs_in: bool
    """Whether somebody has to be signed in before a device scans."""
    confirms: bool
    """Whether what says nothing else counts only once staff say so."""
    offline_allowance: int
    offline_hours: int
    place: Place
    """Whose figures are its own."""


@dataclass(frozen=True)
class Withdrawn:
    """A station that the programme no longer names."""

    key: str
    name: str
    since: datetime
    devices: int
    """How many of its devices were not revoked."""


@dataclass(frozen=True)
class Stations:
    """All stations that a community has or had."""

    standing: list[Listed]
    """By name."""
    withdrawn: list[Withdrawn]
    """The last one first."""


def stations(session: Session, community_id: int, *, now: datetime) -> Stations:
    """Those that the programme names, and those that it no longer does."""
    ours = session.get_one(Community, community_id)
    perks = session.scalars(
        select(Perk)
        .where(Perk.community_id == community_id, Perk.withdrawn_at.is_(None))
        .order_by(Perk.name, Perk.number)
    ).all()
    told, known = Stations([], []), _devices(session, community_id, now)
    for one in _stations(session, community_id):
        its = known.get(one.key, [])
        if one.withdrawn_at is None:
            told.standing.append(_one(one, ours.timezone, perks, its, now))
        else:
            told.withdrawn.append(Withdrawn(one.key, one.name, one.withdrawn_at, len(its)))
    told.withdrawn.sort(key=lambda one: one.since, reverse=True)
    return told


def count(session: Session, community_id: int, *, now: datetime) -> tuple[int, int]:
    """How many stand, and how many of them are open."""
    there = [one for one in _stations(session, community_id) if one.withdrawn_at is None]
    return len(there), sum(hours.is_open(one.hours, one.closed, one.timezone, now) for one in there)


def _stations(session: Session, community_id: int) -> Sequence[Station]:
    named = select(Station).where(Station.community_id == community_id)
    return session.scalars(named.order_by(Station.name, Station.id)).all()


def _devices(session: Session, community_id: int, now: datetime) -> dict[str, list[Device]]:
    by_station: dict[str, list[Device]] = {}
    for device in devices.standing(session, community_id, now=now):
        by_station.setdefault(device.station_key, []).append(device)
    return by_station


def _one(
    station: Station,
    usual_zone: str,
    perks: Iterable[Perk],
    known: Sequence[Device],
    now: datetime,
) -> Listed:
    zone = ZoneInfo(station.timezone)
    lines = (station.hours, station.closed, zone, now)
    here = [one for one in perks if one.stations is None or station.key in one.stations]
    return Listed(
        key=station.key,
        name=station.name,
        address=station.address,
        zone=zone,
        has_own_zone=station.timezone != usual_zone,
        clock=f"{now.astimezone(zone):%a %H:%M}",
        state=times.state_of(*lines),
        times=times.timetable(*lines),
        perks=tuple(_perk(one, station, zone, now) for one in here),
        devices=len(known),
        worst=_worst(known, station, now),
        signs_in=station.operators_required,
        confirms=station.redeemed_when == CONFIRMED,
        offline_allowance=station.offline_allowance,
        offline_hours=station.offline_hours,
        place=Place(station.community_id, station.id, station.key, station.timezone),
    )


def _perk(perk: Perk, station: Station, zone: ZoneInfo, now: datetime) -> PerkHere:
    notes = []
    if perk.kind == PICKUP:
        notes.append("made to order")
    if perk.redeemed_when not in (None, station.redeemed_when):
        confirms = perk.redeemed_when == CONFIRMED
        notes.append("redeemed once staff confirm it" if confirms else "redeemed as it is scanned")
    if not perk.offline:
        notes.append("never without a network")
    shut = times.lines_to_come(perk.closed, zone, now)
    return PerkHere(perk.name, tuple(notes), shut, times.is_shut(perk.closed, zone, now))


def _worst(known: Iterable[Device], station: Station, now: datetime) -> Worst | None:
    """Of those with a browser: tills that are paired with none keep no vouchers."""
    keeping = [one for one in known if one.is_paired]
    if not keeping:
        return None
    never = now - timedelta(days=366 * 100)
    worst = min(keeping, key=lambda one: one.synced_at or never)
    alone_since = now - timedelta(hours=station.offline_hours)
    is_late = worst.synced_at is None or worst.synced_at < alone_since
    return Worst(worst, needs_network=is_late and station.offline_allowance > 0)
