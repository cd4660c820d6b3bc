"""What a simulated Discord server consists of, as plain values."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Person:
    """A human member: account name, the name people see, and a numeric id to keep if given."""

    name: str
    display_name: str
    id: int | None = None


@dataclass(frozen=True)
class Place:
    """A text channel, named without its `#`."""

    name: str
    topic: str = ""
    id: int | None = None


@dataclass(frozen=True)
class Role:
    """A role the bot may give: it is placed below the bot's own."""

    name: str
    id: int | None = None


@dataclass(frozen=True)
class Line:
    """Something that a member (`by`, an account name) had written before the bot came."""

    by: str
    place: str
    text: str


@dataclass(frozen=True)
class Scene:
    """One server with the person who tries it (`you`) and those who are there already.

    Ids that are left out are the same at each start, as long as the scene stays as it is: what a
    bot has stored about this server still fits after a restart. `hint` is a sentence shown above
    the conversation, `links` are (label, address) pairs to other pages, and `timezone` is the
    IANA zone in which times are shown.
    """

    guild_name: str
    you: Person
    guild_id: int | None = None
    places: tuple[Place, ...] = (
        Place("general", "Anything goes"),
        Place("introductions", "Say hello, and who you are"),
        Place("show-and-tell", "What have you made?"),
    )
    others: tuple[Person, ...] = ()
    roles: tuple[Role, ...] = ()
    lines: tuple[Line, ...] = ()
    bot_name: str = "Keepsake"
    hint: str = ""
    links: tuple[tuple[str, str], ...] = field(default=())
    timezone: str = "UTC"
