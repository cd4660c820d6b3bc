"""Who works at the desks: adding, withdrawing and finding operators."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import journal
from app.actor import Actor
from app.journal import Fact
from app.refusals import Refused
from kiosk.operators.models import Operator
from voucher.scans import scanners
from voucher.scans.scanners import OperatorKey

LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"


class OperatorRefused(Refused):
    """There is no such operator, or the name says nothing."""

    code = "operator_refused"
    status = 404


@dataclass(frozen=True, kw_only=True)
class OperatorAdded(Fact):
    """Somebody may be named as who holds a device; who it is lies in the operators' table."""

    kind: ClassVar[str] = "operator.added"
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


def known(session: Session, named: Collection[OperatorKey]) -> dict[OperatorKey, scanners.Operator]:
    """Those of these operators who are known, withdrawn ones as well; others are missing."""
    rows = session.execute(
        select(
            Operator.community_id, Operator.id, Operator.name, Operator.role, Operator.withdrawn_at
        ).where(Operator.id.in_([operator_id for _, operator_id in named]))
    )
    return {
        (row.community_id, row.id): scanners.Operator(
            row.id, row.name, row.role, row.withdrawn_at is not None
        )
        for row in rows
        if (row.community_id, row.id) in named
    }
