"""Deleting links and sessions that nobody can use any more."""

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.orm import Session

from app import clock
from app.access.doors import MEMBERS, ORGANISERS
from app.installation import Installation
from app.plugins import Tick

KEPT = timedelta(days=30)
"""How long it can still be looked up when a link was used, or a session ended."""
AT_ONCE = 500
"""Rows in one transaction: on SQLite nobody else writes meanwhile."""


def prune(installation: Installation) -> int:
    """Deletes all that ended more than 30 days ago, in batches; returns how many rows."""
    deleted = 0
    for door in (ORGANISERS, MEMBERS):
        for model, ended in ((door.links, "used_at"), (door.sessions, "ended_at")):
            while batch := _prune_some(installation, model, ended):
                deleted += batch
    return deleted


def _prune_some(installation: Installation, model: type[Any], ended: str) -> int:
    before = clock.now() - KEPT
    is_over = or_(getattr(model, ended) <= before, model.expires_at <= before)
    with installation.reading() as session:
        if session.scalar(select(model.secret_hash).where(is_over).limit(1)) is None:
            return 0
    with installation.unit_of_work() as session:
        return _delete_some(session, model, is_over)


def _delete_some(session: Session, model: type[Any], is_over: ColumnElement[bool]) -> int:
    over = select(model.secret_hash).where(is_over).limit(AT_ONCE)
    found = session.scalars(over.with_for_update(skip_locked=True)).all()
    session.execute(delete(model).where(model.secret_hash.in_(found)))
    return len(found)


TICK = Tick("access.prune", 3600.0, prune)
