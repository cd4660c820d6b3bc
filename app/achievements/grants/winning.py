"""Granting what a leaderboard promises to who is first, once its window is final."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app import clock, journal
from app.achievements.criteria.settings import AchievementSettings
from app.achievements.evaluation.due import Due
from app.achievements.grants import granting, suspending, waiting
from app.achievements.grants.giving import give_all
from app.activity.boards import final, promised
from app.activity.boards.freezing import StandingFinalised
from app.activity.counters.models import Standing
from app.actor import INTAKE
from app.communities.turns import take_turn
from app.installation import Installation
from app.jobs import loop
from app.jobs.queue import ClaimedJob
from app.plugins import JobHandler
from app.programme.applying import current
from app.programme.sections import Programme


def grant(
    session: Session,
    community_id: int,
    programme: Programme,
    board: str,
    window: str,
    *,
    now: datetime,
) -> None:
    """Grants what a board promises to the winners of a window that is final, if anything: see
    `activity.boards.promised` of which windows it does. As for any grant, who calls it has the
    community's intake to itself.
    """
    settings = programme["leaderboards"].get(board)
    if settings is None or settings.winners is None:
        return
    standing = session.get(Standing, (community_id, board, window))
    key = settings.winners.achievement
    if standing is None or not _may_be_had(session, programme, key, standing, now):
        return
    places = final.winners(session, community_id, board, window, up_to=settings.winners.up_to)
    tier, won_at = programme["achievements"][key].steps[0], _won_at(standing)
    may = waiting.who_may(session, community_id, [place.member_id for place in places])
    due = [
        Due(place.member_id, key, tier, 1, won_at, now, {standing.metric: place.counted})
        for place in places
        if place.member_id in may
    ]
    given = give_all(session, community_id, programme, due, actor=INTAKE, now=now)
    granting.follow(session, community_id, programme, given, now)


def _grant(installation: Installation, job: ClaimedJob) -> None:
    with loop.effect_of(installation, job) as session:
        told = journal.read(session, job.payload)
        # As for any grant: nothing else is granted meanwhile, and no programme comes into force.
        take_turn(session, told.community_id)
        programme = current(session, told.community_id)
        which = told.data["board"], told.data["window"]
        grant(session, told.community_id, programme, *which, now=clock.now())


def _may_be_had(
    session: Session, programme: Programme, key: str, standing: Standing, now: datetime
) -> bool:
    """Whether what is promised holds of this window, and can be had: whoever won it did so by its
    last moment, however long it took to be final.
    """
    community_id, closes_at = standing.community_id, standing.closes_at
    how = {"closes_at": closes_at, "final_at": standing.final_at or now}
    settings: AchievementSettings = programme["achievements"][key]
    begins, after = settings.span(ZoneInfo(programme["community"].timezone))
    return (
        (begins is None or now >= begins)
        and (after is None or _won_at(standing) < after)
        and not suspending.bought_roles(session, community_id, {key: settings})
        and promised.holds(session, community_id, standing.board, **how)
    )


def _won_at(standing: Standing) -> datetime:
    """By its last moment, however long it took to be final."""
    return standing.closes_at - timedelta(microseconds=1)


WINNERS = JobHandler("achievements.winners", "worker", _grant)
"""Follows each `standing.finalised`; who has the achievement already keeps the one they have."""
FOLLOWS = StandingFinalised.kind
