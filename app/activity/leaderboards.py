"""Leaderboards: who has most of a metric in a window. Ties share their rank."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.activity.models import Counter
from app.activity.windows import ALL_TIME
from app.communities.models import Member
from app.refusals import Refused


class UnknownWindow(Refused):
    """No leaderboard has that window."""

    code = "unknown_window"


@dataclass(frozen=True)
class Place:
    """One row of a leaderboard."""

    rank: int
    member_id: int
    display_name: str
    count: int


def top(
    session: Session, community_id: int, metric: str, *, window: str = ALL_TIME, limit: int = 10
) -> list[Place]:
    """The first `limit` places; equal counts have equal ranks, and the next rank is skipped."""
    if window != ALL_TIME:
        raise UnknownWindow(f"There is no window {window}; known is: {ALL_TIME}.")
    rows = session.execute(
        select(Counter.member_id, Counter.count.label("counted"), Member.display_name)
        .join(Member, Member.id == Counter.member_id)
        .where(
            Counter.community_id == community_id,
            Counter.metric == metric,
            Counter.window == window,
        )
        .order_by(Counter.count.desc(), Counter.member_id)
        .limit(limit)
    ).all()
    places: list[Place] = []
    for position, row in enumerate(rows, start=1):
        tied = bool(places) and places[-1].count == row.counted
        rank = places[-1].rank if tied else position
        places.append(Place(rank, row.member_id, row.display_name, row.counted))
    return places


def metrics_counted(session: Session, community_id: int) -> dict[str, int]:
    """Every metric that anybody has a counter of, with how many members have one."""
    rows = session.execute(
        select(Counter.metric, func.count().label("members"))
        .where(Counter.community_id == community_id, Counter.window == ALL_TIME)
        .group_by(Counter.metric)
        .order_by(Counter.metric)
    )
    return {row.metric: row.members for row in rows}
