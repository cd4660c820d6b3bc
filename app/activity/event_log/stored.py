"""Events as they are stored: written with their batch, read back in the one order."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, and_, func, literal_column, or_, select
from sqlalchemy.orm import Session

from app.activity.event_log.models import IS_REACTION, StoredEvent
from app.activity.event_log.taken import Taken, taken_from
from app.activity.events import ActivityEvent
from app.activity.formats import discord_events
from app.rows import RowInsert
from app.statements import among, begins_with, table_of

_INSERT = RowInsert(StoredEvent)
_TOLD = "kind", "channel", "thread", "at", "amount", "length", "fingerprint", "other", "weight"
"""What of an event is stored as it is told."""
_BY_ITSELF = {"weight": 1}
"""What a column has that is left out, where it is not None: most sources tell little, and each
column of a batch takes its time.
"""
AT_ONCE = 5000
"""So many are read at a time."""
_stored = table_of(StoredEvent).c
_EVENTS = select(
    _stored.member_id,
    _stored.source,
    _stored.event_id,
    _stored.kind,
    _stored.channel,
    _stored.thread,
    _stored.at,
    _stored.amount,
    _stored.length,
    _stored.fingerprint,
    _stored.other,
    _stored.weight,
)


def insert(session: Session, community_id: int, source: str, new: Sequence[Taken]) -> None:
    """Stores new events of one source; at least one."""
    columns: dict[str, Sequence[Any]] = {
        "community_id": [community_id] * len(new),
        "source": [source] * len(new),
        "member_id": [one.member_id for one in new],
        "event_id": [one.key.id for one in new],
    }
    told = dict(
        zip(ActivityEvent._fields, zip(*(one.event for one in new), strict=True), strict=True)
    )
    for name in _TOLD:
        if told[name].count(_BY_ITSELF.get(name)) < len(new):
            columns[name] = told[name]
    _INSERT.run_columns(session, columns)


def known(session: Session, community_id: int, source: str, event_ids: Collection[str]) -> set[str]:
    """Which of these ids of a source are stored, also those that were taken back."""
    return set(
        session.scalars(
            select(_stored.event_id).where(
                _stored.community_id == community_id,
                _stored.source == source,
                among(session, _stored.event_id, event_ids),
            )
        )
    )


def named(
    session: Session, community_id: int, source: str, event_ids: Collection[str]
) -> list[Taken]:
    """The events of these ids of a source that were not taken back, in order."""
    which = _stored.source == source, among(session, _stored.event_id, event_ids)
    return _read(session, community_id, *which)


def reactions_to(
    session: Session, community_id: int, source: str, message_id: str, emoji: str | None = None
) -> list[str]:
    """The ids of all reactions to a message, given and received, or of those with one emoji."""
    prefix = discord_events.reactions_begin(message_id, emoji)
    return list(
        session.scalars(
            select(_stored.event_id).where(
                _stored.community_id == community_id,
                _stored.source == source,
                # As the index says it: with parameters in their place it would not be used.
                literal_column(IS_REACTION),
                begins_with(session, _stored.event_id, prefix),
            )
        )
    )


def pages(
    session: Session,
    community_id: int,
    member_ids: Iterable[int],
    *,
    kinds: Iterable[str],
    since: datetime | None = None,
    at_once: int = AT_ONCE,
) -> Iterator[list[Taken]]:
    """What is stored of these members and kinds from a moment on and was not taken back, in order
    and so much at a time: what was read may be written about before one reads on.
    """
    who = among(session, _stored.member_id, sorted(member_ids))
    which = [who, _stored.kind.in_(sorted(kinds))]
    if since is not None:
        which.append(_stored.at >= since)
    later: list[ColumnElement[bool]] = []
    while page := _read(session, community_id, *which, *later, most=at_once):
        yield page
        if len(page) < at_once:
            return
        later = [_behind(session, page[-1])]


def in_order(
    session: Session, community_id: int, *, since: datetime | None = None
) -> Iterator[Taken]:
    """Everything of a community from a moment on that was not taken back, in order, read as it is
    needed.
    """
    later = [] if since is None else [_stored.at >= since]
    rows = (
        session.connection()
        .execution_options(yield_per=AT_ONCE)
        .execute(
            _EVENTS.where(
                _stored.community_id == community_id, _stored.undone_at.is_(None), *later
            ).order_by(*_order(session))
        )
    )
    for row in rows:
        yield _taken(row)


def first_at(session: Session, community_id: int) -> datetime | None:
    """When the first event of a community was."""
    earliest = func.min(_stored.at, type_=_stored.at.type)
    found: datetime | None = session.scalar(
        select(earliest).where(_stored.community_id == community_id)
    )
    return found


def sources(session: Session, community_id: int) -> list[str]:
    """The sources that events of a community came from."""
    found = select(_stored.source).where(_stored.community_id == community_id).distinct()
    return sorted(session.scalars(found))


def last_of(session: Session, community_id: int, member_id: int, most: int) -> list[Taken]:
    """A member's last events that were not taken back, in order."""
    rows = session.connection().execute(
        _EVENTS.where(
            _stored.community_id == community_id,
            _stored.undone_at.is_(None),
            _stored.member_id == member_id,
        )
        .order_by(*(column.desc() for column in _order(session)))
        .limit(most)
    )
    return [_taken(row) for row in rows][::-1]


def _order(session: Session) -> Sequence[ColumnElement[Any]]:
    """By time, source and id; texts by their letters' numbers, as `Key` does, in whatever way a
    server of another language sorts them.
    """
    return _stored.at, _plain(session, _stored.source), _plain(session, _stored.event_id)


def _plain(session: Session, column: Any) -> ColumnElement[str]:
    is_server = session.get_bind().dialect.name == "postgresql"
    return cast(ColumnElement[str], column.collate("C") if is_server else column)


def _behind(session: Session, one: Taken) -> ColumnElement[bool]:
    """The condition for what comes after one in the order."""
    at, source, event_id = _order(session)
    same_source = and_(source == one.key.source, event_id > one.key.id)
    same_time = and_(at == one.event.at, or_(source > one.key.source, same_source))
    # The first says the same again, in the index's words.
    return and_(at >= one.event.at, or_(at > one.event.at, same_time))


def _read(
    session: Session, community_id: int, *which: ColumnElement[bool], most: int | None = None
) -> list[Taken]:
    rows = session.connection().execute(
        _EVENTS.where(_stored.community_id == community_id, _stored.undone_at.is_(None), *which)
        .order_by(*_order(session))
        .limit(most)
    )
    return [_taken(row) for row in rows]


def _taken(row: Any) -> Taken:
    event = ActivityEvent(
        id=row.event_id,
        kind=row.kind,
        # Who it was is the member by now.
        member="",
        at=row.at,
        channel=row.channel,
        thread=row.thread,
        amount=row.amount,
        length=row.length,
        fingerprint=row.fingerprint,
        other=row.other,
        weight=row.weight,
    )
    return taken_from(row.member_id, row.source, event)
