"""The programme's table `[achievements.KEY]`: criteria as data, and what they give."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cached_property
from typing import Annotated, Any, Self
from zoneinfo import ZoneInfo

from pydantic import Field, ValidationInfo, field_validator, model_validator

from app.achievements.criteria.conditions import Condition, all_met
from app.achievements.criteria.kinds import (
    ByHandCriterion,
    Criterion,
    DistinctCriterion,
    MetricCriterion,
    RankCriterion,
    StreakCriterion,
    Threshold,
)
from app.achievements.criteria.known import Known
from app.plugins import Plugins
from app.programme.sections import Day, Name, Table
from app.rewards.channels import RewardChannel, channel

ONLY_TIER = 1
CountingCriterion = MetricCriterion | DistinctCriterion
LOOKS_AT_COUNTS = (StreakCriterion, RankCriterion)
"""Beside criteria that ask for a counter."""


@dataclass(frozen=True)
class Tier:
    """One step of an achievement, its criteria and reward whole; most have but one step."""

    number: int
    name: str | None
    needs_all: bool
    criteria: tuple[Condition, ...]
    reward: dict[str, Any]

    def rounds(self, known: Known) -> int:
        """How often a member has met its criteria."""
        return all_met(self.criteria, known, needs_all=self.needs_all)

    @property
    def metrics(self) -> set[str]:
        """The metrics whose counters it looks at."""
        return {criterion.ask.metric for criterion in self.criteria if criterion.ask}

    def channel_settings(self, plugins: Plugins) -> tuple[RewardChannel, Any]:
        """The reward's channel and its settings; `LookupError` or `ValidationError` if wrong."""
        found = channel(plugins, str(self.reward.get("channel", "")))
        own = {key: value for key, value in self.reward.items() if key != "channel"}
        return found, found.validate(own)


class TierSettings(Table):
    """A step: `at_least`, for the criterion that says none, or criteria of its own."""

    name: Name
    at_least: Threshold | None = None
    all: tuple[Criterion, ...] = ()
    any: tuple[Criterion, ...] = ()
    reward: dict[str, Any] | None = None

    @model_validator(mode="after")
    def _has_criteria(self) -> Self:
        if sum((self.at_least is not None, bool(self.all), bool(self.any))) != 1:
            raise ValueError("give one of `at_least`, `all` and `any`")
        return self


class RepeatSettings(Table):
    """That it can be had again: once more for each time that its criteria are met."""

    cooldown_days: Annotated[int, Field(ge=1, le=3_650)] | None = None
    """At least so long after the member's last one."""
    at_most: Annotated[int, Field(ge=1, le=100_000)] | None = None
    """So many for a member, in all."""


class AchievementSettings(Table):
    """`[achievements.KEY]`: `all` or `any` of some criteria, and a reward."""

    name: Name
    description: Annotated[str, Field(max_length=200)] = ""
    all: tuple[Criterion, ...] = ()
    any: tuple[Criterion, ...] = ()
    tiers: Annotated[tuple[TierSettings, ...], Field(max_length=20)] = ()
    reward: Annotated[dict[str, Any] | None, Field(validate_default=True)] = None
    """Of each tier that names no other."""
    repeat: RepeatSettings | None = None
    begins: Day | None = None
    ends: Day | None = None
    """The first and last day on which it can be had, in the community's zone."""
    budget: Annotated[int, Field(ge=1, le=100_000_000)] | None = None
    """So many are granted at most, to all members together."""

    @field_validator("reward")
    @classmethod
    def _gives_something(
        cls, reward: dict[str, Any] | None, info: ValidationInfo
    ) -> dict[str, Any] | None:
        tiers = info.data.get("tiers", ())
        if reward is None and (not tiers or any(tier.reward is None for tier in tiers)):
            raise ValueError("this key is required")
        return reward

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        own = [tier for tier in self.tiers if tier.at_least is None]
        if self.all and self.any:
            raise ValueError("give either `all` or `any`, with at least one criterion")
        if not self._given and (not self.tiers or len(own) < len(self.tiers)):
            raise ValueError("give either `all` or `any`, with at least one criterion")
        if self._given and own:
            raise ValueError("give criteria to the achievement or to its tiers, not to both")
        if len(_open(self._given)) != bool(self._given and self.tiers):
            raise ValueError(
                "say at_least in each criterion; with tiers that say it, one leaves it out"
            )
        if any_open := [tier for tier in own if _open((*tier.all, *tier.any))]:
            raise ValueError(f"say at_least in each criterion of tier {any_open[0].name}")
        steps = [tier.at_least for tier in self.tiers if tier.at_least is not None]
        if steps != sorted(set(steps)):
            raise ValueError("each tier asks for more than the one before it")
        if self.begins and self.ends and self.ends < self.begins:
            raise ValueError("it ends on the day it begins, or later")
        return self

    @property
    def _given(self) -> tuple[Condition, ...]:
        return self.all or self.any

    @cached_property
    def steps(self) -> tuple[Tier, ...]:
        """Its tiers in order; one where it has none."""
        if not self.tiers:
            return (Tier(ONLY_TIER, None, bool(self.all), self._given, self.reward or {}),)
        found = []
        for number, tier in enumerate(self.tiers, start=1):
            criteria: Sequence[Condition] = tier.all or tier.any
            if tier.at_least is not None:
                criteria = [_filled(criterion, tier.at_least) for criterion in self._given]
            needs_all = bool(tier.all or (self.all and tier.at_least is not None))
            reward = tier.reward or self.reward or {}
            found.append(Tier(number, tier.name, needs_all, tuple(criteria), reward))
        return tuple(found)

    @cached_property
    def criteria(self) -> tuple[Condition, ...]:
        """The criteria of all tiers."""
        return tuple(criterion for tier in self.steps for criterion in tier.criteria)

    @property
    def is_counted(self) -> bool:
        """Whether it looks at anything that members do."""
        return any(one.ask is not None or isinstance(one, LOOKS_AT_COUNTS) for one in self.criteria)

    @property
    def is_given_by_hand(self) -> bool:
        """Whether an organiser may give it."""
        return any_of(self.criteria, ByHandCriterion)

    def span(self, zone: ZoneInfo) -> tuple[datetime | None, datetime | None]:
        """The first moment at which it can be had, and the first one after."""
        begins = datetime.combine(self.begins, time(), zone) if self.begins else None
        after = self.ends + timedelta(days=1) if self.ends else None
        return begins, datetime.combine(after, time(), zone) if after else None


def any_of(criteria: Sequence[Condition], kind: type[Condition]) -> bool:
    """Whether one of these is of a kind."""
    return any(isinstance(criterion, kind) for criterion in criteria)


def _open(criteria: Sequence[Condition]) -> list[Condition]:
    return [one for one in criteria if isinstance(one, CountingCriterion) and not one.at_least]


def _filled(criterion: Condition, at_least: int) -> Condition:
    if isinstance(criterion, CountingCriterion) and criterion.at_least is None:
        return criterion.filled(at_least)
    return criterion
