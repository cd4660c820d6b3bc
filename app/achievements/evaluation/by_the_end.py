"""What was known of a member as an achievement ended, by what is counted as far as its last day.

Whether they were in time is told by it: their past need not be read again for that.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from app.achievements.criteria import chains
from app.achievements.criteria.kinds import RoleCriterion
from app.achievements.criteria.known import Known
from app.achievements.criteria.settings import AchievementSettings
from app.achievements.evaluation.holding import Held
from app.achievements.evaluation.reaching import LAST, Moments
from app.activity.intake.refusing import FUTURE_TOLERANCE
from app.activity.windows import UNTIL, Calendar, Kind, kind_of


def is_near(settings: AchievementSettings, zone: ZoneInfo, now: datetime) -> bool:
    """Whether there may be anything by now that was done after its end."""
    after = settings.span(zone)[1]
    return after is not None and now + FUTURE_TOLERANCE >= after


def asked_in_time(
    table: Mapping[str, AchievementSettings], zone: ZoneInfo, now: datetime
) -> set[str]:
    """The achievements by which is told whether somebody was in time for another that is about to
    end, or has: when they were reached has to be known exactly.
    """
    return set().union(
        *(chains.behind(table, key) for key in table if is_near(table[key], zone, now))
    )


def windows(
    table: Mapping[str, AchievementSettings], keys: Iterable[str], calendar: Calendar
) -> dict[str, set[str]]:
    """The windows that tell it of these, by metric."""
    found: dict[str, set[str]] = {}
    for key in set(keys):
        last = table[key].ends
        for criterion in table[key].criteria:
            if criterion.ask is not None and last is not None:
                window = calendar.cut(criterion.ask.kind, last.toordinal())
                found.setdefault(criterion.ask.metric, set()).update({window} if window else ())
    return found


@dataclass(frozen=True)
class End:
    """The end of an achievement, for one member who is looked at."""

    member_id: int
    last: date
    after: datetime
    """The first moment after it."""
    moments: Callable[[], Moments]

    def known(self, settings: AchievementSettings, held: Held, known: Known) -> Known:
        """What was known then: a criterion was met before it as often as it is met by this."""
        roles = {one.role for one in settings.criteria if isinstance(one, RoleCriterion)}
        return replace(
            known,
            now=self.after - LAST,
            counters={metric: self._counted(some) for metric, some in known.counters.items()},
            days={
                metric: [day for day in days if day <= self.last.toordinal()]
                for metric, days in known.days.items()
            },
            ranks=self._ranks(known),
            achievements=self._achievements(settings, held, known),
            roles=frozenset(role for role in roles & known.roles if self._had(role)),
            by_hand=False,
        )

    def _counted(self, some: Mapping[str, int]) -> dict[str, int]:
        """Of windows that were over what they came to, and of others as far as the last day."""
        found = {}
        for window, count in some.items():
            kind = kind_of(window)
            if kind == UNTIL:
                continue
            cut = self._cut(kind, window)
            if cut is not None:
                found[window] = some.get(cut, 0)
            elif kind is not None and self._was_over(window):
                found[window] = count
        return found

    def _cut(self, kind: Kind | None, window: str) -> str | None:
        calendar, last = self.moments().calendar, self.last.toordinal()
        is_in_it = kind is None or calendar.windows_of(last).get(kind) == window
        return calendar.cut(kind, last) if is_in_it else None

    def _was_over(self, window: str) -> bool:
        span = self.moments().calendar.span(window)
        return span is not None and span.closes <= self.after

    def _ranks(self, known: Known) -> dict[tuple[str, str], int]:
        if not known.ranks:
            return {}
        closings = self.moments().closings
        return {
            where: rank
            for where, rank in known.ranks.items()
            if where in closings and closings[where] <= self.after
        }

    def _achievements(
        self, settings: AchievementSettings, held: Held, known: Known
    ) -> dict[str, int]:
        asked, found = chains.asked_by(settings), dict[str, int]()
        for (member_id, key, tier), one in held.items():
            if member_id != self.member_id or key not in asked:
                continue
            # Something that came late may have let it be reached earlier than was known then.
            if (
                one.reached_at < self.after
                or self.moments().first(member_id, key, tier, known) < self.after
            ):
                found[key] = max(found.get(key, 0), tier)
        return found

    def _had(self, role: str) -> bool:
        since = self.moments().role_since(self.member_id, role)
        return since is not None and since < self.after
