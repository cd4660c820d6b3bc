"""What collectors were told, until it is written."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from app.activity.events import ActivityEvent


class Seen(NamedTuple):
    """An event, and with which avatar its member was seen."""

    event: ActivityEvent
    avatar: Mapping[str, str | None]
    read: tuple[str, int] | None = None
    """Where it was read and which message it is, for one."""


class Gone(NamedTuple):
    """Events that are to count no longer, by their ids."""

    ids: tuple[str, ...]


class Cleared(NamedTuple):
    """Reactions to a message that are to count no longer: all, or those of one emoji."""

    message: str
    emoji: str | None = None


class Looked(NamedTuple):
    """That in a minute it was seen who takes part in a guild's voice channels."""

    guild: str
    minute: datetime
    occupied: tuple[str, ...]


NO_AVATAR: Mapping[str, str | None] = MappingProxyType({})


Told = Seen | Gone | Cleared | Looked
