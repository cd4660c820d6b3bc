"""`keepsake programme diff` and `keepsake programme apply`."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from app.achievements.changes import changing
from app.achievements.changes.changing import Difference
from app.installation import Installation
from app.options import json_option
from app.programme import applying
from app.programme.applying import OLDER
from app.programme.loading import LoadedProgramme, load
from app.refusals import Refused


class NotWanted(Refused):
    """Whoever was asked said no, or nobody was there to answer."""

    code = "not_wanted"


@click.command("diff")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@json_option
@click.pass_obj
def diff(installation: Installation, file: Path | None, as_json: bool) -> None:
    """How FILE, the programme file unless named, differs from what is in force, and what applying
    it would do to existing progress. Changes nothing.
    """
    programme = load(file or installation.settings.programme_file, installation.plugins)
    _check_is_ours(installation, programme)
    found = changing.compare(installation, programme)
    if as_json:
        told = {
            "digest": programme.digest,
            "diff": found.lines,
            "effects": [asdict(one) for one in found.effects],
            "others": found.others,
        }
        click.echo(json.dumps(told))
        return
    _tell(installation, programme, found)


@click.command("apply")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option(
    "--new-community", is_flag=True, help="It may be of a community beside those that are here."
)
@click.pass_obj
def apply_command(installation: Installation, yes: bool, new_community: bool) -> None:
    """Bring the programme file into force, once its effect was shown; it is recorded.

    What was granted stays. Who newly qualifies is granted within a minute or so, by the worker.
    """
    programme = load(installation.settings.programme_file, installation.plugins)
    if not new_community:
        _check_is_ours(installation, programme)
    found = changing.compare(installation, programme)
    _tell(installation, programme, found)
    if not found.lines:
        return
    if not yes and not _is_wanted():
        raise NotWanted("Nothing was changed.")
    applying.apply_now(installation, programme, seen=found.seen)
    click.echo("It is in force.")


def _check_is_ours(installation: Installation, programme: LoadedProgramme) -> None:
    with installation.reading() as session:
        applying.refuse_another(session, programme)


def _is_wanted() -> bool:
    try:
        return click.confirm("Apply it?")
    except click.Abort:
        click.echo()
        return False


def _tell(installation: Installation, programme: LoadedProgramme, found: Difference) -> None:
    if not found.lines:
        click.echo("It is in force already.")
        return
    for line in found.lines:
        colour = {"+": "green", "-": "red"}.get(line[:1])
        click.echo(click.style(line, fg=colour) if colour else line)
    click.echo()
    for sentence in (*(one.sentence for one in found.told), *found.others):
        click.echo(sentence)
    if not found.told:
        click.echo("No achievement changes.")
    with installation.reading() as session:
        if applying.is_superseded(session, programme):
            click.echo(f"{OLDER.format(programme.path)}: applying it takes that back.")
