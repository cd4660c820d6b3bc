"""Who may sign in on which device, and the PINs that organisers draw for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from app import clock, journal
from app.actor import Actor
from app.installation import Installation
from app.journal import Fact
from app.refusals import Refused
from app.statements import insert_or
from kiosk.devices import permitting
from kiosk.devices.models import Admission, Device
from kiosk.operators import pins, roster
from kiosk.operators.models import Operator


class NotAdmitted(Refused):
    """The operator is not admitted to the device."""

    code = "not_admitted"
    status = 404


@dataclass(frozen=True, kw_only=True)
class OperatorAdmitted(Fact):
    """An operator may sign in on a device."""

    kind: ClassVar[str] = "operator.admitted"
    operator: str
    device: str


@dataclass(frozen=True, kw_only=True)
class OperatorDismissed(Fact):
    """An operator may not sign in on a device any more."""

    kind: ClassVar[str] = "operator.dismissed"
    operator: str
    device: str


@dataclass(frozen=True, kw_only=True)
class PinDrawn(Fact):
    """An operator got a new PIN from an organiser; the one before is worth nothing."""

    kind: ClassVar[str] = "operator.pin_drawn"
    operator: str


def admit(
    session: Session,
    community_id: int,
    operator_id: str,
    device_id: str,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Lets an operator sign in on a device; who may already, may still.

    Raises `OperatorRefused`, `UnknownDevice`.
    """
    device = permitting.find(session, community_id, device_id)
    operator = roster.find(session, community_id, operator_id)
    values = {"device_id": device.id, "operator_id": operator.id, "admitted_at": now}
    # With the device's row locked, nobody else admits them meanwhile.
    known = session.get(Admission, (device.id, operator.id), populate_existing=True)
    if known is not None and known.dismissed_at is None:
        return
    session.execute(
        insert_or(session, Admission)
        .values(**values)
        .on_conflict_do_update(
            index_elements=["device_id", "operator_id"],
            set_={"admitted_at": now, "dismissed_at": None},
        )
    )
    fact = OperatorAdmitted(operator=operator.id, device=device.id)
    journal.record(session, fact, community_id=community_id, actor=actor, now=now)


def dismiss(
    session: Session,
    community_id: int,
    operator_id: str,
    device_id: str,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Lets an operator sign in on a device no more, and signs them out there.

    Who was dismissed before stays so. Raises `NotAdmitted` for who was never admitted.
    """
    device = session.get(Device, device_id, with_for_update=True)
    known = session.get(Admission, (device_id, operator_id), with_for_update=True)
    if device is None or device.community_id != community_id or known is None:
        raise NotAdmitted(f"{operator_id} is not admitted to {device_id}.")
    if known.dismissed_at is not None:
        return
    known.dismissed_at, known.signed_in_until, known.once_until = now, None, None
    session.flush()
    fact = OperatorDismissed(operator=operator_id, device=device_id)
    journal.record(session, fact, community_id=community_id, actor=actor, now=now)


def draw_pin(
    installation: Installation, community_id: int, operator_id: str, *, actor: Actor
) -> tuple[Operator, str]:
    """Gives an operator a new PIN, and returns it for the only time; raises `OperatorRefused`.

    They are signed out everywhere, and what locked them out is lifted. Opens its own transaction:
    the PIN is hashed before it.
    """
    pin = pins.drawn()
    hashed, now = pins.hash_of(pin), clock.now()
    with installation.unit_of_work() as session:
        lift_locks(session, operator_id)
        operator = roster.find(session, community_id, operator_id)
        operator.pin_hash, operator.pin_since = hashed, operator.pin_since or now
        operator.pin_number, operator.pin_chosen = operator.pin_number + 1, False
        operator.wrong_pins, operator.pin_locked_until = 0, None
        session.flush()
        session.execute(
            update(Admission)
            .where(Admission.operator_id == operator.id)
            .values(signed_in_until=None, once_until=None)
            .execution_options(synchronize_session=False)
        )
        fact = PinDrawn(operator=operator.id)
        journal.record(session, fact, community_id=community_id, actor=actor, now=now)
    return operator, pin


def lift_locks(session: Session, operator_id: str) -> None:
    """Lets anybody sign in again on the devices that an operator is admitted to."""
    theirs = select(Device.id).where(
        Device.id.in_(
            select(Admission.device_id).where(
                Admission.operator_id == operator_id, Admission.dismissed_at.is_(None)
            )
        )
    )
    # Devices before operators, and in one order: so does who signs in.
    locked = session.scalars(theirs.order_by(Device.id).with_for_update()).all()
    session.execute(
        update(Device)
        .where(Device.id.in_(locked))
        .values(wrong_pins=0, sign_in_locked_until=None)
        .execution_options(synchronize_session=False)
    )


@dataclass(frozen=True)
class Admitted:
    """An operator who may sign in on a device."""

    operator: Operator
    device_id: str
    signed_in_until: datetime | None


def admitted(session: Session, *where: ColumnElement[bool]) -> Sequence[Admitted]:
    """Who may sign in where, of those operators and devices that stand, by the operators' names."""
    rows = session.execute(
        select(Operator, Admission.device_id, Admission.signed_in_until)
        .join(Admission, Admission.operator_id == Operator.id)
        .join(Device, Device.id == Admission.device_id)
        .where(
            Admission.dismissed_at.is_(None),
            Operator.withdrawn_at.is_(None),
            Device.revoked_at.is_(None),
            *where,
        )
        .order_by(Operator.name, Operator.id)
    )
    return [Admitted(*row) for row in rows]


def holder_of(session: Session, device_id: str, *, now: datetime) -> Admitted | None:
    """Who is signed in on a device, or None."""
    where: Any = (Admission.device_id == device_id, Admission.signed_in_until > now)
    return next(iter(admitted(session, *where)), None)
