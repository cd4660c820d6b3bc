"""How far a source's events have come in, and what is being brought in just now."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import case, select, update
from sqlalchemy.orm import Session

from app import clock
from app.activity.sources.models import IntakeRun, Source
from app.installation import Installation
from app.statements import insert_or, table_of

ALIVE_FOR = timedelta(minutes=5)
"""A run that has said nothing for so long has died."""


def heard(
    session: Session, community_id: int, source: str, newest: datetime, *, now: datetime
) -> None:
    """That events of a source came in, of which the newest is of that time."""
    columns = table_of(Source).c
    statement = insert_or(session, table_of(Source)).values(
        community_id=community_id, source=source, newest_at=newest, heard_at=now
    )
    given = statement.excluded
    later = case((given.newest_at > columns.newest_at, given.newest_at), else_=columns.newest_at)
    session.connection().execute(
        statement.on_conflict_do_update(
            index_elements=["community_id", "source"],
            set_={"newest_at": later, "heard_at": given.heard_at},
        )
    )


def heard_at(session: Session, community_id: int) -> dict[str, datetime]:
    """When something last came in, by source."""
    rows = session.execute(
        select(Source.source, Source.heard_at).where(Source.community_id == community_id)
    )
    return {row.source: row.heard_at for row in rows}


class Run:
    """A replay, import or read-back; it holds open the windows that it can touch."""

    def __init__(self, installation: Installation, run_id: int):
        self._installation, self.id = installation, run_id

    def goes_on(self, session: Session, *, now: datetime) -> None:
        """Says that it is alive, in the caller's transaction."""
        session.connection().execute(
            update(table_of(IntakeRun))
            .where(table_of(IntakeRun).c.id == self.id)
            .values(alive_until=now + ALIVE_FOR)
        )

    def end(self) -> None:
        """It is done, or was given up: it brings nothing more."""
        with self._installation.unit_of_work() as session:
            session.get_one(IntakeRun, self.id).ended_at = clock.now()


@contextmanager
def running(
    installation: Installation,
    community_id: int,
    source: str,
    what: str,
    *,
    earliest: datetime | None = None,
) -> Iterator[Run]:
    """While it lasts no window that can be touched from `earliest` on becomes final."""
    now = clock.now()
    with installation.unit_of_work() as session:
        row = IntakeRun(
            community_id=community_id,
            source=source,
            what=what,
            earliest_at=earliest,
            started_at=now,
            alive_until=now + ALIVE_FOR,
        )
        session.add(row)
        session.flush()
        run = Run(installation, row.id)
    try:
        yield run
    finally:
        run.end()


def held_from(session: Session, community_id: int, *, now: datetime) -> datetime | None:
    """From when on windows are held open by what is running; None where nothing runs."""
    columns = table_of(IntakeRun).c
    rows = session.execute(
        select(columns.earliest_at).where(
            columns.community_id == community_id,
            columns.ended_at.is_(None),
            columns.alive_until > now,
        )
    ).all()
    if not rows:
        return None
    return min((row.earliest_at or datetime.min.replace(tzinfo=now.tzinfo)) for row in rows)
