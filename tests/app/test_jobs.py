"""Jobs: enqueued with their cause, claimed by one, never lost."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import select

from app import clock
from app.jobs import loop, queue
from app.jobs.models import Job
from app.jobs.queue import ClaimedJob, GiveUp, TryAgain
from app.plugins import JobHandler
from tests.support.installations import World


def add(world: World, kind: str = "test", **how: str) -> None:
    with world.installation.unit_of_work() as session:
        queue.enqueue(session, kind, {}, lane="test", now=clock.now(), **how)  # type: ignore[arg-type]


def states(world: World) -> list[tuple[str, str | None]]:
    with world.installation.reading() as session:
        query = select(Job).where(Job.lane == "test").order_by(Job.id)
        return [(job.state, job.last_error) for job in session.scalars(query)]


def test_a_job_is_claimed_by_one_of_many(world: World) -> None:
    for _ in range(40):
        add(world)
    with ThreadPoolExecutor(8) as threads:
        claimed = list(
            threads.map(lambda _: loop.claim(world.installation, "test", most=3), range(24))
        )
    ids = [job.id for batch in claimed for job in batch]
    assert len(ids) == len(set(ids))


def test_what_is_rolled_back_leaves_no_job(world: World) -> None:
    try:
        with world.installation.unit_of_work() as session:
            queue.enqueue(session, "test", {}, lane="test", now=clock.now())
            raise KeyError
    except KeyError:
        pass
    assert states(world) == []


def test_a_second_job_with_the_same_key_changes_nothing(world: World) -> None:
    add(world, dedupe="once")
    add(world, dedupe="once")
    assert len(states(world)) == 1


def test_jobs_of_one_order_wait_for_each_other(world: World) -> None:
    add(world, order_key="a")
    add(world, order_key="a")
    [first] = loop.claim(world.installation, "test")
    assert loop.claim(world.installation, "test") == []
    with loop.effect_of(world.installation, first):
        pass
    assert len(loop.claim(world.installation, "test")) == 1


def test_a_lost_lease_rolls_the_effect_back(world: World) -> None:
    add(world)
    [mine] = loop.claim(world.installation, "test")
    with clock.standing_at(clock.now() + timedelta(minutes=5)):
        [theirs] = loop.claim(world.installation, "test")
    try:
        with loop.effect_of(world.installation, mine) as session:
            queue.enqueue(session, "effect", {}, lane="test", now=clock.now())
    except loop.LeaseLost:
        pass
    assert len(states(world)) == 1
    assert theirs.attempts == 2


def test_a_failure_is_kept_and_tried_again_later(world: World) -> None:
    handled = _handled_by(world, TryAgain("The partner sleeps."))
    add(world)
    loop.do_due(world.installation, "test")
    assert states(world) == [("due", "The partner sleeps.")]
    assert loop.do_due(world.installation, "test") == 0
    with clock.standing_at(clock.now() + timedelta(minutes=1)):
        assert loop.do_due(world.installation, "test") == 1
    assert handled == [1, 2]


def test_an_error_that_nobody_expected_is_kept_too(world: World) -> None:
    _handled_by(world, ZeroDivisionError("oh"))
    add(world)
    loop.do_due(world.installation, "test")
    assert states(world) == [("due", "ZeroDivisionError: oh")]


def test_what_can_never_be_done_is_given_up_with_its_reason(world: World) -> None:
    _handled_by(world, GiveUp("Gone."))
    add(world)
    loop.do_due(world.installation, "test")
    assert states(world) == [("given_up", "Gone.")]


def _handled_by(world: World, error: Exception) -> list[int]:
    attempts: list[int] = []

    def run(_installation: object, job: ClaimedJob) -> None:
        attempts.append(job.attempts)
        raise error

    world.installation.plugins.handle(JobHandler("test", "test", run))
    return attempts


def test_a_job_that_ends_its_process_again_and_again_is_given_up(world: World) -> None:
    add(world)
    now = clock.now()
    for begun in range(1, queue.MOST_ATTEMPTS + 1):
        with world.installation.unit_of_work() as session:  # and then the process ends
            [job] = queue.claim(session, "test", now=now + begun * 2 * queue.LEASE)
        assert job.attempts == begun
    with world.installation.unit_of_work() as session:
        [job] = queue.claim(session, "test", now=now + 100 * queue.LEASE)
    loop.do(world.installation, job)
    assert states(world) == [
        ("given_up", "It was begun again and again, and never came to an end.")
    ]


def test_what_ends_by_itself_is_tried_until_then(world: World) -> None:
    add(world)
    now = clock.now()
    for day in range(60):
        with world.installation.unit_of_work() as session:
            [job] = queue.claim(session, "test", now=now + timedelta(days=day))
            queue.fail(session, job, "away", now=now + timedelta(days=day), most=None)
    assert states(world) == [("due", "away")]


def test_long_jobs_are_claimed_one_by_one_and_short_ones_together(world: World) -> None:
    for _ in range(3):
        add(world)
    world.installation.plugins.handle(JobHandler("test", "test", give_up))
    world.installation.plugins.lanes["test"] = 4
    assert loop.do_due(world.installation, "test") == 1
    world.installation.plugins.lanes["test"] = 1
    assert loop.do_due(world.installation, "test") == 2


def give_up(_installation: object, _job: ClaimedJob) -> None:
    raise GiveUp("no")
