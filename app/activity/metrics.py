"""Metrics: what is counted. Every kind of event is one of its own name; others are defined."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import Field

from app.activity.events import ActivityEvent
from app.programme.sections import Key, Name, NamedTables, Programme, Table

KINDS = (
    "message",
    "thread_started",
    "thread_answered",
    "reaction_given",
    "reaction_received",
    "voice_minutes",
    "event_attended",
    "joined",
)
"""Kinds that collectors of our own make; a source may add others."""

Dimension = Literal["day", "channel", "thread"]


class MetricSettings(Table):
    """`[metrics.KEY]`: counts events of these kinds, or their distinct days, channels, threads."""

    name: Name | None = None
    kinds: Annotated[tuple[Key, ...], Field(min_length=1)]
    distinct: Dimension | None = None


class MetricsSection(NamedTables[MetricSettings]):
    """`[metrics.KEY]`."""

    def __init__(self) -> None:
        super().__init__("metrics", MetricSettings)

    def check(self, programme: Programme) -> Iterable[tuple[str, str]]:
        """A metric must not take the name of a kind: that one counts its kind, without limits."""
        tables = self.of(programme)
        kinds = {*KINDS, *(kind for table in tables.values() for kind in table.kinds)}
        for key in tables:
            if key in kinds:
                yield key, f"{key} is the name of a kind of event and so a metric already"


@dataclass(frozen=True)
class Metric:
    """A defined metric, ready to count."""

    key: str
    value_of: Callable[[ActivityEvent], str | None] | None
    """What must be distinct; None where each event counts."""


class Metrics:
    """All metrics of a programme, looked up by the kind of event that moves them."""

    def __init__(self, programme: Programme):
        zone = ZoneInfo(programme["community"].timezone)
        self._by_kind: dict[str, list[Metric]] = {}
        self.keys = set(programme["metrics"])
        for key, settings in programme["metrics"].items():
            metric = Metric(key, _value_of(settings.distinct, zone))
            for kind in settings.kinds:
                self._by_kind.setdefault(kind, []).append(metric)

    def moved_by(self, kind: str) -> list[Metric]:
        """The defined metrics that an event of this kind moves, beside the kind's own."""
        return self._by_kind.get(kind, [])


def title_of(programme: Programme, key: str) -> str:
    """A metric's name for people."""
    settings = programme["metrics"].get(key)
    return (settings.name if settings else None) or key.replace("_", " ")


def _value_of(
    dimension: Dimension | None, zone: ZoneInfo
) -> Callable[[ActivityEvent], str | None] | None:
    match dimension:
        case "day":
            return lambda event: event.at.astimezone(zone).date().isoformat()
        case "channel":
            return lambda event: event.channel
        case "thread":
            return lambda event: event.thread
        case None:
            return None
