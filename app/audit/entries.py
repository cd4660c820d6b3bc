"""Writing an entry of the record, and reading its content back as it is hashed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import rfc8785
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.actor import Actor
from app.audit.merkle import leaf_hash
from app.audit.models import AuditEntry
from app.clock import as_text
from app.rows import RowInsert

_INSERT = RowInsert(AuditEntry)


class RecordedFact(NamedTuple):
    """An entry as it stands in the record."""

    id: UUID
    community_id: int
    kind: str
    at: datetime
    actor: Actor
    data: dict[str, Any]
    subject: str | None = None
    """What it is about: a voucher's reference."""


def write(session: Session, facts: Sequence[RecordedFact]) -> None:
    """Adds entries to the caller's transaction; their numbers come later, with the seal."""
    if not facts:
        return
    columns = dict(zip(RecordedFact._fields, zip(*facts, strict=True), strict=True))
    actors = columns["actor"]
    # Most of a batch was done by one.
    named = {number: str(actor) for number, actor in {id(each): each for each in actors}.items()}
    columns["actor"] = [named[id(actor)] for actor in actors]
    _INSERT.run_columns(session, columns)


def read(session: Session, entry_id: UUID) -> RecordedFact:
    """The fact of this id; raises `NoResultFound` where there is none."""
    row = session.execute(select(AuditEntry).where(AuditEntry.id == entry_id)).scalar_one()
    return RecordedFact(
        row.id, row.community_id, row.kind, row.at, Actor.parse(row.actor), row.data, row.subject
    )


def about(session: Session, community_id: int, subject: str) -> list[AuditEntry]:
    """All entries about one thing, as they were made, sealed or not; found by an index."""
    rows = session.scalars(
        select(AuditEntry).where(
            AuditEntry.community_id == community_id, AuditEntry.subject == subject
        )
    )
    return sorted(rows, key=lambda entry: (entry.at, entry.id))


def canonical(entry: AuditEntry) -> bytes:
    """What is hashed: RFC 8785 JSON of everything but the number, which the tree's order holds."""
    return rfc8785.dumps(content_of(entry))


def content_of(entry: AuditEntry) -> dict[str, Any]:
    """The values that are hashed."""
    return {
        "actor": entry.actor,
        "at": as_text(entry.at),
        "community": entry.community_id,
        "data": entry.data,
        "id": str(entry.id),
        "kind": entry.kind,
    }


def hash_of(entry: AuditEntry) -> bytes:
    """The entry's leaf hash."""
    return leaf_hash(canonical(entry))
