"""Which grants are due: only criteria that name a counter that moved are looked at."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.achievements.criteria import chains
from app.achievements.criteria.settings import AchievementSettings
from app.achievements.evaluation import candidates, holding, knowing
from app.achievements.evaluation.asking import Dating
from app.achievements.evaluation.candidates import Pair
from app.achievements.evaluation.due import Due
from app.achievements.grants import deciding, suspending, waiting
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
        due = deciding.due(
            session, community_id, programme, wanted, dating, movements, returned=returned
        )
        given = give_all(session, community_id, programme, due, actor=INTAKE, now=dating.now)
        granted += len(given)
        wanted = {pair for pair in _needing(table, given) if pair[1] not in suspended}
    return granted


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
