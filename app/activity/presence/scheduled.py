"""Events that are announced and held: what is kept of them until it is known who was there."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import delete, func, literal_column, select
from sqlalchemy.orm import Session

from app.activity.event_log.models import IS_VOICE, StoredEvent
from app.activity.presence.models import ScheduledEvent
from app.communities import members
from app.statements import insert_or, table_of

_event, _scheduled = table_of(StoredEvent).c, table_of(ScheduledEvent).c


class Held(NamedTuple):
    """An event that is announced, or is on since `begun_at`. One that comes again and again has
    the same id each time, and other times.
    """

    event: str
    guild: str
    channel: str | None
    begins_at: datetime
    begun_at: datetime | None = None

    @property
    def since(self) -> datetime:
        """From when on who is there is at it: it may begin before its time."""
        return min(self.begins_at, self.begun_at or self.begins_at)


def note(session: Session, community_id: int, held: Held) -> None:
    """Keeps how an event stands; that it was on is forgotten only with its time."""
    statement = insert_or(session, table_of(ScheduledEvent)).values(
        community_id=community_id, **held._asdict()
    )
    given = statement.excluded
    begun = func.coalesce(_scheduled.begun_at, given.begun_at)
    session.execute(
        statement.on_conflict_do_update(
            index_elements=["community_id", "event"],
            set_={
                "guild": given.guild,
                "channel": given.channel,
                "begins_at": given.begins_at,
                "begun_at": begun,
            },
        )
    )


def forget(session: Session, community_id: int, event: str) -> None:
    """Of an event that is over or was called off nothing is kept."""
    which = _scheduled.community_id == community_id, _scheduled.event == event
    session.execute(delete(table_of(ScheduledEvent)).where(*which))


def every(session: Session, community_id: int, guilds: Collection[str]) -> list[Held]:
    """What these guilds have announced or hold, as far as it was noted."""
    columns = [_scheduled[name] for name in Held._fields]
    rows = session.execute(
        select(*columns)
        .where(_scheduled.community_id == community_id, _scheduled.guild.in_(sorted(guilds)))
        .order_by(_scheduled.begins_at, _scheduled.event)
    )
    return [Held(*row) for row in rows]


def were_there(
    session: Session,
    community_id: int,
    source: str,
    held: Held,
    *,
    until: datetime,
    minutes: int,
) -> list[str]:
    """Who counted so many voice minutes in the event's channel while it was on, by the source's
    ids.
    """
    rows = session.scalars(
        select(_event.member_id)
        .where(
            _event.community_id == community_id,
            # As the index says it: with parameters in their place it would not be used.
            literal_column(IS_VOICE),
            _event.channel == held.channel,
            _event.at >= held.since,
            _event.at <= until,
            _event.source == source,
            _event.undone_at.is_(None),
        )
        .group_by(_event.member_id)
        .having(func.count(_event.at.distinct()) >= minutes)
    )
    names = members.identities_of(session, list(rows), source)
    return sorted(names.values())
