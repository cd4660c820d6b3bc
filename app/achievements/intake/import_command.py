"""`keepsake import`."""

import sys
from pathlib import Path

import click

from app import interrupts
from app.achievements.intake.commands import Refusals, tell
from app.achievements.intake.importing import import_exports, surveyed
from app.achievements.intake.replaying import Replayed
from app.activity.formats.ndjson import FileRefused
from app.installation import Installation
from app.options import json_option
from app.programme.applying import ready_community


@click.group("import")
def import_group() -> None:
    """Take in what happened before, from other programs' files."""


@import_group.command("discord-export")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--counters-only", is_flag=True, help="Count, and grant nothing.")
@json_option
@click.pass_obj
def discord_export(
    installation: Installation, files: tuple[Path, ...], counters_only: bool, as_json: bool
) -> None:
    """Take in FILES: channels and threads that DiscordChatExporter wrote as JSON.

    All at once, so that limits see them in the order of time. Doing it twice changes nothing, and
    what was interrupted goes on.
    """
    community_id = ready_community(installation)
    refusals, replayed = Refusals(), Replayed()
    exports = surveyed(installation, community_id, files)
    size = sum(one.size for one in exports)
    try:
        with (
            interrupts.between_steps() as stop_if_asked,
            click.progressbar(length=size, label="Importing", file=sys.stderr) as bar,
        ):

            def goes_on(done: int) -> None:
                bar.update(done - bar.pos)
                stop_if_asked()

            import_exports(
                installation,
                community_id,
                exports,
                counters_only=counters_only,
                on_refused=refusals.tell,
                on_batch=goes_on,
                replayed=replayed,
            )
    except FileRefused as error:
        refusals.sum_up()
        tell(replayed, as_json)
        raise FileRefused(f"{error} What came before it was taken in.") from error
    refusals.sum_up()
    tell(replayed, as_json)
