"""Importing what DiscordChatExporter wrote: the same events as the bot's, under the same ids."""

from collections.abc import Callable, Sequence
from pathlib import Path

from app.achievements.replaying import Manner, Replayed, replay
from app.activity import fingerprints
from app.activity.discord_events import tallies_told_of
from app.activity.discord_export.files import DIRECT, Export, survey
from app.activity.discord_export.reading import ExportReader
from app.activity.ndjson import RefusedLine
from app.communities.members import DISCORD
from app.installation import Installation
from app.programme.applying import current
from app.refusals import Refused


class ImportRefused(Refused):
    """These files are not this community's; the text says which."""

    code = "bad_import"


def surveyed(installation: Installation, community_id: int, paths: Sequence[Path]) -> list[Export]:
    """The files, once all of them are known to be exports of the community's guilds.

    Raises `FileRefused` or `ImportRefused` for the first that is not, before anything is taken in.
    """
    with installation.reading() as session:
        guilds = current(session, community_id)["community"].guilds
    exports = [survey(path) for path in dict.fromkeys(paths)]
    for one in exports:
        if one.guild == DIRECT:
            raise ImportRefused(f"{one.path}: direct messages are nobody's activity here.")
        if guilds and one.guild not in guilds:
            raise ImportRefused(
                f"{one.path}: the guild {one.guild_name} ({one.guild}) is not one of the "
                "community's: see `guilds` in the programme file."
            )
    return exports


def import_exports(
    installation: Installation,
    community_id: int,
    exports: Sequence[Export],
    *,
    counters_only: bool = False,
    on_refused: Callable[[RefusedLine], None] = lambda line: None,
    on_batch: Callable[[int], None] = lambda done: None,
    replayed: Replayed | None = None,
) -> Replayed:
    """Takes in what all these files tell, in the order of time, a batch a transaction.

    Interrupted and started again it goes on where it was, since what is known is passed over.
    `on_batch` is told how many bytes were read; else as `replay()`.
    """
    with installation.unit_of_work() as session:
        key = fingerprints.key_of(session, community_id)
    reader = ExportReader(exports, key)
    manner = Manner(
        what="import",
        earliest=min((one.first_at for one in exports), default=None),
        counters_only=counters_only,
        # A second import is to change nothing.
        keep_refusals=False,
        replaced=tallies_told_of,
    )
    return replay(
        installation,
        community_id,
        reader,
        source=DISCORD,
        manner=manner,
        on_refused=on_refused,
        on_batch=lambda _: on_batch(reader.done),
        replayed=replayed,
    )
