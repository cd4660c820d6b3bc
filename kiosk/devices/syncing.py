"""How far devices know the record, and until when they have told what they decided themselves."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, or_, select, update

from app.installation import Installation
from app.statements import table_of
from kiosk.devices.models import Device

EVERY = timedelta(minutes=1)
"""How often it is kept: devices sync every few seconds."""

_device = table_of(Device).c


@dataclass(frozen=True)
class Said:
    """What a device says of itself with a sync."""

    told_until: datetime | None = None
    """It has told all that it decided by itself before this; None where it does not say."""
    waiting: int | None = None
    """How many of its decisions are still to be sent, or wait for a person there."""


NOTHING_SAID = Said()


def keep(
    installation: Installation,
    device_id: str,
    number: int,
    said: Said = NOTHING_SAID,
    *,
    now: datetime,
) -> None:
    """Keeps that a device was told the record up to this entry, and what it said.

    At most once a minute it writes, and where another number waits there. That all was told until
    a moment cannot be taken back by one that lies afterwards; it is never beyond `now`, whatever
    its clock says.
    """
    due = or_(_device.synced_at.is_(None), _device.synced_at <= now - EVERY)
    if said.waiting is not None:
        due |= _device.waiting.is_distinct_from(said.waiting)
    mine = (_device.id == device_id) & due
    with installation.glance() as reads:
        if reads.execute(select(_device.id).where(mine)).one_or_none() is None:
            return
    with installation.unit_of_work() as session:
        session.execute(
            update(table_of(Device))
            .where(mine)
            .values(
                synced_at=now,
                synced_number=number,
                waiting=said.waiting,
                **_told(said.told_until, now),
            )
        )


def _told(until: datetime | None, now: datetime) -> dict[str, Any]:
    if until is None:
        return {}
    until = min(until, now)
    is_later = or_(_device.told_until.is_(None), _device.told_until < until)
    return {"told_until": case((is_later, until), else_=_device.told_until)}
