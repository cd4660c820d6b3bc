"""The one door for facts: what has happened goes through `record()`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, ClassVar, NamedTuple, cast
from uuid import UUID

import uuid_utils.compat
from sqlalchemy.orm import Session

from app.actor import Actor
from app.audit import entries, remarks
from app.audit.entries import RecordedFact
from app.clock import as_text
from app.jobs import queue
from app.plugins import Plugins

__all__ = ["Fact", "RecordedFact", "Told", "read", "record", "record_all", "remark", "remark_text"]


@dataclass(frozen=True, kw_only=True)
class Fact:
    """Something that has happened, told in plain values: text, numbers, moments, ids.

    Free text that people wrote, and a voucher's code, never stand in a fact.
    """

    kind: ClassVar[str]

    @property
    def found_by(self) -> str | None:
        """What its entry is found by: the reference of the voucher that it is about."""
        return getattr(self, "voucher", None)

    def content(self) -> dict[str, Any]:
        """The fact's fields as JSON values."""
        return {name: _plain(value) for name, value in vars(self).items()}


class Told(NamedTuple):
    """A fact with who did it, where and when."""

    fact: Fact
    community_id: int
    actor: Actor
    at: datetime


def record(session: Session, fact: Fact, *, community_id: int, actor: Actor, now: datetime) -> UUID:
    """As `record_all()`, for one fact; returns its entry's id."""
    told = Told(fact=fact, community_id=community_id, actor=actor, at=now)
    return record_all(session, [told])[0]


def record_all(session: Session, told: Sequence[Told]) -> list[UUID]:
    """Writes each fact's audit entry and one job for each follower of its kind, in the caller's
    transaction; returns the entries' ids. What is rolled back is followed by nobody.
    """
    facts = [
        RecordedFact(
            uuid_utils.compat.uuid7(),
            one.community_id,
            one.fact.kind,
            one.at,
            one.actor,
            one.fact.content(),
            one.fact.found_by,
        )
        for one in told
    ]
    entries.write(session, facts)
    followers = cast(Plugins, session.info["plugins"]).followers
    queue.enqueue_all(
        session,
        [
            # Due at once even where the fact itself is told of the past, as an import's are.
            queue.NewJob(
                follower.job,
                follower.lane,
                {"entry": str(fact.id)},
                run_at=fact.at,
                community_id=fact.community_id,
            )
            for fact in facts
            for follower in followers.get(fact.kind, ())
        ],
    )
    return [fact.id for fact in facts]


def remark(session: Session, community_id: int, text: str, *, now: datetime) -> str:
    """Keeps what somebody wrote where it can be erased; returns what a fact may say of it."""
    return remarks.keep(session, community_id, text, now=now)


def remark_text(session: Session, digest: str) -> str | None:
    """What somebody wrote, by what a fact says of it; None where it was erased."""
    return remarks.text_of(session, digest)


def read(session: Session, payload: dict[str, Any]) -> RecordedFact:
    """The fact that a follower's job is about."""
    return entries.read(session, UUID(payload["entry"]))


def _plain(value: Any) -> Any:
    if type(value) in (str, int):
        return value
    if isinstance(value, datetime):
        return as_text(value)
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, Enum):
        return value.value
    return value
