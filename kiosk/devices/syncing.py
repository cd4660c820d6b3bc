"""How far devices know the record, for organisers to see."""

from datetime import datetime, timedelta

from sqlalchemy import or_, select, update

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
