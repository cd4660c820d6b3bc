"""When a device was last there."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from app.installation import Installation
from kiosk.devices.models import Device
from voucher.scans.models import Scan

MINUTE = timedelta(minutes=1)


def seen(installation: Installation, device_id: str, *, now: datetime) -> None:
    """A device asked who it is: kept once a minute, since it asks every few seconds."""
    is_old = or_(Device.seen_at.is_(None), Device.seen_at <= now - MINUTE)
    stale = select(Device.id).where(Device.id == device_id, is_old)
    with installation.reading() as session:
        if session.scalar(stale) is None:
            return
    with installation.unit_of_work() as session:
        session.execute(
            update(Device)
            .where(Device.id == device_id, is_old)
            .values(seen_at=now)
            .execution_options(synchronize_session=False)
        )


def last_scans(session: Session, devices: Collection[str]) -> dict[str, datetime]:
    """When each of these devices last scanned; those that never did are missing."""
    rows = session.execute(
        select(Scan.device_id, func.max(Scan.received_at).label("at"))
        .where(Scan.device_id.in_(devices))
        .group_by(Scan.device_id)
    )
    return {row.device_id: row.at for row in rows}
