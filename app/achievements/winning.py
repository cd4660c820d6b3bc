"""Granting what a leaderboard promises to who is first, once its window is final."""

from datetime import datetime

from sqlalchemy.orm import Session

from app import clock, journal
from app.achievements import granting
from app.achievements.due import Due
from app.achievements.giving import give_all
from app.activity.boards import final
from app.activity.boards.freezing import StandingFinalised
from app.actor import INTAKE
from app.installation import Installation
from app.jobs import loop
from app.jobs.queue import ClaimedJob
from app.plugins import JobHandler
from app.programme.applying import current
from app.programme.sections import Programme
from app.statements import lock


def grant(
    session: Session,
    community_id: int,
    programme: Programme,
    board: str,
    window: str,
    *,
    now: datetime,
) -> None:
    """Grants what a board promises to the winners of a window that is final, if anything."""
    settings = programme["leaderboards"].get(board)
    if settings is None or settings.winners is None:
        return
    # As for any grant: nothing else is granted meanwhile.
    lock(session, f"keepsake.intake.{community_id}")
    key = settings.winners.achievement
    places = final.winners(session, community_id, board, window, up_to=settings.winners.up_to)
    tier = programme["achievements"][key].steps[0]
    due = [
        Due(place.member_id, key, tier, 1, now, now, {settings.metric: place.counted})
        for place in places
    ]
    given = give_all(session, community_id, programme, due, actor=INTAKE, now=now)
    granting.follow(session, community_id, programme, given, now)


def _grant(installation: Installation, job: ClaimedJob) -> None:
    with loop.effect_of(installation, job) as session:
        told = journal.read(session, job.payload)
        programme = current(session, told.community_id)
        which = told.data["board"], told.data["window"]
        grant(session, told.community_id, programme, *which, now=clock.now())


WINNERS = JobHandler("achievements.winners", "worker", _grant)
"""Follows each `standing.finalised`; who has the achievement already keeps the one they have."""
FOLLOWS = StandingFinalised.kind
