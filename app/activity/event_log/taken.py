"""A member's event, as it was taken in."""

from typing import NamedTuple

from app.activity.events import ActivityEvent
from app.activity.limits.judging import OWN, Offered
from app.activity.limits.memory import Key


class Taken(NamedTuple):
    """An event of a member, as it was stored."""

    member_id: int
    key: Key
    """Its place in the one order."""
    event: ActivityEvent

    @property
    def name(self) -> tuple[str, str]:
        """What it is known by in its community: source and id."""
        return self.key.source, self.key.id

    def of(self, amount: int) -> "Taken":
        """As much of it."""
        if amount == self.event.amount:
            return self
        return self._replace(event=self.event._replace(amount=amount))

    @property
    def offered(self) -> Offered:
        """What limits look at of it."""
        event = self.event
        return Offered(
            self.key,
            event.at,
            event.amount,
            event.channel,
            event.length,
            event.fingerprint,
            whole(event.other, self.key.source),
        )


def whole(other: str | None, source: str) -> str | None:
    """Whom a source calls so: another source may call somebody else the same. Who is known by their
    number is so everywhere.
    """
    if other is None or (other.startswith(OWN) and not other.startswith(OWN * 2)):
        return other
    return f"{source}:{other.removeprefix(OWN)}"


def as_named(name: str) -> str:
    """What a source calls somebody, so that it is never taken for a number of ours."""
    return f"{OWN}{name}" if name.startswith(OWN) else name


def taken_from(member_id: int, source: str, event: ActivityEvent) -> Taken:
    """A member's event of a source."""
    return Taken(member_id, Key(event.at.timestamp(), source, event.id), event)
