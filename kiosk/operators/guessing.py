"""Guesses at PINs: counted before anybody looks whether they are right, so that none is free.

Five wrong ones in a row on a device lock it for sign-ins; twenty in a row for one operator, on
however many devices, lock that operator's PIN.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import as_text
from app.journal import Fact
from app.refusals import Refused
from kiosk.devices.models import Admission, Device
from kiosk.operators.models import Operator
from voucher.scans.scanners import Scanner, ScannerGone

ON_A_DEVICE, DEVICE_LOCKED = 5, timedelta(minutes=15)
AT_AN_OPERATOR, OPERATOR_LOCKED = 20, timedelta(hours=1)


class WrongPin(Refused):
    """Nobody who is admitted to the device has this name and PIN; which of both is not said."""

    code = "wrong_pin"
    status = 403


class SignInLocked(Refused):
    """There were too many wrong ones: nobody looks at a PIN until `until`."""

    code = "sign_in_locked"
    status = 429


@dataclass(frozen=True, kw_only=True)
class SignInWasLocked(Fact):
    """So many wrong PINs were given on a device that nobody signs in there for a while."""

    kind: ClassVar[str] = "device.sign_in_locked"
    device: str
    until: datetime


@dataclass(frozen=True)
class Guess:
    """A guess that was counted: what it is compared with, and what it costs if it is wrong."""

    operator_id: str
    pin_hash: str | None
    """None where nobody of that name can sign in here."""
    left: int
    locked_until: datetime | None

    def refusal(self) -> Refused:
        """What is said where it is wrong."""
        if self.locked_until is not None:
            return locked(self.locked_until)
        return WrongPin("This is not the name and the PIN of somebody here.", left=self.left)


def locked(until: datetime) -> SignInLocked:
    """The error while nobody looks at a PIN."""
    return SignInLocked(
        "There were too many wrong PINs: wait, or ask an organiser to reset it.",
        until=as_text(until),
    )


def count_guess(session: Session, scanner: Scanner, operator_id: str, *, now: datetime) -> Guess:
    """Counts a guess as wrong, in the caller's transaction; `forgive()` takes that back.

    Raises `SignInLocked`, and `ScannerGone` for a device that was revoked.
    """
    device = locked_device(session, scanner)
    operator = _admitted(session, scanner, operator_id)
    ends = [device.sign_in_locked_until, operator.pin_locked_until if operator else None]
    if until := max((end for end in ends if end is not None and end > now), default=None):
        raise locked(until)
    device.wrong_pins += 1
    left = ON_A_DEVICE - device.wrong_pins
    if left <= 0:
        device.wrong_pins, device.sign_in_locked_until = 0, now + DEVICE_LOCKED
    if operator is not None:
        operator.wrong_pins += 1
        if operator.wrong_pins >= AT_AN_OPERATOR:
            operator.wrong_pins, operator.pin_locked_until = 0, now + OPERATOR_LOCKED
    session.flush()
    pin_hash = operator.pin_hash if operator else None
    until = device.sign_in_locked_until if left <= 0 else None
    return Guess(operator_id, pin_hash, max(left, 0), until)


def forgive(device: Device, operator: Operator) -> None:
    """It was right: nothing is counted against the two any more. Both rows are locked."""
    device.wrong_pins, device.sign_in_locked_until = 0, None
    operator.wrong_pins, operator.pin_locked_until = 0, None


def locked_device(session: Session, scanner: Scanner) -> Device:
    """The device that asks, its row locked; raises `ScannerGone`."""
    device = session.get(Device, scanner.device_id, with_for_update=True)
    if device is None or device.revoked_at is not None:
        raise ScannerGone("This device may not scan any more: pair it anew.")
    return device


def _admitted(session: Session, scanner: Scanner, operator_id: str) -> Operator | None:
    return session.scalar(
        select(Operator)
        .join(Admission, Admission.operator_id == Operator.id)
        .where(
            Operator.id == operator_id,
            Operator.community_id == scanner.community_id,
            Operator.withdrawn_at.is_(None),
            Operator.pin_hash.is_not(None),
            Admission.device_id == scanner.device_id,
            Admission.dismissed_at.is_(None),
        )
        .with_for_update(of=Operator)
    )
