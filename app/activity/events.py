"""The activity event: what every collector makes of what it saw."""

from datetime import datetime
from typing import NamedTuple


class ActivityEvent(NamedTuple):
    """Something that a member did, as its source tells it.

    `id` is unique within the source; `amount` is how much it counts (minutes, or one). The text of
    a message is never here: at most its length and a keyed hash of it.
    """

    id: str
    kind: str
    member: str
    at: datetime
    channel: str | None = None
    thread: str | None = None
    bot: bool = False
    amount: int = 1
    length: int | None = None
    fingerprint: str | None = None
    member_name: str | None = None
    other: str | None = None
    """Who else took part, by the source's id: whose message it was that a reaction was given to."""
    category: str | None = None
    roles: tuple[str, ...] = ()
    """What its channel belongs to and the roles its member had: rules for channels ask for them,
    and they are not kept."""
    weight: int = 1
    """How many times it counts, which `amount` holds already: rules for channels say so, never a
    source.
    """
