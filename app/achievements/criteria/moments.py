"""When criteria were met, by what a batch moved. Pure."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from app.achievements.criteria.conditions import Condition
from app.achievements.criteria.kinds import DistinctCriterion, MetricCriterion, StreakCriterion
from app.achievements.criteria.known import Known
from app.achievements.criteria.settings import Tier
from app.achievements.criteria.streaks import streaks
from app.activity.counters.moves import Movement
from app.activity.windows import ALL_TIME

Moved = Mapping[str, Mapping[str, Movement]]
"""A member's movements in the batch, by metric and window."""
DayOf = Callable[[datetime], int]
"""The ordinal of a moment's date, in the community's zone."""


def moment_of(
    tier: Tier, number: int, known: Known, moved: Moved, day_of: DayOf
) -> datetime | None:
    """When its criteria were met for the `number`th time; None where nothing of the batch tells."""
    found = []
    for criterion in tier.criteria:
        rounds = criterion.rounds(known)
        if rounds < number:
            continue
        met = _met(criterion, known, moved, day_of)
        place = number - 1 - (rounds - len(met))
        if met and 0 <= place < len(met):
            found.append(met[place])
        elif not tier.needs_all:
            # One that was met before this batch is met since then.
            return None
    if not found:
        return None
    return max(found) if tier.needs_all else min(found)


def _met(criterion: Condition, known: Known, moved: Moved, day_of: DayOf) -> list[datetime]:
    """When it was met in this batch, each time, in order."""
    match criterion:
        case StreakCriterion():
            movement = moved.get(criterion.days_of, {}).get(ALL_TIME)
            return [] if movement is None else _of_streaks(criterion, known, movement, day_of)
        case MetricCriterion(at_least=least) | DistinctCriterion(at_least=least) if least:
            windows = moved.get(criterion.ask.metric, {})
            if criterion.window is None:
                movement = windows.get(ALL_TIME)
                return [] if movement is None else _of_all_time(movement, least)
            return sorted(
                movement.moment_of(least)
                for movement in windows.values()
                if movement.kind == criterion.window
                and movement.after >= least > movement.after - movement.added
            )
    return []


def _of_all_time(movement: Movement, least: int) -> list[datetime]:
    before = (movement.after - movement.added) // least
    return [
        movement.moment_of(number * least)
        for number in range(before + 1, movement.after // least + 1)
    ]


def _of_streaks(
    criterion: StreakCriterion, known: Known, movement: Movement, day_of: DayOf
) -> list[datetime]:
    """A streak is met on the last of its days, however late another one becomes known; where that
    one was known before, nothing here tells when.
    """
    came: dict[int, datetime] = {}
    for at, amount in movement.steps:
        if amount > 0:
            came.setdefault(day_of(at), at)
    found = []
    days: Sequence[int] = known.days.get(criterion.days_of, ())
    for _, last in streaks(days, criterion.streak, criterion.grace):
        if last in came:
            found.append(came[last])
    return sorted(found)
