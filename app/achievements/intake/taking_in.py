"""`take_in()`: a batch of events, counted and advanced in one transaction; `take_back()` undoes.

Called by collectors, by importers' commands and by the events API: the one way in.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy.orm import Session

from app.achievements.grants import granting, waiting
from app.activity.events import ActivityEvent
from app.activity.intake import batches
from app.activity.intake.batches import Intake
from app.activity.metrics.definitions import Metrics, metrics_of
from app.communities.turns import take_turn
from app.plugins import Plugins
from app.programme.applying import current
from app.programme.sections import Programme


@dataclass(frozen=True)
class TakenIn:
    """What became of a batch, and how many grants it led to."""

    intake: Intake
    grants: int


def take_in(
    session: Session,
    community_id: int,
    source: str,
    events: Sequence[ActivityEvent],
    *,
    now: datetime,
    dated_by_event: bool = False,
    keep_refusals: bool = True,
    counters_only: bool = False,
    is_weighed: bool = False,
) -> TakenIn:
    """Takes events of one source in and grants what they lead to, in the caller's transaction and
    by the programme that is in force in it.

    Repeating a batch changes nothing: events are known by their ids, grants are made once. With
    `counters_only` nothing is granted to whom they are of, before they do something else that is
    taken in: that grants what its counters have come to. What `is_weighed` no rule for channels is
    asked for.
    """
    programme, metrics = _in_force(session, community_id)
    taken = batches.take(
        session,
        community_id,
        source,
        events,
        metrics=metrics,
        now=now,
        keep_refusals=keep_refusals,
        is_weighed=is_weighed,
    )
    if counters_only:
        waiting.wait(session, community_id, taken.members)
        return TakenIn(taken, 0)
    returned = waiting.wait_no_longer(session, community_id, taken.members)
    grants = granting.advance(
        session,
        community_id,
        programme,
        taken.movements,
        taken.changes,
        now=now,
        dated_by_event=dated_by_event,
        returned=returned,
    )
    return TakenIn(taken, grants)


def take_back(
    session: Session,
    community_id: int,
    source: str,
    event_ids: Iterable[str],
    *,
    now: datetime,
) -> int:
    """Lets events of one source no longer count, in the caller's transaction; returns how many
    grants that led to: what limits had refused after them may count now. None is taken away.
    """
    programme, metrics = _in_force(session, community_id)
    gone = batches.take_back(session, community_id, source, event_ids, metrics=metrics, now=now)
    return granting.advance(session, community_id, programme, gone.movements, gone.changes, now=now)


def withdraw(
    session: Session,
    community_id: int,
    source: str,
    event_ids: Iterable[str],
    *,
    now: datetime,
) -> Intake:
    """As `take_back()`, and grants nothing."""
    _, metrics = _in_force(session, community_id)
    return batches.take_back(session, community_id, source, event_ids, metrics=metrics, now=now)


def _in_force(session: Session, community_id: int) -> tuple[Programme, Metrics]:
    """The programme in force, asked for once nobody can bring another one into force meanwhile:
    what is counted by an older one would be missing in the metrics that the new one counted anew.
    """
    take_turn(session, community_id)
    programme = current(session, community_id)
    return programme, metrics_of(programme, cast(Plugins, session.info["plugins"]))
