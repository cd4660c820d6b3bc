"""Which grants are due: only criteria that name a counter that moved are looked at."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from app.achievements.criteria import chains
from app.achievements.criteria.conditions import Condition
from app.achievements.criteria.moments import Moved
from app.achievements.criteria.settings import AchievementSettings
from app.achievements.evaluation import by_the_end, candidates, holding, knowing, nearby
from app.achievements.evaluation.asking import Asked, Dating, may_have_more
from app.achievements.evaluation.candidates import Pair
from app.achievements.evaluation.due import Due
from app.achievements.evaluation.holding import Held
from app.achievements.evaluation.reaching import Moments
from app.achievements.grants import budgets, suspending, waiting
from app.achievements.grants.giving import give_all
from app.activity.counters.moves import Change, Movement
from app.actor import INTAKE
from app.programme.sections import Programme

Table = Mapping[str, AchievementSettings]


def advance(
    session: Session,
    community_id: int,
    programme: Programme,
    movements: Sequence[Movement],
    changes: Iterable[Change] = (),
    *,
    now: datetime,
    dated_by_event: bool = False,
    returned: Collection[int] = (),
) -> int:
    """Grants what the moved counters now reach, and issues the rewards; returns how many.

    What ended is reached by what was done before its end alone: `changes` tell whether any of that
    became known, and who `returned` had nothing granted by then. Who calls it has the community's
    intake to itself: see `app.activity.intake.batches`.
    """
    pairs = candidates.of(programme, movements, changes, now=now, returned=returned)
    dating = Dating(now, dated_by_event)
    return look(session, community_id, programme, pairs, dating, movements, returned=returned)


def look(
    session: Session,
    community_id: int,
    programme: Programme,
    pairs: Iterable[Pair],
    dating: Dating,
    movements: Sequence[Movement] = (),
    *,
    returned: Collection[int] = (),
    even_waiting: bool = False,
) -> int:
    """Grants those of these that are due, and what is due for having them; returns how many.

    Who waits since an import is left out, unless it is for something else that they got. As
    `advance()`, who calls it has the community's intake to itself.
    """
    table, granted, wanted = programme["achievements"], 0, set(pairs)
    if not wanted:
        return 0
    suspended = suspending.bought_roles(session, community_id, table)
    may = waiting.who_may(
        session, community_id, {one for one, _ in wanted}, even_waiting=even_waiting
    )
    wanted = {pair for pair in wanted if pair[1] not in suspended and pair[0] in may}
    while wanted:
        due = _due(session, community_id, programme, wanted, dating, movements, returned=returned)
        given = give_all(session, community_id, programme, due, actor=INTAKE, now=dating.now)
        granted += len(given)
        wanted = {pair for pair in _needing(table, given) if pair[1] not in suspended}
    return granted


def since_when(
    session: Session,
    community_id: int,
    programme: Programme,
    key: str,
    member_ids: Iterable[int],
    *,
    now: datetime,
) -> list[tuple[datetime, int]]:
    """To whom of these an achievement is due, with when they first came to what is."""
    may = waiting.who_may(session, community_id, member_ids)
    pairs = {(member_id, key) for member_id in may}
    due = _due(session, community_id, programme, pairs, Dating(now), (), {key})
    found: dict[int, datetime] = {}
    for one in due:
        found.setdefault(one.member_id, one.moment)
    return [(moment, member_id) for member_id, moment in found.items()]


def follow(
    session: Session, community_id: int, programme: Programme, given: Iterable[Due], now: datetime
) -> int:
    """Grants what is due for having what was given otherwise than by criteria."""
    pairs = _needing(programme["achievements"], given)
    return look(session, community_id, programme, pairs, Dating(now), even_waiting=True)


def qualifying(
    session: Session, community_id: int, table: Table, member_ids: Sequence[int], *, now: datetime
) -> set[tuple[int, str, int]]:
    """Who of these meets which achievement's tier, as (member, achievement, tier), whether it can
    be had just now or not.
    """
    criteria = [criterion for settings in table.values() for criterion in settings.criteria]
    held = holding.held(session, community_id, member_ids)
    asked = dict.fromkeys(member_ids, criteria)
    known = knowing.know(session, community_id, asked, held, now=now)
    return {
        (member_id, key, tier.number)
        for key, settings in table.items()
        for tier in settings.steps
        for member_id in member_ids
        if tier.rounds(known[member_id])
    }


def _needing(table: Table, given: Iterable[Due]) -> set[Pair]:
    return {
        (member_id, key)
        for member_id, held in {(one.member_id, one.achievement) for one in given}
        for key in chains.that_need(table, held)
    }


def _due(
    session: Session,
    community_id: int,
    programme: Programme,
    pairs: set[Pair],
    dating: Dating,
    movements: Sequence[Movement],
    exactly: Collection[str] = (),
    returned: Collection[int] = (),
) -> list[Due]:
    """What is due by criteria; of some achievements with the moments `exactly` as is stored."""
    table: Table = programme["achievements"]
    held = holding.held(session, community_id, {member_id for member_id, _ in pairs})
    left = [pair for pair in sorted(pairs) if may_have_more(table[pair[1]], *pair, held)]
    if not left:
        return []
    zone = ZoneInfo(programme["community"].timezone)
    ended = {key for _, key in left if by_the_end.is_near(table[key], zone, dating.now)}
    asked: dict[int, list[Condition]] = {}
    for member_id, key in left:
        some = {key} | (chains.behind(table, key) if key in ended else set())
        for one in sorted(some & table.keys()):
            asked.setdefault(member_id, []).extend(table[one].criteria)
    own = [movement for movement in movements if movement.member_id in asked]
    theirs = {which: one for which, one in held.items() if which[0] in asked}
    moved = _by_member(own)
    near = nearby.days(table, left, own, zone, returned=returned)

    @cache
    def moments() -> Moments:
        return Moments(session, community_id, programme, theirs)

    known = knowing.know(
        session,
        community_id,
        asked,
        theirs,
        now=dating.now,
        moved=own,
        near=near,
        besides=by_the_end.windows(table, ended, moments().calendar) if ended else {},
    )

    due = [
        one
        for member_id, key in left
        for one in Asked(member_id, key, table[key], zone, dating, moments).due(
            theirs, known[member_id], moved[member_id]
        )
    ]
    inexact = exactly or budgets.too_small(session, community_id, table, due)
    if due:
        inexact = {*inexact, *by_the_end.asked_in_time(table, zone, dating.now)}
    due = [
        one._replace(
            moment=moments().of(
                one.member_id, one.tier, one.round - _given(theirs, one), known[one.member_id]
            )
        )
        if one.achievement in inexact
        else one
        for one in due
    ]
    due.sort(key=lambda one: (one.moment, one.member_id, one.achievement, one.tier.number))
    return due


def _given(held: Held, one: Due) -> int:
    """How often the member was given it by hand: those are rounds that nothing counted leads to."""
    there = held.get((one.member_id, one.achievement, one.tier.number))
    return there.by_hand if there else 0


def _by_member(movements: Iterable[Movement]) -> Mapping[int, Moved]:
    found: defaultdict[int, defaultdict[str, dict[str, Movement]]] = defaultdict(
        lambda: defaultdict(dict)
    )
    for movement in movements:
        found[movement.member_id][movement.metric][movement.window] = movement
    return found
