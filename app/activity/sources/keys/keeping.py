"""Keys of sources: made, shown once, ended; and how often each may ask."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar, cast

from sqlalchemy import CursorResult, and_, case, or_, select, update
from sqlalchemy.orm import Session

from app import credentials, journal
from app.activity.sources.declared import SourceSettings
from app.activity.sources.keys.models import SourceKey
from app.actor import Actor
from app.clock import as_text
from app.installation import Installation
from app.journal import Fact
from app.programme import applying
from app.refusals import Refused
from app.statements import table_of

PREFIX = "kss_"
"""What every key begins with, so that it is known for one where it was left lying about."""
OVERLAP = timedelta(hours=24)
"""How long older keys go on unless they are revoked: nobody changes a key everywhere at once."""
REQUESTS_A_MINUTE = 600
MINUTE = timedelta(minutes=1)
_key = table_of(SourceKey).c


class UnknownSource(Refused):
    """The programme names no such source."""

    code = "unknown_source"
    status = 404


class SourceGone(Refused):
    """The key was revoked meanwhile, or the programme no longer names its source."""

    code = "source_gone"
    status = 403


class TooManyRequests(Refused):
    """The key was used too often in this minute: nothing of the request was looked at."""

    code = "too_many_requests"
    status = 429


@dataclass(frozen=True, kw_only=True)
class SourceKeyMade(Fact):
    """A source got a new key; the older ones end at `others_end`, where there are any."""

    kind: ClassVar[str] = "source.key_made"
    source: str
    key: int
    others_end: datetime | None


@dataclass(frozen=True, kw_only=True)
class SourceKeysRevoked(Fact):
    """No key of a source works any more."""

    kind: ClassVar[str] = "source.keys_revoked"
    source: str
    keys: int


@dataclass(frozen=True)
class Sender:
    """Who sends: a source, by one of its keys."""

    key_id: int
    community_id: int
    source: str


def make(
    session: Session,
    community_id: int,
    source: str,
    *,
    revoke: bool = False,
    actor: Actor,
    now: datetime,
) -> str:
    """A new key of a source, which is shown here and never again. Older ones end in 24 hours, or
    with `revoke` now. Raises `UnknownSource`.
    """
    _declared(session, community_id, source)
    end = now if revoke else now + OVERLAP
    others = end_all(session, community_id, source, at=end, now=now)
    secret = PREFIX + credentials.new_secret(32)
    row = SourceKey(
        community_id=community_id,
        source=source,
        secret_hash=credentials.hash_of(secret),
        made_at=now,
    )
    session.add(row)
    session.flush()
    fact = SourceKeyMade(source=source, key=row.id, others_end=end if others else None)
    journal.record(session, fact, community_id=community_id, actor=actor, now=now)
    return secret


def revoke_all(
    session: Session, community_id: int, source: str, *, actor: Actor, now: datetime
) -> int:
    """Lets no key of a source work any more, also of one that the programme no longer names;
    returns how many worked. Raises `UnknownSource` for one that never had a key either.
    """
    if not _had_keys(session, community_id, source):
        _declared(session, community_id, source)
    ended = end_all(session, community_id, source, at=now, now=now)
    if ended:
        fact = SourceKeysRevoked(source=source, keys=ended)
        journal.record(session, fact, community_id=community_id, actor=actor, now=now)
    return ended


def end_all(
    session: Session, community_id: int, source: str, *, at: datetime, now: datetime
) -> int:
    """Lets the keys of a source that work end by a moment; returns how many worked."""
    ended = session.connection().execute(
        update(table_of(SourceKey))
        .where(_key.community_id == community_id, _key.source == source)
        .where(or_(_key.ends_at.is_(None), _key.ends_at > now))
        .values(ends_at=case((_key.ends_at < at, _key.ends_at), else_=at))
    )
    return cast(CursorResult[Any], ended).rowcount


def sender_of(owner: Installation, secret: str, *, now: datetime) -> Sender | None:
    """Whose key this is, or None."""
    if not secret.startswith(PREFIX):
        return None
    which = _key.secret_hash == credentials.hash_of(secret)
    columns = _key.id, _key.community_id, _key.source, _key.ends_at
    with owner.glance() as reads:
        row = reads.execute(select(*columns).where(which)).one_or_none()
    if row is None or (row.ends_at is not None and row.ends_at <= now):
        return None
    return Sender(row.id, row.community_id, row.source)


def admit(session: Session, sender: Sender, *, now: datetime) -> SourceSettings:
    """Counts a request of a source in the caller's transaction, and returns what it may send.

    Raises `SourceGone` and `TooManyRequests`.
    """
    is_same_minute = and_(_key.counted_from > now - MINUTE, _key.counted_from <= now)
    counted = session.connection().execute(
        update(table_of(SourceKey))
        .where(_key.id == sender.key_id, or_(_key.ends_at.is_(None), _key.ends_at > now))
        .values(
            requests=case((is_same_minute, _key.requests + 1), else_=1),
            counted_from=case((is_same_minute, _key.counted_from), else_=now),
        )
        .returning(_key.requests, _key.counted_from)
    )
    row = counted.one_or_none()
    if row is None:
        raise SourceGone("This key was revoked.")
    if row.requests > REQUESTS_A_MINUTE:
        again = row.counted_from + MINUTE
        raise TooManyRequests(
            f"This key was used more than {REQUESTS_A_MINUTE} times in a minute: "
            "send several events in one request.",
            again_at=as_text(again),
        )
    settings: dict[str, SourceSettings] = applying.current(session, sender.community_id)["sources"]
    if sender.source not in settings:
        raise SourceGone(f"The programme no longer names the source {sender.source}.")
    return settings[sender.source]


def keys_of(session: Session, community_id: int, *, now: datetime) -> dict[str, int]:
    """How many keys work, by source."""
    rows = session.execute(
        select(_key.source).where(
            _key.community_id == community_id, or_(_key.ends_at.is_(None), _key.ends_at > now)
        )
    ).all()
    return {row.source: sum(one.source == row.source for one in rows) for row in rows}


def _had_keys(session: Session, community_id: int, source: str) -> bool:
    which = _key.community_id == community_id, _key.source == source
    return session.execute(select(_key.id).where(*which).limit(1)).first() is not None


def _declared(session: Session, community_id: int, source: str) -> SourceSettings:
    sources: dict[str, SourceSettings] = applying.current(session, community_id)["sources"]
    if source not in sources:
        known = ", ".join(sorted(sources)) or "none"
        raise UnknownSource(f"The programme names no source {source}; known are: {known}.")
    return sources[source]
