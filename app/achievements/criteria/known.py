"""What criteria look at: all that is known of one member. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from app.activity.windows import ALL_TIME, Kind, kind_of


@dataclass(frozen=True)
class Known:
    """What is known of a member at a moment; what no criterion asks for is left out."""

    now: datetime
    counters: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """By metric and window."""
    days: Mapping[str, Sequence[int]] = field(default_factory=dict)
    """By metric of distinct days: their dates' ordinals, ascending."""
    ranks: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """By leaderboard and window, in final standings."""
    achievements: Mapping[str, int] = field(default_factory=dict)
    """The highest tier held of each."""
    roles: frozenset[str] = frozenset()
    member_since: datetime | None = None
    by_hand: bool = False
    """Whether an organiser gives it just now."""

    def counts(self, metric: str, kind: Kind | None) -> list[int]:
        """The metric's counters in all windows of a kind, or the one of all time."""
        windows = self.counters.get(metric, {})
        if kind is None:
            return [windows[ALL_TIME]] if ALL_TIME in windows else []
        return [count for window, count in windows.items() if kind_of(window) == kind]
