"""The programme's section `[achievements.KEY]`: criteria as data, and what they give."""

from collections.abc import Iterable
from typing import Annotated, Any, Self

from pydantic import Field, ValidationError, model_validator

from app.activity.declared import kinds_sent, paid_kinds
from app.activity.metrics import KINDS
from app.plugins import Plugins
from app.programme.sections import Key, Name, NamedTables, Programme, Table
from app.rewards.channels import RewardChannel, channel


class Criterion(Table):
    """A metric has come to at least so much."""

    metric: Key
    at_least: Annotated[int, Field(ge=1, le=1_000_000_000)]

    def met(self, counters: dict[str, int]) -> bool:
        """Whether these counters meet it."""
        return counters.get(self.metric, 0) >= self.at_least


class AchievementSettings(Table):
    """`[achievements.KEY]`: `all` or `any` of some criteria, and a reward."""

    name: Name
    description: Annotated[str, Field(max_length=200)] = ""
    all: tuple[Criterion, ...] = ()
    any: tuple[Criterion, ...] = ()
    reward: dict[str, Any]

    @model_validator(mode="after")
    def _has_criteria(self) -> Self:
        if bool(self.all) == bool(self.any):
            raise ValueError("give either `all` or `any`, with at least one criterion")
        return self

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """The criteria, in the order of the file."""
        return self.all or self.any

    @property
    def metrics(self) -> set[str]:
        """The metrics that its criteria name."""
        return {criterion.metric for criterion in self.criteria}

    def met(self, counters: dict[str, int]) -> bool:
        """Whether these counters meet the criteria."""
        met = [criterion.met(counters) for criterion in self.criteria]
        return all(met) if self.all else any(met)

    def channel_settings(self, plugins: Plugins) -> tuple[RewardChannel, Any]:
        """The reward's channel and its settings; `LookupError` or `ValidationError` if wrong."""
        found = channel(plugins, str(self.reward.get("channel", "")))
        own = {key: value for key, value in self.reward.items() if key != "channel"}
        return found, found.validate(own)


class AchievementsSection(NamedTables[AchievementSettings]):
    """`[achievements.KEY]`; one without a reward channel is refused."""

    def __init__(self, plugins: Plugins) -> None:
        super().__init__("achievements", AchievementSettings)
        self._plugins = plugins

    def check(self, programme: Programme) -> Iterable[tuple[str, str]]:
        """Every criterion's metric can move, and every reward can be given."""
        countable = {*KINDS, *programme["metrics"]}
        countable |= {kind for table in programme["metrics"].values() for kind in table.kinds}
        countable |= kinds_sent(programme)
        for key, settings in self.of(programme).items():
            for metric in sorted(settings.metrics - countable):
                yield key, f"nothing moves the metric {metric}: define [metrics.{metric}]"
            yield from _bought(key, settings, programme)
            if wrong := self._wrong_reward(settings, programme):
                yield f"{key}.reward", wrong

    def _wrong_reward(self, settings: AchievementSettings, programme: Programme) -> str | None:
        if "channel" not in settings.reward:
            return "an achievement needs a reward with a channel"
        try:
            found, own = settings.channel_settings(self._plugins)
        except LookupError as error:
            return str(error)
        except ValidationError as error:
            first = error.errors()[0]
            return f"key {'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
        return found.check(own, programme)


def _bought(
    key: str, settings: AchievementSettings, programme: Programme
) -> Iterable[tuple[str, str]]:
    """What money can buy earns nothing."""
    paid = paid_kinds(programme)
    for metric in sorted(settings.metrics):
        defined = programme["metrics"].get(metric)
        for kind in defined.kinds if defined else (metric,):
            if kind in paid:
                says = f"as [sources.{paid[kind]}] says: nothing is granted for it"
                yield key, f"money can buy {kind}, {says}"
