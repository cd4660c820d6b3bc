"""The one door for facts: what has happened goes through `record()`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, ClassVar, NamedTuple, cast
from uuid import UUID

import uuid_utils
from sqlalchemy.orm import Session

from app.actor import Actor
from app.audit import entries, remarks
from app.audit.entries import RecordedFact
from app.clock import as_text
from app.jobs import queue
from app.plugins import Plugins

__all__ = [
    "Fact",
    "RecordedFact",
    "Told",
    "erase_remarks",
    "read",
    "record",
    "record_all",
    "record_each",
    "remark",
    "remark_text",
]


PLAIN = (str, int)
"""What most of a fact's fields are, and what needs no words."""


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
        return {
            name: value if type(value) in PLAIN else _plain(value)
            for name, value in vars(self).items()
        }


class Told(NamedTuple):
    """A fact with who did it, where and when."""

    fact: Fact
    community_id: int
    actor: Actor
    at: datetime


def record(session: Session, fact: Fact, *, community_id: int, actor: Actor, now: datetime) -> UUID:
    """As `record_each()`, for one fact."""
    return record_each(session, [Told(fact, community_id, actor, now)])[0]


def record_each(session: Session, told: Sequence[Told]) -> list[UUID]:
    """As `record_all()`; returns the entries' ids."""
    return [UUID(int=number.int) for number in _write(session, told)]


def record_all(session: Session, told: Sequence[Told]) -> None:
    """Writes each fact's audit entry and one job for each follower of its kind, in the caller's
    transaction. What is rolled back is followed by nobody.
    """
    _write(session, told)


def _write(session: Session, told: Sequence[Told]) -> list[uuid_utils.UUID]:
    # To make the standard library's takes as long as to insert it; the database takes both.
    ids = [uuid_utils.uuid7() for _ in told]
    entries.write(
        session,
        [
            RecordedFact(
                cast(UUID, number),
                one.community_id,
                one.fact.kind,
                one.at,
                one.actor,
                one.fact.content(),
                one.fact.found_by,
            )
            for number, one in zip(ids, told, strict=True)
        ],
    )
    followers = cast(Plugins, session.info["plugins"]).followers
    queue.enqueue_all(
        session,
        [
            # Due at once even where the fact itself is told of the past, as an import's are.
            queue.NewJob(
                follower.job, follower.lane, {"entry": str(number)}, one.at, one.community_id
            )
            for number, one in zip(ids, told, strict=True)
            for follower in followers.get(one.fact.kind, ())
        ],
    )
    return ids


def remark(session: Session, community_id: int, text: str, *, now: datetime) -> str:
    """Keeps what somebody wrote where it can be erased; returns what a fact may say of it."""
    return remarks.keep(session, community_id, text, now=now)


def remark_text(session: Session, digest: str) -> str | None:
    """What somebody wrote, by what a fact says of it; None where it was erased."""
    return remarks.text_of(session, digest)


def erase_remarks(session: Session, community_id: int, subjects: Iterable[str]) -> None:
    """Erases what people wrote in entries about these things; the entries stay as they are."""
    digests = {
        one.data["reason"]
        for subject in subjects
        for one in entries.about(session, community_id, subject)
        if one.data.get("reason")
    }
    remarks.erase(session, digests)


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
