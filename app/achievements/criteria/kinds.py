"""Criteria as data: each says how often a member has met it, and how far they are. Pure."""

from datetime import timedelta
from typing import Annotated, Any, Literal, Self

from pydantic import Discriminator, Field, StringConstraints, Tag, model_validator

from app.achievements.criteria.conditions import ALWAYS, Ask, Condition, Progress
from app.achievements.criteria.known import Known
from app.achievements.criteria.streaks import longest_streak, streaks
from app.activity.metrics.shares import Dimension
from app.activity.windows import SEASON, Kind, kind_of
from app.programme.sections import Key

Threshold = Annotated[int, Field(ge=1, le=1_000_000_000)]
RoleId = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,20}$")]
IMPLIED: dict[Dimension, str] = {"day": "days", "channel": "channels", "thread": "threads"}


class _Counting(Condition):
    """At least so much of a counter: for all time, or in any one window of a kind."""

    at_least: Threshold | None = None
    """Only where tiers say it, one each, is it left out."""
    window: Kind | None = None

    @property
    def is_counted(self) -> bool:
        """For all time it is met once more with each further `at_least`, else in each window."""
        return True

    def filled(self, at_least: int) -> Self:
        """The same with the threshold of a tier."""
        return self.model_copy(update={"at_least": at_least})

    def rounds(self, known: Known) -> int:
        """How often the threshold was reached."""
        least = self.at_least or ALWAYS
        counts = self._counts(known)
        if self.window is None:
            return max(counts, default=0) // least
        return sum(count >= least for count in counts)

    def progress(self, known: Known, number: int = 1) -> Progress:
        """The counter beyond what it was met by before, or that of the best window that is left."""
        least, counts = self.at_least or ALWAYS, self._counts(known)
        if self.window is None:
            return Progress(max(0, max(counts, default=0) - (number - 1) * least), least)
        left = sorted(counts, reverse=True)[number - 1 :]
        return Progress(max(left, default=0), least)

    def _counts(self, known: Known) -> list[int]:
        return [] if self.ask is None else known.counts(*self.ask)


class MetricCriterion(_Counting):
    """`{ metric, at_least, window }`: a metric has come to at least so much."""

    metric: Key

    @property
    def ask(self) -> Ask:
        """The metric's counter."""
        return Ask(self.metric, self.window)


class DistinctCriterion(_Counting):
    """`{ distinct = "day", of, at_least, window }`: so many different days, channels or threads
    of a kind of event, or of what a metric with limits counts; no metric has to be defined for it.
    """

    distinct: Dimension
    of: Key

    @property
    def ask(self) -> Ask:
        """The counter of the metric that it implies."""
        return Ask(implied_key(self.of, self.distinct), self.window)


class StreakCriterion(Condition):
    """`{ streak, metric, grace }`: so many of a metric's distinct days in a row, or with `of` days
    with a kind of event; in between, at most `grace` days may be missed.
    """

    streak: Annotated[int, Field(ge=2, le=366)]
    metric: Key | None = None
    of: Key | None = None
    grace: Annotated[int, Field(ge=0, le=30)] = 0

    @model_validator(mode="after")
    def _says_of_what(self) -> Self:
        if (self.metric is None) == (self.of is None):
            raise ValueError("give `metric`, one of distinct days, or `of`, a kind of event")
        return self

    @property
    def days_of(self) -> str:
        """The metric of distinct days."""
        return self.metric or implied_key(self.of or "", "day")

    @property
    def is_counted(self) -> bool:
        """Each further streak, of other days, is one more."""
        return True

    def rounds(self, known: Known) -> int:
        """How many streaks there are, without a day in common."""
        return len(streaks(known.days.get(self.days_of, ()), self.streak, self.grace))

    def progress(self, known: Known, number: int = 1) -> Progress:
        """The longest streak behind those that it was met by before, up to what is needed."""
        days = known.days.get(self.days_of, ())
        before = streaks(days, self.streak, self.grace)[: number - 1]
        if before:
            days = [day for day in days if day > before[-1][1]]
        return Progress(min(longest_streak(days, self.grace), self.streak), self.streak)


class RankCriterion(Condition):
    """`{ rank, leaderboard, season }`: among the first of a season that has closed, or of any; with
    `window` of a day, week or month.
    """

    rank: Annotated[int, Field(ge=1, le=100_000)]
    leaderboard: Key
    window: Kind = "season"
    season: Key | None = None

    @model_validator(mode="after")
    def _names_a_season_of_seasons(self) -> Self:
        if self.season is not None and self.window != "season":
            raise ValueError("a season is not of another window: leave one of both out")
        return self

    @property
    def is_counted(self) -> bool:
        """Each window is one more."""
        return True

    def rounds(self, known: Known) -> int:
        """In how many windows the member came so far."""
        return sum(
            board == self.leaderboard and self.takes(window) and rank <= self.rank
            for (board, window), rank in known.ranks.items()
        )

    def takes(self, window: str) -> bool:
        """Whether a standing of that window is looked at."""
        if self.season is not None:
            return window == f"{SEASON}{self.season}"
        return kind_of(window) == self.window


class AchievementCriterion(Condition):
    """`{ achievement, tier }`: holds another achievement."""

    achievement: Key
    tier: Annotated[int, Field(ge=1, le=20)] = 1

    def rounds(self, known: Known) -> int:
        """Whether the member holds it."""
        return ALWAYS * (known.achievements.get(self.achievement, 0) >= self.tier)


class RoleCriterion(Condition):
    """`{ role = "ID" }`: holds a role of a guild."""

    role: RoleId

    def rounds(self, known: Known) -> int:
        """Whether the member holds it now."""
        return ALWAYS * (self.role in known.roles)


class MemberDaysCriterion(Condition):
    """`{ member_days }`: was first seen in the community so many days ago."""

    member_days: Annotated[int, Field(ge=1, le=36_500)]

    def rounds(self, known: Known) -> int:
        """Whether it is so long ago."""
        return ALWAYS * self.progress(known).is_met

    def progress(self, known: Known, number: int = 1) -> Progress:
        """Whole days, each time."""
        since = known.member_since
        days = 0 if since is None else (known.now - since) // timedelta(days=1)
        return Progress(max(days, 0), self.member_days)


class ByHandCriterion(Condition):
    """`{ by_hand = true }`: an organiser gives it, with a reason that is kept."""

    by_hand: Literal[True]

    @property
    def is_counted(self) -> bool:
        """They may give it once more."""
        return True

    def rounds(self, known: Known) -> int:
        """Whether one gives it now."""
        return ALWAYS * known.by_hand


_BY_MARK: dict[str, type[Condition]] = {
    "streak": StreakCriterion,
    "rank": RankCriterion,
    "distinct": DistinctCriterion,
    "achievement": AchievementCriterion,
    "role": RoleCriterion,
    "member_days": MemberDaysCriterion,
    "by_hand": ByHandCriterion,
    "metric": MetricCriterion,
}


def mark_of(criterion: Condition) -> str:
    """The key that only its kind has, such as `role`."""
    return next(mark for mark, kind in _BY_MARK.items() if type(criterion) is kind)


def _mark(content: Any) -> str | None:
    """What kind of criterion it is, by the key that only that kind has."""
    if isinstance(content, Condition):
        return f"[{mark_of(content)}]"
    if not isinstance(content, dict):
        return None
    return next((f"[{mark}]" for mark in _BY_MARK if mark in content), None)


Criterion = Annotated[
    Annotated[StreakCriterion, Tag("[streak]")]
    | Annotated[RankCriterion, Tag("[rank]")]
    | Annotated[DistinctCriterion, Tag("[distinct]")]
    | Annotated[AchievementCriterion, Tag("[achievement]")]
    | Annotated[RoleCriterion, Tag("[role]")]
    | Annotated[MemberDaysCriterion, Tag("[member_days]")]
    | Annotated[ByHandCriterion, Tag("[by_hand]")]
    | Annotated[MetricCriterion, Tag("[metric]")],
    Discriminator(
        _mark,
        custom_error_type="unknown_criterion",
        custom_error_message=f"a criterion has one of these keys: {', '.join(sorted(_BY_MARK))}",
    ),
]


def implied_key(of: str, distinct: Dimension) -> str:
    """The key of the metric that counts distinct ones of something, such as `message_days`."""
    return f"{of}_{IMPLIED[distinct]}"
