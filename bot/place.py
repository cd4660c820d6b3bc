"""Which community the bot serves, and in which guilds."""

from dataclasses import dataclass
from typing import Protocol

from app.installation import Installation
from app.programme.applying import ready, ready_community


@dataclass(frozen=True)
class Place:
    """The community of the programme; no guilds named means every guild that the bot is in."""

    community_id: int
    community_name: str
    guilds: frozenset[str]
    deleted_within_minutes: int = 10
    """A message that is deleted so soon after it was written does not count."""

    def serves(self, guild_id: int) -> bool:
        """Whether what happens in this guild is this community's."""
        return not self.guilds or str(guild_id) in self.guilds


class Serving(Protocol):
    """Who serves a community: what a button finds again in the client that it was pressed at."""

    installation: Installation
    place: Place


def place_of(installation: Installation) -> Place:
    """Reads the programme's community; raises `ProgrammeRefused` where it is broken."""
    settings = ready(installation).sections["community"]
    return Place(
        ready_community(installation),
        settings.name,
        frozenset(settings.guilds),
        settings.deleted_within_minutes,
    )
