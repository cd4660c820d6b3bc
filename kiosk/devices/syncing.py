"""How far devices know the record, for organisers to see."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from app.clock import as_text
from app.communities.models import Station
from app.installation import Installation
from app.statements import table_of
from kiosk.devices.models import Device

EVERY = timedelta(minutes=1)
"""How often it is kept: devices sync every few seconds."""

_device = table_of(Device).c


def keep(installation: Installation, device_id: str, number: int, *, now: datetime) -> None:
    """Keeps that a device was told the record up to this entry; at most once a minute it writes."""
    due = or_(_device.synced_at.is_(None), _device.synced_at <= now - EVERY)
    mine = (_device.id == device_id) & due
    with installation.glance() as reads:
        if reads.execute(select(_device.id).where(mine)).one_or_none() is None:
            return
    with installation.unit_of_work() as session:
        session.execute(
            update(table_of(Device)).where(mine).values(synced_at=now, synced_number=number)
        )


def told(session: Session, community_id: int) -> list[dict[str, Any]]:
    """The devices of a community that stand, by station, with how far each was told."""
    rows = session.execute(
        select(Device, Station.key)
        .join(Station, Station.id == Device.station_id)
        .where(Device.community_id == community_id, Device.revoked_at.is_(None))
        .order_by(Station.key, Device.created_at, Device.id)
    )
    return [
        {
            "id": device.id,
            "station": station,
            "name": device.name,
            "synced_at": as_text(device.synced_at) if device.synced_at else None,
            "synced_number": device.synced_number,
        }
        for device, station in rows
    ]
