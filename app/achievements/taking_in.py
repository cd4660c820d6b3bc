"""`take_in()`: a batch of events, counted and advanced in one transaction.

Called by collectors, by importers' commands and by the events API: the one way in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.achievements import granting
from app.activity import intake
from app.activity.events import ActivityEvent
from app.activity.intake import Intake
from app.activity.metrics import Metrics
from app.programme.sections import Programme


@dataclass(frozen=True)
class TakenIn:
    """What became of a batch, and how many grants it led to."""

    intake: Intake
    grants: int


def take_in(
    session: Session,
    community_id: int,
    programme: Programme,
    source: str,
    events: Sequence[ActivityEvent],
    *,
    now: datetime,
    dated_by_event: bool = False,
) -> TakenIn:
    """Takes events of one source in and grants what they lead to, in the caller's transaction.

    Repeating a batch changes nothing: events are known by their ids, grants are made once.
    """
    taken = intake.take(session, community_id, source, events, metrics=Metrics(programme), now=now)
    grants = granting.advance(
        session,
        community_id,
        programme,
        taken.movements,
        now=now,
        dated_by_event=dated_by_event,
    )
    return TakenIn(taken, grants)
