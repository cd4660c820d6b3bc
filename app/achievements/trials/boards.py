"""Standings in a trial: closed and final as they would have been, and granted for."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from app.achievements.criteria.kinds import RankCriterion
from app.achievements.criteria.settings import any_of
from app.achievements.evaluation import knowing
from app.achievements.evaluation.asking import Dating
from app.achievements.grants import granting, winning
from app.activity.boards import closing
from app.activity.boards.freezing import calendar_of
from app.activity.boards.states import LATE
from app.activity.windows import ALL_TIME
from app.installation import Installation
from app.programme.sections import Programme


def close(copy: Installation, copy_id: int, programme: Programme, now: datetime) -> None:
    """Closes the windows that are over by then, and grants for those that became final."""
    if not programme["leaderboards"]:
        return
    final = closing.close(copy, copy_id, now=now)
    if not final:
        return
    with copy.unit_of_work() as session:
        for board, window in final:
            winning.grant(session, copy_id, programme, board, window, now=now)
        _look(session, copy_id, programme, now)


def close_all(
    copy: Installation, copy_id: int, programme: Programme, last: datetime, until: datetime
) -> None:
    """Closes, each in its time, what is over between the last event and a moment."""
    for moment in _left(copy, copy_id, programme, last, until):
        close(copy, copy_id, programme, moment)


def _left(
    copy: Installation, copy_id: int, programme: Programme, last: datetime, until: datetime
) -> Iterator[datetime]:
    """When windows that are still open after the last event close, and when each is final: in
    order, none past `until`.
    """
    calendar = calendar_of(programme)
    metrics = {
        board.metric
        for board in programme["leaderboards"].values()
        if any(kind != ALL_TIME for kind in board.windows)
    }
    found: set[datetime] = set()
    with copy.reading() as session:
        for metric in sorted(metrics):
            for window in closing.windows_counted(session, copy_id, metric):
                if span := calendar.span(window):
                    found |= {max(span.closes, last), max(span.closes, last) + LATE}
    yield from sorted(moment for moment in found if last <= moment <= until)


def _look(session: Session, copy_id: int, programme: Programme, now: datetime) -> None:
    """Grants for places in standings that are final."""
    pairs = [
        (member_id, key)
        for key, settings in programme["achievements"].items()
        if any_of(settings.criteria, RankCriterion)
        for member_id in knowing.ranked(session, copy_id, settings.criteria)
    ]
    granting.look(session, copy_id, programme, pairs, Dating(now, by_event=True))
