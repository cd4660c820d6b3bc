"""Enqueueing, claiming and finishing jobs.

Enqueueing happens in the caller's transaction, exactly once; doing happens at least once.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple, cast
from uuid import UUID

import uuid_utils.compat
from sqlalchemy import CursorResult, Select, delete, or_, select, text, update
from sqlalchemy.orm import Session, aliased

from app.jobs.models import DONE, DUE, GIVEN_UP, Job
from app.rows import RowInsert
from app.statements import insert_or

LEASE = timedelta(seconds=60)
MOST_ATTEMPTS = 12
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=2), timedelta(hours=1)

_due = text("job.state = 'due'")
_INSERT = RowInsert(Job)


@dataclass(frozen=True)
class ClaimedJob:
    """A job under a lease of ours."""

    id: UUID
    kind: str
    community_id: int | None
    payload: dict[str, Any]
    attempts: int
    lease_id: UUID


class NewJob(NamedTuple):
    """A job to be added, that stands for nothing but its payload."""

    kind: str
    lane: str
    payload: dict[str, Any]
    run_at: datetime
    community_id: int | None


class TryAgain(Exception):
    """Raised by a handler that could not do its work now: the sentence is kept, `after` obeyed."""

    def __init__(self, sentence: str, *, after: timedelta | None = None):
        super().__init__(sentence)
        self.after = after


class GiveUp(Exception):
    """Raised by a handler whose work can never be done; the sentence is kept."""


def enqueue(
    session: Session,
    kind: str,
    payload: dict[str, Any],
    *,
    lane: str,
    now: datetime,
    community_id: int | None = None,
    dedupe: str | None = None,
    order_key: str | None = None,
    run_at: datetime | None = None,
) -> None:
    """Adds a job to the caller's transaction.

    A second one with the same `dedupe` changes nothing. Jobs of one `order_key` are done one
    after another, in the order of their making.
    """
    row = _row(kind, payload, lane, run_at or now, community_id, dedupe, order_key)
    if dedupe is None:
        _INSERT.run(session, [row])
        return
    session.execute(insert_or(session, Job).on_conflict_do_nothing(), row)


def enqueue_all(session: Session, jobs: Sequence[NewJob]) -> None:
    """Adds jobs to the caller's transaction in one statement: the hot paths' way in."""
    if not jobs:
        return
    given = dict(zip(NewJob._fields, zip(*jobs, strict=True), strict=True))
    same: dict[str, Any] = {"dedupe": None, "order_key": None, "state": DUE, "attempts": 0}
    columns = {name: (value,) * len(jobs) for name, value in same.items()}
    ids = [uuid_utils.uuid7() for _ in jobs]
    _INSERT.run_columns(session, {"id": ids, **given, **columns})


def _row(
    kind: str,
    payload: dict[str, Any],
    lane: str,
    run_at: datetime,
    community_id: int | None,
    dedupe: str | None,
    order_key: str | None,
) -> dict[str, Any]:
    return {
        "id": uuid_utils.compat.uuid7(),
        "community_id": community_id,
        "lane": lane,
        "kind": kind,
        "dedupe": dedupe,
        "order_key": order_key,
        "payload": payload,
        "state": DUE,
        "run_at": run_at,
        "attempts": 0,
    }


def forget(session: Session, kind: str, community_id: int, about: dict[str, Any]) -> None:
    """Deletes a community's jobs of a kind that are about this, done or due, in the caller's
    transaction; whoever does one of them just now finds it gone as they finish.
    """
    rows = session.execute(
        select(Job.id, Job.payload).where(Job.kind == kind, Job.community_id == community_id)
    )
    gone = [row.id for row in rows if about.items() <= row.payload.items()]
    session.execute(delete(Job).where(Job.id.in_(gone)))


def is_due(session: Session, lane: str, *, now: datetime) -> bool:
    """Whether there is anything to claim in a lane."""
    return session.execute(_claimable(lane, now).limit(1)).first() is not None


def claim(
    session: Session, lane: str, *, now: datetime, most: int = 20, lease: timedelta = LEASE
) -> list[ClaimedJob]:
    """Leases up to `most` due jobs of a lane; two callers never get the same one."""
    candidates = (
        _claimable(lane, now)
        .order_by(Job.run_at, Job.id)
        .limit(most)
        .with_for_update(skip_locked=True, of=Job)
    )
    rows = session.execute(candidates).all()
    if not rows:
        return []
    lease_id = uuid_utils.compat.uuid7()
    session.execute(
        update(Job)
        .where(Job.id.in_([row.id for row in rows]))
        # Counted when it begins: a job that ends its process is not tried for ever.
        .values(lease_id=lease_id, lease_until=now + lease, attempts=Job.attempts + 1)
        .execution_options(synchronize_session=False)
    )
    return [
        ClaimedJob(row.id, row.kind, row.community_id, row.payload, row.attempts + 1, lease_id)
        for row in rows
    ]


def _claimable(lane: str, now: datetime) -> Select[Any]:
    earlier = aliased(Job)
    waits = (
        select(earlier.id)
        .where(text("job_1.state = 'due'"), earlier.order_key == Job.order_key, earlier.id < Job.id)
        .exists()
    )
    return (
        select(Job.id, Job.kind, Job.community_id, Job.payload, Job.attempts)
        .where(_due, Job.lane == lane, Job.run_at <= now)
        .where(or_(Job.lease_until.is_(None), Job.lease_until <= now))
        .where(or_(Job.order_key.is_(None), ~waits))
    )


def finish(session: Session, job: ClaimedJob, *, now: datetime) -> bool:
    """Marks the job done, in the transaction of its effect; False where the lease was lost.

    A caller that gets False must not commit its effect: another one has taken the job over.
    """
    return _change(session, job, state=DONE, finished_at=now, last_error=None)


def fail(
    session: Session,
    job: ClaimedJob,
    sentence: str,
    *,
    now: datetime,
    after: timedelta | None = None,
    for_good: bool = False,
    most: int | None = MOST_ATTEMPTS,
) -> bool:
    """Puts the job back with a growing pause, or gives it up after the last attempt.

    Without `most` it is tried until it ends by itself.
    """
    given_up = for_good or (most is not None and job.attempts >= most)
    return _change(
        session,
        job,
        state=GIVEN_UP if given_up else DUE,
        attempts=job.attempts,
        run_at=now + (after or pause_after(job.attempts)),
        last_error=sentence[:500],
    )


def put_off(session: Session, job: ClaimedJob, until: datetime) -> bool:
    """Lets a job wait that is not to be done yet: no attempt, and no failure."""
    return _change(session, job, state=DUE, attempts=job.attempts - 1, run_at=until)


def renew(session: Session, job: ClaimedJob, *, now: datetime, lease: timedelta = LEASE) -> bool:
    """Holds the job longer; False where the lease was lost."""
    return _change(session, job, keep_lease=True, lease_until=now + lease)


def pause_after(attempts: int) -> timedelta:
    """2 s, 4 s, 8 s … up to an hour, give or take a fifth: failures must not march in step."""
    pause: timedelta = min(FIRST_PAUSE * 2 ** min(attempts - 1, 20), LONGEST_PAUSE)
    return pause * random.uniform(0.8, 1.2)  # noqa: S311


def _change(session: Session, job: ClaimedJob, *, keep_lease: bool = False, **values: Any) -> bool:
    if not keep_lease:
        values |= {"lease_id": None, "lease_until": None}
    result = cast(
        CursorResult[Any],
        session.execute(
            update(Job)
            .where(Job.id == job.id, Job.lease_id == job.lease_id)
            .values(**values)
            .execution_options(synchronize_session=False)
        ),
    )
    return result.rowcount == 1
