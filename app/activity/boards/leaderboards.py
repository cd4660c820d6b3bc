"""Leaderboards: who has most of a metric in a window. Ties share their rank.

A rank is counted among all members, also those who hide: so nobody's depends on who hides, and on
what others see one may be missing. Who was struck is not counted at all.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.activity.boards import hiding, walking
from app.activity.boards.striking import struck
from app.activity.boards.walking import PAGE, Row
from app.activity.counters import ranks
from app.activity.counters.models import Counter
from app.activity.counters.ranks import Where
from app.activity.windows import ALL_TIME
from app.communities.models import Member
from app.statements import among, table_of

_counter = table_of(Counter).c


@dataclass(frozen=True)
class Place:
    """One row of a leaderboard."""

    rank: int
    member_id: int
    display_name: str
    count: int


class Rank(NamedTuple):
    """A rank, and what it is for."""

    rank: int
    member_id: int
    counted: int


def top(
    session: Session,
    community_id: int,
    metric: str,
    *,
    window: str = ALL_TIME,
    limit: int = 10,
    public: bool = False,
) -> list[Place]:
    """The first `limit` places; equal counts have equal ranks, and the next rank is skipped.

    What is `public` leaves out who hides.
    """
    where = Where(community_id, metric, window)
    ranked = _ranked(_walk(session, where, struck(session, community_id, window)))
    shown = _shown(session, community_id, ranked, public)
    return named(session, list(islice(shown, limit)))


def around(
    session: Session,
    community_id: int,
    metric: str,
    member_id: int,
    *,
    window: str = ALL_TIME,
    each_side: int = 3,
    public: bool = False,
) -> list[Place]:
    """A member's place between `each_side` places above and below; none where they have none.

    The member is always among them; what is `public` leaves out others who hide.
    """
    where, gone = Where(community_id, metric, window), struck(session, community_id, window)
    count = 0 if member_id in gone else _count_of(session, where, member_id)
    if count == 0:
        return []
    own = count, member_id
    above, below = (
        list(
            islice(
                _shown(
                    session,
                    community_id,
                    _walk(session, where, gone, own, upwards=upwards),
                    public,
                ),
                each_side,
            )
        )
        for upwards in (True, False)
    )
    rows = [*reversed(above), Row(member_id, count), *below]
    known = _ranks(session, where, gone, rows[0].counted, rows[-1].counted)
    return named(session, [Rank(known[row.counted], *row) for row in rows])


def rank(
    session: Session, community_id: int, metric: str, member_id: int, *, window: str = ALL_TIME
) -> Rank | None:
    """A member's rank and count, whether they hide or not; None where they have none."""
    where, gone = Where(community_id, metric, window), struck(session, community_id, window)
    count = 0 if member_id in gone else _count_of(session, where, member_id)
    if count == 0:
        return None
    return Rank(_ranks(session, where, gone, count, count)[count], member_id, count)


def members(session: Session, community_id: int, metric: str, *, window: str = ALL_TIME) -> int:
    """How many have a place."""
    where, gone = Where(community_id, metric, window), struck(session, community_id, window)
    lost = sum(count > 0 for count in _counts_of(session, where, gone))
    return ranks.members_in(session, where) - lost


def named(session: Session, standings: list[Rank]) -> list[Place]:
    """The same with members' names."""
    rows = session.execute(
        select(Member.id, Member.display_name).where(
            among(session, Member.id, [one.member_id for one in standings])
        )
    )
    names = {row.id: row.display_name for row in rows}
    return [
        Place(one.rank, one.member_id, names.get(one.member_id, ""), one.counted)
        for one in standings
    ]


R = TypeVar("R", Row, "Rank")


def _walk(
    session: Session, where: Where, gone: Collection[int], *from_where: Any, **how: Any
) -> Iterator[Row]:
    rows = walking.walk(session, where, *from_where, **how)
    return (row for row in rows if row.member_id not in gone)


def _ranked(rows: Iterator[Row]) -> Iterator[Rank]:
    """From the first place on."""
    last, shared = None, 0
    for position, row in enumerate(rows, start=1):
        shared = shared if row.counted == last else position
        last = row.counted
        yield Rank(shared, row.member_id, row.counted)


def _shown(session: Session, community_id: int, rows: Iterator[R], public: bool) -> Iterator[R]:
    """Of rows that have a member those who do not hide, where it is public; some at a time."""
    while some := list(islice(rows, PAGE)):
        hidden = (
            hiding.among_hidden(session, community_id, [one.member_id for one in some])
            if public
            else set()
        )
        yield from (one for one in some if one.member_id not in hidden)


def _count_of(session: Session, where: Where, member_id: int) -> int:
    found = session.scalar(
        select(_counter.count).where(where.of(_counter), _counter.member_id == member_id)
    )
    return found or 0


def _ranks(
    session: Session, where: Where, gone: Collection[int], most: int, least: int
) -> dict[int, int]:
    """The rank of each count from the `most` down to the `least`."""
    lost = _counts_of(session, where, gone)
    above = ranks.greater(session, where, most) - sum(count > most for count in lost)
    known: dict[int, int] = {}
    for count, tied in ranks.tied(session, where, least, most):
        known[count] = 1 + above
        above += tied - lost.count(count)
    return known | {least: 1 + above}


def _counts_of(session: Session, where: Where, member_ids: Collection[int]) -> list[int]:
    if not member_ids:
        return []
    own = among(session, _counter.member_id, sorted(member_ids))
    return list(session.scalars(select(_counter.count).where(where.of(_counter), own)))
