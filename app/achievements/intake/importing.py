"""Importing what DiscordChatExporter wrote: the same events as the bot's, under the same ids."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from sqlalchemy.orm import Session

from app import clock
from app.achievements.intake.replaying import Manner, Replayed, replay
from app.activity.event_log import stored
from app.activity.formats import fingerprints
from app.activity.formats.discord_events import started_id, tallies_told_of
from app.activity.formats.discord_export.files import DIRECT, Export, survey
from app.activity.formats.discord_export.reading import ExportReader
from app.activity.formats.ndjson import RefusedLine
from app.activity.intake.refusing import FUTURE_TOLERANCE
from app.communities.members import DISCORD, identities_of
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
        starters = _starters(session, community_id, exports)
    # Told here, where it is known in which file it stands.
    reader = ExportReader(exports, key, starters, latest=clock.now() + FUTURE_TOLERANCE)
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


def _starters(session: Session, community_id: int, exports: Iterable[Export]) -> dict[str, str]:
    """Who started those threads of which it is known, as the bot saw it or an import told."""
    threads = {started_id(one.channel["id"]): one.channel["id"] for one in exports if one.is_thread}
    known = stored.named(session, community_id, DISCORD, set(threads)) if threads else []
    accounts = identities_of(session, [one.member_id for one in known], DISCORD)
    return {
        threads[one.event.id]: accounts[one.member_id] for one in known if one.member_id in accounts
    }
