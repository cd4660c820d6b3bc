"""How fair achievements are, by what was really done: who reaches them, and how soon. Pure."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import timedelta
from math import ceil
from statistics import median
from typing import Any

from app.achievements.criteria.wording import counted
from app.achievements.trials.trial import Tried

FEW = 0.01
"""A smaller share of the active members hardly reaches it."""
TO_TOP_HUNDREDTH, TO_TOP_TENTH = 0.25, 0.8
"""A larger share of all who reach it are the most active 1 % and 10 %."""
LONG = 180
"""Days at the median."""
NEW = timedelta(days=30)
"""Who was first active so shortly before the end is a newcomer."""
LESS = 0.25
"""Newcomers reach it less often than that share of how often others do."""
ENOUGH = 20
"""Of fewer newcomers or others nothing is concluded."""


@dataclass(frozen=True)
class Fairness:
    """An achievement's tier over some recorded activity. Shares are from 0 to 1."""

    achievement: str
    tier: int
    active: int
    """Members who did anything."""
    reached: int
    share: float
    """Of the active members."""
    median_days: float | None
    """From a member's first event to the grant."""
    to_top_1_percent: float
    to_top_10_percent: float
    """Which share of all who reach it is the most active 1 % and 10 %."""
    newcomers: float | None
    veterans: float | None
    """Which share of each reaches it; None where there are none."""
    warnings: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """As `keepsake fairness --json` prints it."""
        return asdict(self) | {"warnings": list(self.warnings)}


def of_all(tried: Tried, steps: Iterable[tuple[str, int]]) -> list[Fairness]:
    """Each of these achievements' tiers, among who was active."""
    most = [member for member, _ in sorted(tried.events.items(), key=lambda one: (-one[1], one[0]))]
    top_1, top_10 = (set(most[: ceil(len(most) * share)]) for share in (0.01, 0.1))
    end = tried.last_at
    new = {member for member, at in tried.first.items() if end is not None and at > end - NEW}
    old = set(most) - new
    reached: dict[tuple[str, int], dict[int, float]] = {}
    for grant in tried.grants:
        if grant.member_id not in tried.first:
            # A role alone may bring it, to who did nothing.
            continue
        days = (grant.at - tried.first[grant.member_id]) / timedelta(days=1)
        at = reached.setdefault((grant.achievement, grant.tier), {})
        at.setdefault(grant.member_id, max(days, 0.0))
    found = []
    for key, tier in steps:
        who = reached.get((key, tier), {})
        figures = Fairness(
            key,
            tier,
            len(most),
            len(who),
            _share(len(who), len(most)) or 0.0,
            round(median(who.values()), 1) if who else None,
            _share(len(top_1 & who.keys()), len(who)) or 0.0,
            _share(len(top_10 & who.keys()), len(who)) or 0.0,
            _share(len(new & who.keys()), len(new)),
            _share(len(old & who.keys()), len(old)),
        )
        warnings = tuple(_warnings(figures, len(new), len(old)))
        found.append(Fairness(**(asdict(figures) | {"warnings": warnings})))
    return found


def _warnings(one: Fairness, new: int, old: int) -> Iterable[str]:
    if not one.reached:
        yield "nobody reaches it"
        return
    if one.share < FEW:
        yield f"only {percent(one.share)} of the active members reach it"
    if one.reached >= ENOUGH and one.to_top_1_percent > TO_TOP_HUNDREDTH:
        yield f"{percent(one.to_top_1_percent)} of those who reach it are the most active 1 %"
    if one.reached >= ENOUGH and one.to_top_10_percent > TO_TOP_TENTH:
        yield f"{percent(one.to_top_10_percent)} of those who reach it are the most active 10 %"
    if one.median_days is not None and one.median_days > LONG:
        yield f"it takes {counted(round(one.median_days), 'day')} at the median"
    enough = new >= ENOUGH and old >= ENOUGH
    if enough and (one.newcomers or 0) < LESS * (one.veterans or 0):
        yield (
            f"{percent(one.newcomers or 0)} of newcomers reach it, and "
            f"{percent(one.veterans or 0)} of all others"
        )


def percent(share: float) -> str:
    """`12 %`; below ten with a decimal."""
    return f"{100 * share:.0f} %" if share >= 0.1 else f"{100 * share:.1f} %"


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
