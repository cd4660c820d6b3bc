"""The panel of due work: what waits, what fails and is tried again, and what was given up."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, text
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import TextClause

from app.console.panels import Panel
from app.jobs.models import Job

# Written as text, as in `app.jobs.models`: else SQLite passes its partial indexes by.
DUE, GIVEN_UP = text("job.state = 'due'"), text("job.state = 'given_up'")


@dataclass
class Work:
    """The unfinished jobs of one kind."""

    kind: str
    waiting: int = 0
    failing: int = 0
    given_up: int = 0
    last_error: str | None = None


def content(session: Session, community_id: int, now: datetime) -> dict[str, Any]:
    """Unfinished work by kind, with each kind's last error, and the sums."""
    # Jobs of no community are the whole installation's, and so everybody's trouble.
    ours = or_(Job.community_id == community_id, Job.community_id.is_(None))
    kinds: dict[str, Work] = {}
    for kind, count, failing in session.execute(_counted(ours, DUE)):
        kinds[kind] = Work(kind, waiting=count - failing, failing=failing)
    for kind, count, _ in session.execute(_counted(ours, GIVEN_UP)):
        kinds.setdefault(kind, Work(kind)).given_up = count
    _add_errors(session, ours, kinds)
    works = sorted(kinds.values(), key=lambda work: (-work.given_up, -work.failing, work.kind))
    return {
        "works": works,
        "waiting": sum(work.waiting for work in works),
        "failing": sum(work.failing for work in works),
        "given_up": sum(work.given_up for work in works),
    }


def _counted(ours: ColumnElement[bool], state: TextClause) -> Any:
    failing = func.count().filter(Job.attempts > 0)
    return select(Job.kind, func.count(), failing).where(ours, state).group_by(Job.kind)


def _add_errors(session: Session, ours: ColumnElement[bool], kinds: dict[str, Work]) -> None:
    # What was given up is told of first: nothing will mend it by itself.
    if any(work.failing for work in kinds.values()):
        _add_last(session, ours, DUE, kinds)
    if any(work.given_up for work in kinds.values()):
        _add_last(session, ours, GIVEN_UP, kinds)


def _add_last(
    session: Session, ours: ColumnElement[bool], state: TextClause, kinds: dict[str, Work]
) -> None:
    newest_first = func.row_number().over(partition_by=Job.kind, order_by=Job.run_at.desc())
    errors = (
        select(Job.kind, Job.last_error, newest_first.label("place"))
        .where(ours, state, Job.last_error.is_not(None))
        .subquery()
    )
    for kind, error, _ in session.execute(select(errors).where(errors.c.place == 1)):
        kinds[kind].last_error = error


JOBS = Panel("jobs", "Work to do", 50, "organiser/panels/jobs.html", content)
