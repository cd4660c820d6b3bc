"""What files there are: each one's channel, and when it begins, before any is read through."""

import itertools
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pydantic import ValidationError

from app.activity.formats import faults
from app.activity.formats.discord_events import Where
from app.activity.formats.discord_export import schema
from app.activity.formats.discord_export.cutting import Piece, cut
from app.activity.formats.ndjson import FileRefused

DISCORD_EPOCH = 1_420_070_400
DIRECT = "0"


@dataclass(frozen=True)
class Export:
    """One file: a channel or a thread, or a part of one."""

    path: Path
    guild: str
    guild_name: str
    channel: schema.Channel
    first_at: datetime
    """Of its first message; where none tells it, when the channel was made."""
    is_whole: bool
    """Whether it begins where the channel began, as far as the file tells."""

    @property
    def is_thread(self) -> bool:
        """Whether its channel is a thread."""
        return self.channel["type"] in schema.THREADS

    @property
    def size(self) -> int:
        """In bytes."""
        return self.path.stat().st_size


def survey(path: Path) -> Export:
    """Reads a file's head and its first messages.

    Raises `FileRefused` where it is no export, or tells the newest first.
    """
    pieces = cut(path)
    try:
        head: schema.Head = schema.read_head(next(pieces).text)
    except ValidationError as error:
        key, _, said = faults.first_of(error)
        where = key or "its beginning"
        raise FileRefused(
            f"{path}: this is no JSON export of DiscordChatExporter: {where}: {said}."
        ) from error
    first = list(itertools.islice(_stamps(pieces), 2))
    if len(first) > 1 and int(first[1]["id"]) < int(first[0]["id"]):
        raise FileRefused(f"{path}: its newest messages come first: export without --reverse.")
    made_at = moment_of(head["channel"]["id"])
    after = (head.get("dateRange") or {}).get("after")
    return Export(
        path,
        head["guild"]["id"],
        head["guild"]["name"],
        head["channel"],
        first[0]["timestamp"] if first else made_at,
        after is None or made_at >= after,
    )


def _stamps(pieces: Iterable[Piece]) -> Iterator[schema.Stamp]:
    """Those messages that tell when they were; who reads them all says what is wrong with others.

    That the file breaks off is told there as well.
    """
    try:
        for piece in pieces:
            with suppress(ValidationError):
                yield schema.read_stamp(piece.text)
    except FileRefused:
        return


def moment_of(snowflake: str) -> datetime:
    """When Discord made an id: https://discord.com/developers/docs/reference#snowflakes."""
    return datetime.fromtimestamp((int(snowflake) >> 22) / 1000 + DISCORD_EPOCH, UTC)


def places_of(exports: Iterable[Export]) -> dict[Path, Where]:
    """Where each file's messages were written: a thread's category is told by its channel's file,
    if that is there as well.
    """
    exports = list(exports)
    categories = {
        one.channel["id"]: one.channel.get("categoryId") for one in exports if not one.is_thread
    }
    places = {}
    for one in exports:
        own, above = one.channel["id"], one.channel.get("categoryId")
        if one.is_thread and above:
            places[one.path] = Where(above, own, categories.get(above))
        else:
            places[one.path] = Where(own, own if one.is_thread else None, above)
    return places
