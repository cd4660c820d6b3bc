"""What of an achievement is due to a member: each tier by itself, and each time again."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app.achievements.criteria.known import Known
from app.achievements.criteria.moments import Moved, moment_of
from app.achievements.criteria.settings import AchievementSettings, Tier
from app.achievements.evaluation.by_the_end import End, is_near
from app.achievements.evaluation.due import Due
from app.achievements.evaluation.holding import Held
from app.achievements.evaluation.reaching import Moments


@dataclass(frozen=True)
class Dating:
    """How grants are dated."""

    now: datetime
    by_event: bool = False
    """By the event that reached the criteria, for seeds and trials; otherwise `now`."""


@dataclass(frozen=True)
class Asked:
    """A member and an achievement that is looked at."""

    member_id: int
    key: str
    settings: AchievementSettings
    zone: ZoneInfo
    dating: Dating
    moments: Callable[[], Moments]

    def due(self, held: Held, known: Known, moved: Moved) -> list[Due]:
        """What is due."""
        begins, _ = self.settings.span(self.zone)
        if begins is not None and self.dating.now < begins:
            return []
        due, end = [], self._end
        by_the_end = end.known(self.settings, held, known) if end is not None else known
        for tier in self.settings.steps:
            there = held.get((self.member_id, self.key, tier.number))
            rounds, last_at = (there.rounds, there.last_at) if there else (0, None)
            given = there.by_hand if there else 0
            most = _most(self.settings, min(tier.rounds(one) for one in (known, by_the_end)), given)
            for number in range(rounds - given + 1, most + 1):
                moment = self._moment(tier, number, known, moved)
                at = self.dating.now
                if self.dating.by_event:
                    at = moment if begins is None else max(moment, begins)
                if cools(self.settings, last_at, at):
                    break
                last_at, numbered = at, number + given
                due.append(
                    Due(self.member_id, self.key, tier, numbered, moment, at, told(tier, known))
                )
        return due

    @property
    def _end(self) -> End | None:
        """Its end, where anything may have been done after it."""
        last, after = self.settings.ends, self.settings.span(self.zone)[1]
        if last is None or after is None or not is_near(self.settings, self.zone, self.dating.now):
            return None
        return End(self.member_id, last, after, self.moments)

    def _moment(self, tier: Tier, number: int, known: Known, moved: Moved) -> datetime:
        """When it was reached: exactly where that says whether it is due, or dates it."""
        if self.dating.by_event or self._end is not None:
            return self.moments().of(self.member_id, tier, number, known)
        return moment_of(tier, number, known, moved, self._day) or self.dating.now

    def _day(self, at: datetime) -> int:
        return at.astimezone(self.zone).date().toordinal()


def cools(settings: AchievementSettings, last_at: datetime | None, at: datetime) -> bool:
    """Whether it is too soon after the member's last one."""
    days = settings.repeat.cooldown_days if settings.repeat else None
    return days is not None and last_at is not None and at - last_at < timedelta(days=days)


def may_have_more(settings: AchievementSettings, member_id: int, key: str, held: Held) -> bool:
    """Whether they do not have all of it yet, as often as it can be had."""
    there = (held.get((member_id, key, tier.number)) for tier in settings.steps)
    rounds = min(one.rounds if one else 0 for one in there)
    if settings.repeat is None:
        return rounds < 1
    return settings.repeat.at_most is None or rounds < settings.repeat.at_most


def told(tier: Tier, known: Known) -> dict[str, int]:
    """The counters that were looked at, as the fact tells them."""
    asks = sorted({criterion.ask for criterion in tier.criteria if criterion.ask}, key=str)
    return {ask.metric: max(known.counts(*ask), default=0) for ask in asks}


def _most(settings: AchievementSettings, rounds: int, given: int) -> int:
    """How often it may be earned by who met its criteria so many times: what was given by hand is
    not earned, and counts where there are only so many.
    """
    if settings.repeat is None:
        return min(rounds, 1 - given)
    return min(rounds, (settings.repeat.at_most or rounds + given) - given)
