"""Reading what criteria look at, for many members with few statements."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import Session

from app.achievements.criteria.conditions import Condition
from app.achievements.criteria.kinds import MemberDaysCriterion, RankCriterion, RoleCriterion
from app.achievements.criteria.known import Known
from app.achievements.evaluation import counted
from app.achievements.evaluation.counted import Asked, Near, Windows
from app.achievements.evaluation.holding import Held
from app.activity.boards import striking
from app.activity.counters.models import Standing, StandingRow
from app.activity.counters.moves import Movement
from app.activity.counters.standings import FINAL
from app.activity.event_log.models import StoredEvent
from app.communities import present
from app.communities.models import Member
from app.communities.roles import holding as roles
from app.statements import among, table_of

_event, _member = table_of(StoredEvent).c, table_of(Member).c
NONE: Windows = {}
EVERYTHING: Near = {}
"""Nothing is looked for near some days alone."""
_row, _standing = table_of(StandingRow).c, table_of(Standing).c


def know(
    session: Session,
    community_id: int,
    asked: Asked,
    held: Held,
    *,
    now: datetime,
    moved: Iterable[Movement] = (),
    near: Near = EVERYTHING,
    besides: Windows = NONE,
    by_hand: bool = False,
) -> dict[int, Known]:
    """What is asked for of each of these members; `held` is what they hold. Of some days only those
    `near` to what moved are known; `besides` what criteria ask for, counters of some windows are.
    """
    if not asked:
        return {}
    counters = counted.counters(session, community_id, asked, moved, besides)
    days = counted.days(session, community_id, asked, near)
    criteria = {id(one): one for some in asked.values() for one in some}.values()
    ranks = _ranks(session, community_id, asked, criteria)
    since = _since(session, asked) if _any(criteria, MemberDaysCriterion) else {}
    held_roles = (
        roles.roles_held(session, community_id, asked) if _any(criteria, RoleCriterion) else {}
    )
    tiers: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for member_id, achievement, tier in held:
        of_member = tiers[member_id]
        of_member[achievement] = max(of_member.get(achievement, 0), tier)
    return {
        member_id: Known(
            now,
            counters.get(member_id, {}),
            days.get(member_id, {}),
            ranks.get(member_id, {}),
            tiers.get(member_id, {}),
            held_roles.get(member_id, frozenset()),
            since.get(member_id),
            by_hand,
        )
        for member_id in asked
    }


def _any(criteria: Iterable[Condition], kind: type[Condition]) -> bool:
    return any(isinstance(criterion, kind) for criterion in criteria)


def _ranks(
    session: Session,
    community_id: int,
    member_ids: Collection[int],
    criteria: Iterable[Condition],
) -> Mapping[int, dict[tuple[str, str], int]]:
    boards = {one.leaderboard for one in criteria if isinstance(one, RankCriterion)}
    found: defaultdict[int, dict[tuple[str, str], int]] = defaultdict(dict)
    if not boards:
        return found
    were = present.who_they_were(session, member_ids)
    who = _row.member_id, [*member_ids, *were]
    rows = session.execute(_final_rows(community_id, boards).where(among(session, *who)))
    gone = _Struck(session, community_id)
    for row in rows:
        member_id, window = were.get(row.member_id, row.member_id), (row.board, row.window)
        if member_id not in gone.of(row.window):
            best = found[member_id].get(window, row.rank)
            found[member_id][window] = min(best, row.rank)
    return found


def ranked(
    session: Session,
    community_id: int,
    criteria: Iterable[Condition],
    *,
    since: datetime | None = None,
) -> set[int]:
    """Who stands in a final standing where these criteria look; in one that is so `since` then."""
    asked = [one for one in criteria if isinstance(one, RankCriterion)]
    if not asked:
        return set()
    wanted = _final_rows(community_id, {one.leaderboard for one in asked})
    wanted = wanted.where(_row.rank <= max(one.rank for one in asked))
    if since is not None:
        wanted = wanted.where(_standing.final_at >= since)
    rows = session.execute(wanted).all()
    are, gone = (
        present.who_they_are(session, {row.member_id for row in rows}),
        _Struck(session, community_id),
    )
    found = ((are.get(row.member_id, row.member_id), row.window) for row in rows)
    return {member_id for member_id, window in found if member_id not in gone.of(window)}


class _Struck:
    """Who was struck from which window, each asked for once."""

    def __init__(self, session: Session, community_id: int):
        self._session, self._community_id = session, community_id
        self._known: dict[str, set[int]] = {}

    def of(self, window: str) -> set[int]:
        """Members who stand on no leaderboard of a window."""
        if window not in self._known:
            self._known[window] = striking.struck(self._session, self._community_id, window)
        return self._known[window]


def _final_rows(community_id: int, boards: Collection[str]) -> Select[Any]:
    return (
        select(_row.member_id, _row.board, _row["window"], _row.rank)
        .join(
            table_of(Standing),
            and_(
                _standing.community_id == _row.community_id,
                _standing.board == _row.board,
                _standing["window"] == _row["window"],
            ),
        )
        .where(_row.community_id == community_id, _row.board.in_(sorted(boards)))
        .where(_standing.state == FINAL)
    )


def _since(session: Session, member_ids: Collection[int]) -> dict[int, datetime]:
    """When each was first seen: events may come later than younger ones of the same member."""
    earliest = (
        select(_event.at)
        .where(_event.community_id == _member.community_id, _event.member_id == _member.id)
        .where(_event.undone_at.is_(None))
        .order_by(_event.at)
        .limit(1)
        .scalar_subquery()
    )
    rows = session.execute(
        select(_member.id, _member.first_seen_at, earliest.label("earliest")).where(
            among(session, _member.id, member_ids)
        )
    )
    return {row.id: min(row.first_seen_at, row.earliest or row.first_seen_at) for row in rows}
