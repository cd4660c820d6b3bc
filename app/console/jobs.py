"""The panel of due work: what waits, what fails and is tried again, and what was given up."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, func, or_, select, text
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
    for kind, count, failing, error in session.execute(_by_kind(ours, DUE)):
        kinds[kind] = Work(kind, count - failing, failing, last_error=error)
    for kind, count, _, error in session.execute(_by_kind(ours, GIVEN_UP)):
        work = kinds.setdefault(kind, Work(kind))
        # Nothing will mend it by itself, so its error is the one to tell.
        work.given_up, work.last_error = count, error
    works = sorted(kinds.values(), key=lambda work: (-work.given_up, -work.failing, work.kind))
    return {
        "works": works,
        "waiting": sum(work.waiting for work in works),
        "failing": sum(work.failing for work in works),
        "given_up": sum(work.given_up for work in works),
    }


def _by_kind(ours: ColumnElement[bool], state: TextClause) -> Any:
    """(kind, jobs, those that failed before, the newest error) of each kind, in one pass."""
    newest_error = (Job.last_error.is_(None), Job.run_at.desc())
    each = (
        select(
            Job.kind,
            func.count().over(partition_by=Job.kind).label("jobs"),
            func.sum(case((Job.last_error.is_not(None), 1), else_=0))
            .over(partition_by=Job.kind)
            .label("failing"),
            Job.last_error,
            func.row_number().over(partition_by=Job.kind, order_by=newest_error).label("place"),
        )
        .where(ours, state)
        .subquery()
    )
    columns = (each.c.kind, each.c.jobs, each.c.failing, each.c.last_error)
    return select(*columns).where(each.c.place == 1)


JOBS = Panel("jobs", "Work to do", 50, "organiser/panels/jobs.html", content)
