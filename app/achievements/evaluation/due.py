"""What is due to a member."""

from datetime import datetime
from typing import NamedTuple

from app.achievements.criteria.settings import Tier


class Due(NamedTuple):
    """An achievement's tier that a member has reached."""

    member_id: int
    achievement: str
    tier: Tier
    round: int
    moment: datetime
    """When the criteria were met: who comes first has what a budget leaves. As the batch tells it,
    and exactly where anything depends on it."""
    at: datetime
    """By when it is dated."""
    counters: dict[str, int]
    by_hand: bool = False

    @property
    def key(self) -> tuple[str, int, int, int]:
        """What there can be only one grant of."""
        return self.achievement, self.tier.number, self.round, self.member_id
