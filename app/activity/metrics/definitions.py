"""A programme's metrics, ready to count: each kind of event is one of its own name, and others are
defined.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.activity.limits.judging import Judge
from app.activity.metrics.channels import ChannelRules
from app.activity.metrics.digests import digest
from app.activity.metrics.settings import MetricSettings
from app.activity.metrics.shares import Dimension
from app.activity.windows import Calendar, Kind, read_kind
from app.plugins import Plugins
from app.programme.sections import Programme

Until = tuple[Kind | None, int]
"""Of all time or of the window of a kind that a day lies in: as far as that day, by its ordinal."""
KEPT = 16
"""The metrics of so many programmes are kept ready."""


@dataclass(frozen=True)
class Metric:
    """A metric, ready to count."""

    key: str
    kinds: tuple[str, ...]
    distinct: Dimension | None
    """What must be distinct; None where each event counts."""
    judge: Judge | None
    """Its limits; None where it has none."""
    judged_as: str
    """Whose verdicts it goes by: its own, but for one that a section implies of another metric."""
    windows: tuple[Kind, ...]
    """The windows in which it is counted, beside all time."""
    untils: tuple[Until, ...]
    """As far as which days it is counted besides."""
    definition: str
    """A digest of all that its counters depend on: another one, and they are counted anew."""


class Metrics:
    """All metrics of a programme, looked up by the kind of event that moves them."""

    def __init__(
        self,
        programme: Programme,
        windows: Iterable[tuple[str, str]] = (),
        implied: Mapping[str, MetricSettings] | None = None,
    ):
        community = programme["community"]
        self.calendar = Calendar(community.timezone, programme["seasons"])
        self.channels = ChannelRules(programme["channels"])
        self._wanted: dict[str, set[Kind]] = {}
        self._untils: dict[str, set[Until]] = {}
        for key, named in windows:
            kind, last = read_kind(named)
            if last is not None:
                self._untils.setdefault(key, set()).add((kind, last))
            elif kind is not None:
                self._wanted.setdefault(key, set()).add(kind)
        self.ranked = {board.metric for board in programme.get("leaderboards", {}).values()}
        """The metrics of leaderboards: of them it is kept how many members lie where."""
        self._clock = [
            community.timezone,
            {key: [one.begins, one.ends] for key, one in programme["seasons"].items()},
        ]
        self._spoken_of: dict[str, MetricSettings] = programme["metrics"]
        every = {**(implied or {}), **self._spoken_of}
        self.keys = set(every)
        self.implied = self.keys - set(self._spoken_of)
        """Those that nobody defined: they count, but are not spoken of by themselves."""
        self.defined = {key: self._defined(key, settings) for key, settings in every.items()}
        self.ageing = {
            key
            for key, settings in every.items()
            if settings.limits is not None
            and settings.limits.member_days is not None
            and self.defined[key].judged_as == key
        }
        """The metrics whose limits ask since when somebody is a member."""
        self._pairing = {
            key
            for key, settings in every.items()
            if settings.limits is not None
            and (settings.limits.same_member_per_day is not None or not settings.limits.own)
        }
        self._of_kinds: dict[str, Metric] = {}
        self._by_kind: dict[str, tuple[Metric, ...]] = {}

    def moved_by(self, kind: str) -> tuple[Metric, ...]:
        """The metrics that an event of this kind moves: the kind's own first, unless a metric has
        taken that name since the last event of the kind.
        """
        found = self._by_kind.get(kind)
        if found is None:
            own = () if kind in self.defined else (self.of_kind(kind),)
            others = (metric for metric in self.defined.values() if kind in metric.kinds)
            found = self._by_kind[kind] = (*own, *others)
        return found

    def judges_of(self, kind: str) -> list[str]:
        """The metrics whose limits judge an event of this kind."""
        return [one.key for one in self.moved_by(kind) if one.judge and one.judged_as == one.key]

    def of_kind(self, kind: str) -> Metric:
        """The metric of a kind's own name, without limits."""
        found = self._of_kinds.get(kind)
        if found is None:
            windows, untils = self._windows_of(kind), self._untils_of(kind)
            found = Metric(
                kind, (kind,), None, None, kind, windows, untils, self._digest(kind, None)
            )
            self._of_kinds[kind] = found
        return found

    def of(self, key: str) -> Metric:
        """A metric by its key: a defined one, else that of a kind."""
        return self.defined.get(key) or self.of_kind(key)

    @property
    def judges(self) -> set[str]:
        """The metrics by whose limits events are judged."""
        return {one.judged_as for one in self.defined.values() if one.judge is not None}

    @property
    def judged_by_age(self) -> list[Metric]:
        """Those that go by verdicts of `ageing` ones."""
        return [one for one in self.defined.values() if one.judged_as in self.ageing]

    @property
    def judged_by_others(self) -> list[Metric]:
        """Those whose limits look at with whom something was done."""
        return [one for key, one in self.defined.items() if key in self._pairing]

    @property
    def wanted(self) -> set[str]:
        """The metrics that are counted in windows, as far as a day, or ranked."""
        return {*self._wanted, *self._untils, *self.ranked}

    def _defined(self, key: str, settings: MetricSettings) -> Metric:
        windows = self._windows_of(key)
        judge = Judge(settings.limits, self.calendar) if settings.limits else None
        counted = settings.model_dump(mode="json", exclude={"name"}, exclude_unset=True)
        return Metric(
            key,
            settings.kinds,
            settings.distinct,
            judge,
            self._judged_as(key, settings),
            windows,
            self._untils_of(key),
            self._digest(key, counted),
        )

    def _judged_as(self, key: str, settings: MetricSettings) -> str:
        """An implied metric's limits are those of a metric that somebody defined."""
        if key in self.implied and settings.limits is not None:
            for other, theirs in self._spoken_of.items():
                if (theirs.kinds, theirs.limits) == (settings.kinds, settings.limits):
                    return other
        return key

    def _windows_of(self, key: str) -> tuple[Kind, ...]:
        return tuple(sorted(self._wanted.get(key, ())))

    def _digest(self, key: str, settings: Mapping[str, Any] | None) -> str:
        counted_in = self._windows_of(key), self._untils_of(key)
        return digest(key, *counted_in, settings, self._clock, is_ranked=key in self.ranked)

    def _untils_of(self, key: str) -> tuple[Until, ...]:
        return tuple(sorted(self._untils.get(key, ()), key=lambda one: (one[0] or "", one[1])))


def metrics_of(programme: Programme, plugins: Plugins) -> Metrics:
    """A programme's metrics, with those that its sections imply and the windows that they want.

    Made once for each of the programmes that were asked for last.
    """
    made: dict[int, tuple[Programme, Metrics]] = plugins.memory.setdefault("metrics", {})
    kept = made.get(id(programme))
    if kept is None or kept[0] is not programme:
        if len(made) >= KEPT:
            made.clear()
        kept = made[id(programme)] = programme, _metrics_of(programme, plugins)
    return kept[1]


def _metrics_of(programme: Programme, plugins: Plugins) -> Metrics:
    sections = plugins.sections.values()
    wanted = [pair for section in sections for pair in section.windows(programme)]
    implied: dict[str, MetricSettings] = {}
    for section in sections:
        implied |= section.metrics(programme)
    return Metrics(programme, wanted, implied)
