"""The one door for facts: what has happened goes through `record()`."""

from dataclasses import dataclass, fields
from datetime import datetime
from enum import Enum
from typing import Any, ClassVar, cast
from uuid import UUID

from sqlalchemy.orm import Session

from app.actor import Actor
from app.audit import entries
from app.audit.entries import RecordedFact
from app.clock import as_text
from app.jobs import queue
from app.plugins import Plugins

__all__ = ["Fact", "RecordedFact", "read", "record"]


@dataclass(frozen=True, kw_only=True)
class Fact:
    """Something that has happened, told in plain values: text, numbers, moments, ids.

    Free text that people wrote, and a voucher's code, never stand in a fact.
    """

    kind: ClassVar[str]

    def content(self) -> dict[str, Any]:
        """The fact's fields as JSON values."""
        return {field.name: _plain(getattr(self, field.name)) for field in fields(self)}


def record(session: Session, fact: Fact, *, community_id: int, actor: Actor, now: datetime) -> UUID:
    """Writes the fact's audit entry and one job for each follower of its kind, in the caller's
    transaction; returns the entry's id. What is rolled back is followed by nobody.
    """
    entry_id = entries.write(
        session,
        community_id=community_id,
        kind=fact.kind,
        data=fact.content(),
        actor=actor,
        at=now,
    )
    followers = cast(Plugins, session.info["plugins"]).followers.get(fact.kind, ())
    queue.enqueue_followers(
        session,
        [(follower.job, follower.lane) for follower in followers],
        {"entry": str(entry_id)},
        # Due at once even where the fact itself is told of the past, as an import's are.
        now=now,
        community_id=community_id,
    )
    return entry_id


def read(session: Session, payload: dict[str, Any]) -> RecordedFact:
    """The fact that a follower's job is about."""
    return entries.read(session, UUID(payload["entry"]))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return as_text(value)
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, Enum):
        return value.value
    return value
