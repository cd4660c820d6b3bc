"""The programme's table `[metrics.KEY]`, and the kinds of events that are metrics by themselves."""

from typing import Annotated

from pydantic import Field

from app.activity.limits.settings import LimitSettings
from app.activity.metrics.shares import Dimension
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


def title_of(programme: Programme, key: str) -> str:
    """A metric's name for people."""
    settings = programme["metrics"].get(key)
    return (settings.name if settings else None) or key.replace("_", " ")
