"""The keys of sources one by one: which work, when each was last used, and revoking one."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from app import journal
from app.activity.sources.keys.models import SourceKey
from app.actor import Actor
from app.journal import Fact
from app.refusals import Refused
from app.statements import table_of

_key = table_of(SourceKey).c


@dataclass(frozen=True, kw_only=True)
class SourceKeyRevoked(Fact):
    """One key of a source works no more."""

    kind: ClassVar[str] = "source.key_revoked"
    source: str
    key: int


class UnknownKey(Refused):
    """There is no such key, or it works no more."""

    code = "unknown_key"
    status = 404


@dataclass(frozen=True)
class WorkingKey:
    """A key that works."""

    id: int
    made_at: datetime
    ends_at: datetime | None
    """By when it ends; None while it stands."""
    used_at: datetime | None
    """When it was last used, to the minute; None where it never was."""


def working(session: Session, community_id: int, *, now: datetime) -> dict[str, list[WorkingKey]]:
    """The keys that work, by source, the newest first."""
    rows = session.scalars(
        select(SourceKey)
        .where(SourceKey.community_id == community_id)
        .where(or_(SourceKey.ends_at.is_(None), SourceKey.ends_at > now))
        .order_by(SourceKey.source, SourceKey.id.desc())
    )
    found: defaultdict[str, list[WorkingKey]] = defaultdict(list)
    for row in rows:
        found[row.source].append(WorkingKey(row.id, row.made_at, row.ends_at, row.counted_from))
    return dict(found)


def revoke(
    session: Session, community_id: int, key_id: int, *, actor: Actor, now: datetime
) -> None:
    """Lets one key work no more; raises `UnknownKey`."""
    revoked = session.connection().execute(
        update(table_of(SourceKey))
        .where(_key.community_id == community_id, _key.id == key_id)
        .where(or_(_key.ends_at.is_(None), _key.ends_at > now))
        .values(ends_at=now)
        .returning(_key.source)
    )
    row = revoked.one_or_none()
    if row is None:
        raise UnknownKey("There is no such key, or it works no more.")
    fact = SourceKeyRevoked(source=row.source, key=key_id)
    journal.record(session, fact, community_id=community_id, actor=actor, now=now)
