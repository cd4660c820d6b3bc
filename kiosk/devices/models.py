"""Devices: what scans at a station, and who may hold it."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.database import Base, UtcDateTime


class Device(Base):
    """A browser or a till that scans for one station. Secrets are kept as hashes alone."""

    __tablename__ = "device"

    id: Mapped[str] = mapped_column(primary_key=True)
    community_id: Mapped[int]
    station_id: Mapped[int] = mapped_column(ForeignKey("station.id"))
    name: Mapped[str]
    bearer_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    """For scripts: `Authorization: Bearer …`."""
    cookie_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    """For the browser that was paired."""
    pairing_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    pairing_until: Mapped[datetime] = mapped_column(UtcDateTime)
    paired_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Since when it may only upload what it decided before."""
    may: Mapped[str]
    """What it may do beside checking, as `kiosk.devices.permitting` writes it."""
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When it last asked who it is, to the minute."""
    wrong_pins: Mapped[int] = mapped_column(default=0)
    """Guesses at PINs since the last sign-in here, or the last lock."""
    sign_in_locked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    synced_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When it was last told all that there is, to the minute; None where it never was."""
    synced_number: Mapped[int | None]
    """Up to which entry of the record it was told then."""
    told_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """It has told all that it decided by itself before this, as it said when it synced."""
    waiting: Mapped[int | None]
    """How many of its decisions were still to be sent then, or waited for a person there; None
    where it does not say."""


class Admission(Base):
    """An operator and a device where their PIN is worth something.

    One that was dismissed stays, for what was handed over before.
    """

    __tablename__ = "operator_admission"
    __table_args__ = (Index("ix_operator_admission_operator", "operator_id"),)

    device_id: Mapped[str] = mapped_column(ForeignKey("device.id"), primary_key=True)
    operator_id: Mapped[str] = mapped_column(ForeignKey("operator.id"), primary_key=True)
    admitted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    dismissed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    signed_in_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """While they hold the device: of one device's admissions one alone has this."""
    once_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Until when one request may name them; none, once there was one."""
