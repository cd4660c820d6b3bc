"""Budgets: of some achievements only so many are granted, never one more."""

from collections import Counter as Tally
from collections.abc import Iterable, Mapping

from sqlalchemy import case, func, select, update
from sqlalchemy.orm import Session

from app.achievements.criteria.settings import AchievementSettings
from app.achievements.evaluation.due import Due
from app.achievements.models import AchievementBudget, Grant
from app.communities.turns import take_turn
from app.statements import insert_or, table_of

_budget = table_of(AchievementBudget).c


def open_all(session: Session, community_id: int, table: Mapping[str, AchievementSettings]) -> None:
    """Counts what was granted of each that has a budget, when the programme is applied."""
    keys = sorted(key for key, settings in table.items() if settings.budget)
    if not keys:
        return
    # Nothing is granted meanwhile: who grants has the same lock.
    take_turn(session, community_id)
    granted = granted_of(session, community_id, keys)
    statement = insert_or(session, table_of(AchievementBudget))
    counted = statement.on_conflict_do_update(
        index_elements=["community_id", "achievement"],
        set_={"granted": statement.excluded.granted},
    )
    rows = [
        {
            "community_id": community_id,
            "achievement": key,
            "granted": granted.get(key, 0),
            "taken": 0,
        }
        for key in keys
    ]
    session.connection().execute(counted, rows)


def take(session: Session, community_id: int, achievement: str, wanted: int, budget: int) -> int:
    """Takes up to `wanted` of what is left; returns how many.

    One UPDATE that has the row to itself until the transaction ends: of any number of writers at
    once none takes what another took.
    """
    granted, after = _budget.granted, _budget.granted + wanted
    taken = session.connection().scalar(
        update(table_of(AchievementBudget))
        .where(_budget.community_id == community_id, _budget.achievement == achievement)
        .values(
            taken=case((after <= budget, wanted), (granted < budget, budget - granted), else_=0),
            granted=case((after <= budget, after), (granted < budget, budget), else_=granted),
        )
        .returning(_budget.taken)
    )
    if taken is None:
        raise RuntimeError(f"the budget of {achievement} was not opened")
    return int(taken)


def too_small(
    session: Session,
    community_id: int,
    table: Mapping[str, AchievementSettings],
    due: Iterable[Due],
) -> set[str]:
    """The achievements of which fewer are left than are due: it matters who came first."""
    wanted = Tally(one.achievement for one in due if table[one.achievement].budget)
    several = [key for key, count in wanted.items() if count > 1]
    if not several:
        return set()
    rows = session.connection().execute(
        select(_budget.achievement, _budget.granted).where(
            _budget.community_id == community_id, _budget.achievement.in_(sorted(several))
        )
    )
    left = {row.achievement: (table[row.achievement].budget or 0) - row.granted for row in rows}
    return {key for key in several if 0 < left.get(key, 0) < wanted[key]}


def give_back(session: Session, community_id: int, achievement: str, unused: int) -> None:
    """Gives back what was taken in this transaction and is not granted after all."""
    session.connection().execute(
        update(table_of(AchievementBudget))
        .where(_budget.community_id == community_id, _budget.achievement == achievement)
        .values(granted=_budget.granted - unused)
    )


def granted_of(session: Session, community_id: int, keys: Iterable[str]) -> dict[str, int]:
    """How many grants were made of each of these, all tiers and rounds; of none it is missing.

    Also those that two accounts had of one budget before they were linked.
    """
    wanted = sorted(keys)
    rows = session.execute(
        select(Grant.achievement, func.count().label("granted"))
        .where(Grant.community_id == community_id, Grant.achievement.in_(wanted))
        .group_by(Grant.achievement)
    )
    found = {row.achievement: row.granted for row in rows}
    taken = session.execute(
        select(_budget.achievement, _budget.granted).where(
            _budget.community_id == community_id, _budget.achievement.in_(wanted)
        )
    )
    return found | {
        row.achievement: max(row.granted, found.get(row.achievement, 0)) for row in taken
    }
