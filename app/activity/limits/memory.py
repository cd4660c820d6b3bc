"""What a metric's limits remember of one member: all that later verdicts depend on.

Pure. It is small, whatever the member did: it is written with each batch.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

import orjson

EVENTS_BETWEEN = 32
"""Of a member's events about so many come between what is kept and what is kept next: it is much
larger than an event.
"""
STRIDE = 27
"""The inverse of 19 modulo 32, which 19 parts as the golden ratio does: so the days on which it is
kept lie evenly.
"""


class Key(NamedTuple):
    """An event's place in the one order: by its time (seconds since the epoch), source and id."""

    at: float
    source: str
    id: str


@dataclass(slots=True)
class Memory:
    """The state of a fold over a member's offered events, in their order."""

    last: Key | None = None
    """The newest event that was judged."""
    first: float | None = None
    """When the member was first seen: given at the beginning, else when the first event was."""
    counted: float | None = None
    """When one last counted."""
    day: int = 0
    hour: int = 0
    in_day: int = 0
    in_hour: int = 0
    """How much counted in the day and hour of the newest."""
    texts: dict[str, float] = field(default_factory=dict)
    """When each text was last offered."""
    others: dict[str, int] = field(default_factory=dict)
    """How much counted that day with each other member."""
    channels: list[str] = field(default_factory=list)
    """Of the last events."""
    minute: list[float] = field(default_factory=list)
    """When the events of the last minute were offered, but those that were too much."""
    this_minute: int = 0
    in_minute: int = 0
    past: list[int] = field(default_factory=list)
    """How much was offered in each of the last minutes in which something was; of a flooded one as
    if it was one.
    """
    offered: int = 0
    """How many were offered that day."""

    def is_kept_before(self, day: int, member_id: int) -> bool:
        """Whether what is remembered before a day's first event is kept, to judge from there what
        comes late: after so many events, more or less, that reading them again takes no time.

        It depends on the last day alone, so that it is the same however the events came: of who
        offered n then it is kept on n of so many days, each member's on others.
        """
        if day == self.day or self.last is None:
            return False
        return (STRIDE * day + member_id) % EVENTS_BETWEEN < self.offered

    def written(self) -> str:
        """As text."""
        values = [getattr(self, name) for name in _NAMES]
        return orjson.dumps(values, default=list).decode()


_NAMES = tuple(Memory.__dataclass_fields__)


def read(text: str) -> Memory:
    """As `written()` wrote it."""
    values = orjson.loads(text)
    memory = Memory(*values)
    if memory.last is not None:
        memory.last = Key(*memory.last)
    return memory
