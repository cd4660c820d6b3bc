"""The programme's table `[metrics.KEY]`, and the kinds of events that are metrics by themselves."""

from typing import Annotated

from pydantic import Field

from app.activity.limits.settings import LimitSettings
from app.activity.metrics.shares import Dimension
from app.activity.sources.declared import kinds_sent
from app.programme.sections import Key, Name, Programme, Table

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


class MetricSettings(Table):
    """`[metrics.KEY]`: counts events of these kinds, or their distinct days, channels, threads."""

    name: Name | None = None
    kinds: Annotated[tuple[Key, ...], Field(min_length=1)]
    distinct: Dimension | None = None
    limits: LimitSettings | None = None


def countable(programme: Programme) -> set[str]:
    """The metrics that something can move: those defined, and every kind of event that collectors
    of our own make, sources may send or metrics count.
    """
    tables: dict[str, MetricSettings] = programme["metrics"]
    counted = {kind for table in tables.values() for kind in table.kinds}
    return {*KINDS, *kinds_sent(programme), *counted, *tables}


def unseasonable(window: str | None, programme: Programme) -> str | None:
    """A sentence where something is counted by season, and there is none."""
    if window == "season" and not programme["seasons"]:
        return "there is no season: define one as [seasons.KEY]"
    return None


def title_of(programme: Programme, key: str) -> str:
    """A metric's name for people."""
    settings = programme["metrics"].get(key)
    return (settings.name if settings else None) or key.replace("_", " ")
