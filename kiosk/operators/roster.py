"""Who works at the desks: adding, withdrawing and finding operators."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import Row, Select, and_, bindparam, select
from sqlalchemy.orm import Session

from app import journal
from app.actor import Actor
from app.journal import Fact
from app.refusals import Refused
from app.statements import table_of
from kiosk.devices.models import Admission
from kiosk.operators.models import Operator
from voucher.scans import scanners
from voucher.scans.scanners import STEWARD, SUPERVISOR, OperatorKey

LONGEST_NAME = 60
LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"


class OperatorRefused(Refused):
    """There is no such operator, or they were withdrawn."""

    code = "operator_refused"
    status = 404


class NameUnreadable(Refused):
    """The name says nothing, or cannot be seen."""

    code = "name_unreadable"


class UnknownRole(Refused):
    """There is no such role."""

    code = "unknown_role"


@dataclass(frozen=True, kw_only=True)
class OperatorAdded(Fact):
    """Somebody may be named as who holds a device; who it is lies in the operators' table."""

    kind: ClassVar[str] = "operator.added"
    operator: str
    role: str


@dataclass(frozen=True, kw_only=True)
class OperatorRoleSet(Fact):
    """An operator may do more, or less, from now on."""

    kind: ClassVar[str] = "operator.role_set"
    operator: str
    role: str


@dataclass(frozen=True, kw_only=True)
class OperatorWithdrawn(Fact):
    """An operator is not named any more."""

    kind: ClassVar[str] = "operator.withdrawn"
    operator: str


def add(
    session: Session, community_id: int, name: str, role: str, *, actor: Actor, now: datetime
) -> Operator:
    """Adds an operator, in the caller's transaction."""
    operator = Operator(
        id="op_" + "".join(secrets.choice(LETTERS) for _ in range(8)),
        community_id=community_id,
        name=name,
        role=role,
        created_at=now,
    )
    session.add(operator)
    session.flush()
    fact = OperatorAdded(operator=operator.id, role=role)
    journal.record(session, fact, community_id=community_id, actor=actor, now=now)
    return operator


def withdraw(
    session: Session, community_id: int, operator_id: str, *, actor: Actor, now: datetime
) -> Operator:
    """Withdraws an operator; one who was before stays so. Raises `OperatorRefused`."""
    operator = session.get(Operator, operator_id)
    if operator is None or operator.community_id != community_id:
        raise OperatorRefused(f"There is no operator {operator_id}.")
    if operator.withdrawn_at is None:
        operator.withdrawn_at = now
        session.flush()
        fact = OperatorWithdrawn(operator=operator.id)
        journal.record(session, fact, community_id=community_id, actor=actor, now=now)
    return operator


def roster(session: Session, community_id: int) -> list[Operator]:
    """The operators of a community that stand, by name."""
    rows = select(Operator).where(
        Operator.community_id == community_id, Operator.withdrawn_at.is_(None)
    )
    return list(session.scalars(rows.order_by(Operator.name, Operator.id)))


def set_role(
    session: Session, community_id: int, operator_id: str, role: str, *, actor: Actor, now: datetime
) -> Operator:
    """Gives an operator another role; raises `OperatorRefused`, `UnknownRole`."""
    operator, role = find(session, community_id, operator_id), read_role(role)
    if operator.role != role:
        operator.role = role
        session.flush()
        fact = OperatorRoleSet(operator=operator.id, role=role)
        journal.record(session, fact, community_id=community_id, actor=actor, now=now)
    return operator


def find(session: Session, community_id: int, operator_id: str) -> Operator:
    """An operator who stands, their row locked; raises `OperatorRefused`."""
    operator = session.get(Operator, operator_id, with_for_update=True)
    if operator is None or operator.community_id != community_id:
        raise OperatorRefused(f"There is no operator {operator_id}.")
    if operator.withdrawn_at is not None:
        raise OperatorRefused(f"{operator.name} was withdrawn.")
    return operator


def read_role(text: str) -> str:
    """A role; raises `UnknownRole`."""
    if text not in (STEWARD, SUPERVISOR):
        raise UnknownRole(f"An operator is {STEWARD} or {SUPERVISOR}.", key="role")
    return text


def read_name(text: str) -> str:
    """What somebody is called, without the spaces around it; raises `NameUnreadable`."""
    name = text.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise NameUnreadable(f"A name has 1 to {LONGEST_NAME} characters that can be seen.")
    return name


_operator, _admission = table_of(Operator).c, table_of(Admission).c
_KNOWN: Select[Any] = (
    select(
        _operator.community_id,
        _operator.id,
        _operator.name,
        _operator.role,
        _operator.withdrawn_at,
        _operator.pin_since,
        _admission.device_id,
        _admission.signed_in_until,
        _admission.once_until,
    )
    .outerjoin(
        table_of(Admission),
        and_(
            _admission.operator_id == _operator.id,
            _admission.device_id.in_(bindparam("devices", expanding=True)),
        ),
    )
    .where(_operator.id.in_(bindparam("operators", expanding=True)))
)


def known(session: Session, named: Collection[OperatorKey]) -> dict[OperatorKey, scanners.Operator]:
    """Those of these operators who are known, withdrawn ones as well; others are missing."""
    asked = {
        "operators": list({operator_id for _, operator_id, _ in named}),
        "devices": list({device_id for _, _, device_id in named}),
    }
    rows = session.execute(_KNOWN, asked).all()
    someone = {(row.community_id, row.id): row for row in rows}
    there = {(row.community_id, row.id, row.device_id): row for row in rows}
    return {key: _told(there.get(key), someone[key[:2]]) for key in named if key[:2] in someone}


def _told(there: Row[Any] | None, row: Row[Any]) -> scanners.Operator:
    return scanners.Operator(
        row.id,
        row.name,
        row.role,
        withdrawn=row.withdrawn_at is not None,
        pin_since=row.pin_since,
        admitted=there is not None,
        signed_in_until=there.signed_in_until if there is not None else None,
        once_until=there.once_until if there is not None else None,
    )
