"""How far devices know the record, and until when they have told what they decided themselves."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, or_, select, update

from app.installation import Installation
from app.statements import table_of
from kiosk.devices.models import Device

EVERY = timedelta(minutes=1)
"""How often it is kept: devices sync every few seconds."""

_device = table_of(Device).c


def keep(
    installation: Installation,
    device_id: str,
    number: int,
    told_until: datetime | None = None,
    *,
    now: datetime,
) -> None:
    """Keeps that a device was told the record up to this entry; at most once a minute it writes.

    And that it has told all that it decided by itself before `told_until`, where it says so: one
    that lies afterwards cannot take it back. Never beyond `now`, whatever its clock says.
    """
    due = or_(_device.synced_at.is_(None), _device.synced_at <= now - EVERY)
    mine = (_device.id == device_id) & due
    with installation.glance() as reads:
        if reads.execute(select(_device.id).where(mine)).one_or_none() is None:
            return
    with installation.unit_of_work() as session:
        session.execute(
            update(table_of(Device))
            .where(mine)
            .values(synced_at=now, synced_number=number, **_told(told_until, now))
        )


def _told(until: datetime | None, now: datetime) -> dict[str, Any]:
    if until is None:
        return {}
    until = min(until, now)
    is_later = or_(_device.told_until.is_(None), _device.told_until < until)
    return {"told_until": case((is_later, until), else_=_device.told_until)}
