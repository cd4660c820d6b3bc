"""Which achievements may be due to whom, by what a batch moved."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from app.achievements.criteria import chains
from app.achievements.criteria.kinds import MemberDaysCriterion, StreakCriterion
from app.achievements.criteria.settings import AchievementSettings
from app.activity.counters.moves import Change, Movement
from app.programme.sections import Programme

Pair = tuple[int, str]
"""A member and an achievement that may be due to them."""
Table = Mapping[str, AchievementSettings]
_Metric = tuple[str, str | None]
"""A metric's key and the kind of window in which it is looked at."""


def of(
    programme: Programme,
    movements: Sequence[Movement],
    changes: Iterable[Change],
    *,
    now: datetime,
    returned: Collection[int] = (),
) -> set[Pair]:
    """Whose movements came to where a criterion may be met; of what ended, of whom something
    became known that was done before its end, or who had nothing granted so far and `returned`.
    """
    table: Table = programme["achievements"]
    over = _over(table, ZoneInfo(programme["community"].timezone), now)
    if not over:
        return _reached(table, movements, returned)
    others = {key: one for key, one in table.items() if key not in over}
    found = _reached(others, movements, returned)
    return found | _late(table, over, changes, returned)


def _reached(table: Table, movements: Sequence[Movement], returned: Collection[int]) -> set[Pair]:
    """Whose movements came to where a criterion may be met; of who `returned` whatever it is, as
    another criterion beside it may be met for long.
    """
    watched = _watched(table)
    return {
        (movement.member_id, key)
        for movement in movements
        for least, key in watched.get((movement.metric, movement.kind), ())
        # Past it counts as well: a programme may have been changed, or another criterion missing.
        if movement.after >= least or movement.member_id in returned
    }


def _late(
    table: Table,
    over: Mapping[str, datetime],
    changes: Iterable[Change],
    returned: Collection[int],
) -> set[Pair]:
    """Of whom something became known that was done before these ended: it may be what they ask for,
    or let something else that they ask for be reached earlier.
    """
    keys: defaultdict[str, set[str]] = defaultdict(set)
    by_any: set[str] = set()
    for ended in over:
        some = {key: table[key] for key in {ended, *chains.behind(table, ended)} & table.keys()}
        for metric, _ in _watched(some):
            keys[metric].add(ended)
        criteria = [criterion for one in some.values() for criterion in one.criteria]
        # Since when somebody is a member is told by whatever they did first.
        if any(isinstance(criterion, MemberDaysCriterion) for criterion in criteria):
            by_any.add(ended)
    return {
        (share.member_id, key)
        for metric, share in changes
        for key in keys.get(metric.key, set()) | by_any
        if share.events[0].event.at < over[key] or share.member_id in returned
    }


def _over(table: Table, zone: ZoneInfo, now: datetime) -> dict[str, datetime]:
    """The achievements that ended, with the first moment after each."""
    spans = {key: one.span(zone)[1] for key, one in table.items() if one.ends is not None}
    return {key: after for key, after in spans.items() if after is not None and now >= after}


def _watched(table: Table) -> Mapping[_Metric, list[tuple[int, str]]]:
    """From which counts on which achievements are to be looked at."""
    watched: defaultdict[_Metric, list[tuple[int, str]]] = defaultdict(list)
    for key, settings in table.items():
        for criterion in settings.criteria:
            if isinstance(criterion, StreakCriterion):
                watched[criterion.days_of, None].append((criterion.streak, key))
            elif criterion.ask:
                least = getattr(criterion, "at_least", 1)
                watched[criterion.ask.metric, criterion.ask.kind].append((least, key))
    return watched
