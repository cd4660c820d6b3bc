"""Near which days streaks are looked for: reading all of a member's past takes longer each year."""

from collections.abc import Collection, Iterable, Mapping
from zoneinfo import ZoneInfo

from app.achievements.criteria.kinds import StreakCriterion
from app.achievements.criteria.settings import AchievementSettings
from app.achievements.evaluation.candidates import Pair
from app.achievements.evaluation.counted import Near
from app.activity.counters.moves import Movement
from app.activity.windows import ALL_TIME


def days(
    table: Mapping[str, AchievementSettings],
    pairs: Iterable[Pair],
    moved: Iterable[Movement],
    zone: ZoneInfo,
    *,
    returned: Collection[int],
) -> Near:
    """Where a streak is all that is asked for, and only once, it is met by what moved or was
    granted before; so it lies around those days. All of the past is looked at of others, and of who
    had nothing granted so far and `returned`.
    """
    reach: dict[tuple[int, str], int] = {}
    far: set[tuple[int, str]] = set()
    for member_id, key in pairs:
        settings = table[key]
        for criterion in settings.criteria:
            if isinstance(criterion, StreakCriterion):
                which = member_id, criterion.days_of
                length = criterion.streak + criterion.grace
                reach[which] = max(reach.get(which, 0), length)
                if len(settings.criteria) > 1 or settings.repeat or member_id in returned:
                    far.add(which)
    near: dict[tuple[int, str], tuple[int, int]] = {}
    for movement in moved:
        which = movement.member_id, movement.metric
        if movement.window == ALL_TIME and which in reach and which not in far:
            steps = movement.steps
            first, last = steps[0][0], steps[-1][0]
            near[which] = (
                first.astimezone(zone).toordinal() - reach[which],
                last.astimezone(zone).toordinal() + reach[which],
            )
    return near
