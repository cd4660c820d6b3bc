"""`member_days`: since when somebody is a member is told by their first event, of whatever kind."""

from datetime import timedelta

from app.achievements.intake.taking_in import take_back
from app.activity.counters import counting
from app.activity.events import ActivityEvent
from app.activity.intake import explaining
from app.activity.metrics.definitions import metrics_of
from app.communities import members
from app.programme.applying import current
from tests.support.installations import NOON, PROGRAMME, World, message, thread, world_of

HELPFUL = PROGRAMME + (
    '[metrics.helpful]\nkinds = ["thread_started"]\n'
    "limits = { member_days = 30, cooldown_seconds = 60 }\n"
)
DAY = timedelta(days=1)


world = world_of(HELPFUL)


def take(world: World, *events: ActivityEvent) -> None:
    world.take(*events, now=NOON + 50 * DAY)


def seen(world: World) -> tuple[int, str, list[str | None]]:
    """How much counts, how much does not and why, and each of the last events' reasons."""
    with world.installation.reading() as session:
        where = session, world.community_id
        member_id = members.find(*where, "sample", "1").id
        metrics = metrics_of(current(*where), world.installation.plugins)
        refused = [one.words for one in explaining.refused(*where, member_id, metrics)]
        told = explaining.recent(*where, member_id, metrics)
        reasons = [verdict.reason for one in told for verdict in one.verdicts]
        return counting.counts(*where, member_id).get("helpful", 0), "".join(refused), reasons


def test_the_first_of_its_kinds_counts_from_who_was_long_here(world: World) -> None:
    take(world, message("old", at=NOON - 400 * DAY))
    take(world, thread("1", at=NOON), thread("2", at=NOON + DAY / 9999))
    assert seen(world) == (1, "cooldown 1", ["cooldown", None])


def test_an_older_event_that_comes_late_or_is_taken_back_judges_all_anew(world: World) -> None:
    take(world, message("now", at=NOON), thread("1", at=NOON + 3 * DAY))
    take(world, thread("2", at=NOON + 20 * DAY))
    too_new = "member too new"
    assert seen(world) == (0, f"{too_new} 2", [too_new, too_new])
    take(world, message("late", at=NOON - 12 * DAY))
    assert seen(world) == (1, f"{too_new} 1", [None, too_new])
    take(world, message("later", at=NOON - 40 * DAY), thread("3", at=NOON + 21 * DAY))
    assert seen(world) == (3, "", [None, None, None])
    with world.installation.unit_of_work() as session:
        take_back(session, world.community_id, "sample", ["later"], now=NOON + 50 * DAY)
    assert seen(world) == (2, f"{too_new} 1", [None, None, too_new])
