"""Doing what is due in one lane: what the worker's threads and the bot both call."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy.orm import Session

from app import clock
from app.installation import Installation
from app.jobs import queue
from app.jobs.queue import ClaimedJob, GiveUp, TryAgain

AT_ONCE = 20

log = logging.getLogger(__name__)


class LeaseLost(Exception):
    """Somebody else took the job over while it was being done; the effect is rolled back."""


@contextmanager
def effect_of(installation: Installation, job: ClaimedJob) -> Iterator[Session]:
    """A unit of work in which a job has its effect and is finished, both or neither."""
    with installation.unit_of_work() as session:
        yield session
        if not queue.finish(session, job, now=clock.now()):
            raise LeaseLost


def claim(installation: Installation, lane: str, *, most: int = AT_ONCE) -> list[ClaimedJob]:
    """Leases what is due, in a short transaction of its own; begins none where nothing is."""
    with installation.reading() as session:
        if not queue.is_due(session, lane, now=clock.now()):
            return []
    with installation.unit_of_work() as session:
        return queue.claim(session, lane, now=clock.now(), most=most)


def do(installation: Installation, job: ClaimedJob) -> bool:
    """Does one job; True where it worked. Whatever it raises is kept with the job, never lost."""
    handler = installation.plugins.handlers.get(job.kind)
    try:
        if job.attempts > queue.MOST_ATTEMPTS:
            raise GiveUp("It was begun again and again, and never came to an end.")
        if handler is None:
            raise TryAgain(f"Nothing that is plugged in handles jobs of kind {job.kind}.")
        handler.run(installation, job)
    except LeaseLost:
        return False
    except TryAgain as reason:
        put_back(installation, job, str(reason), after=reason.after)
        return False
    except GiveUp as reason:
        put_back(installation, job, str(reason), for_good=True)
        return False
    except Exception as error:
        log.exception("job %s of kind %s failed", job.id, job.kind)
        put_back(installation, job, f"{type(error).__name__}: {error}")
        return False
    return True


def do_due(installation: Installation, lane: str, *, most: int | None = None) -> int:
    """Claims and does what is due in a lane; returns how many jobs it took up.

    Unless `most` says otherwise it claims so many as are good for the lane.
    """
    claimed = claim(installation, lane, most=most or good_for(installation, lane))
    for job in claimed:
        do(installation, job)
    return len(claimed)


def good_for(installation: Installation, lane: str) -> int:
    """How many jobs one takes up at once: a lane of several threads is one whose jobs take long,
    and none waits behind another's while a thread is free.
    """
    return AT_ONCE if installation.plugins.lanes.get(lane, 1) == 1 else 1


def put_back(
    installation: Installation,
    job: ClaimedJob,
    sentence: str,
    *,
    after: timedelta | None = None,
    for_good: bool = False,
    most: int | None = queue.MOST_ATTEMPTS,
) -> None:
    """Keeps why a job failed and when it is tried again; see `queue.fail()`."""
    now = clock.now()
    with installation.unit_of_work() as session:
        queue.fail(session, job, sentence, now=now, after=after, for_good=for_good, most=most)
