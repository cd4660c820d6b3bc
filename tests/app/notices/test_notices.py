"""Members are told once, if they can be reached and it is not too late."""

from datetime import timedelta

from sqlalchemy import func, select

from app import clock
from app.communities import members
from app.jobs import loop
from app.jobs.models import Job
from app.notices import telling
from app.notices.models import Notice
from app.worker import do_everything
from tests.support.installations import NOON, World, thread


def waiting(world: World) -> int:
    with world.installation.reading() as session:
        query = select(func.count()).select_from(Job).where(Job.lane == telling.LANE)
        return session.scalar(query.where(Job.state == "due")) or 0


def test_only_who_has_a_discord_identity_is_told(world: World) -> None:
    world.take(thread("1"), thread("2"), thread("3"), source="sample")
    do_everything(world.installation)
    assert waiting(world) == 0
    world.take(thread("1"), thread("2"), thread("3"), source="discord")
    do_everything(world.installation)
    assert waiting(world) == 1


def test_a_notice_whose_voucher_has_ended_is_not_laid_down(world: World) -> None:
    past = NOON - timedelta(days=30)
    events = [thread(str(number), at=past) for number in range(3)]
    world.take(*events, source="discord", dated_by_event=True)
    do_everything(world.installation)
    assert waiting(world) == 0


def test_a_notice_that_waited_past_its_end_is_settled_and_not_sent(world: World) -> None:
    world.take(thread("1"), thread("2"), thread("3"), source="discord")
    do_everything(world.installation)
    [job] = loop.claim(world.installation, telling.LANE)
    with world.installation.unit_of_work() as session:
        later = clock.now() + timedelta(hours=73)
        assert telling.due(session, job.payload["notice"], now=later) is None
    with world.installation.reading() as session:
        assert session.scalars(select(Notice)).one().outcome == telling.TOO_LATE


def test_the_same_subject_is_told_once(world: World) -> None:
    with world.installation.unit_of_work() as session:
        now = clock.now()
        known = members.ids_of(session, world.community_id, "discord", {"1": None}, first_seen=now)
        told = [
            telling.tell(
                session,
                world.community_id,
                known["1"],
                kind="test",
                subject="V-1",
                not_after=now + timedelta(hours=1),
                now=now,
            )
            for _ in range(2)
        ]
    assert told == [True, False]
    assert waiting(world) == 1
