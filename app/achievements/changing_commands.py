"""`keepsake programme diff` and `keepsake programme apply`."""

import json
from dataclasses import asdict
from difflib import unified_diff
from pathlib import Path

import click

from app import clock
from app.achievements import changing
from app.achievements.changing import Effect
from app.installation import Installation
from app.options import json_option
from app.programme import applying
from app.programme.loading import LoadedProgramme, load


@click.command("diff")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@json_option
@click.pass_obj
def diff(installation: Installation, file: Path | None, as_json: bool) -> None:
    """How FILE, the programme file unless named, differs from what is in force, and what applying
    it would do to existing progress. Changes nothing.
    """
    programme = load(file or installation.settings.programme_file, installation.plugins)
    lines, found = _compared(installation, programme)
    if as_json:
        told = {
            "digest": programme.digest,
            "diff": lines,
            "effects": [asdict(one) for one in found],
        }
        click.echo(json.dumps(told))
        return
    _tell(lines, found)


@click.command("apply")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def apply_command(installation: Installation, yes: bool) -> None:
    """Bring the programme file into force, once its effect was shown; it is recorded.

    What was granted stays. Who newly qualifies is granted within a minute or so, by the worker.
    """
    programme = load(installation.settings.programme_file, installation.plugins)
    lines, found = _compared(installation, programme)
    _tell(lines, found)
    if not lines:
        return
    if not yes:
        click.confirm("Apply it?", abort=True)
    applying.apply_now(installation, programme)
    click.echo("It is in force.")


def _compared(
    installation: Installation, programme: LoadedProgramme
) -> tuple[list[str], list[Effect]]:
    with installation.reading() as session:
        before = applying.text_in_force(session, programme) or ""
    if before == programme.text:
        return [], []
    old, new = before.splitlines(), programme.text.splitlines()
    lines = [*unified_diff(old, new, "in force", str(programme.path), lineterm="")]
    return lines or ["(only the ends of lines differ)"], changing.effects(
        installation, programme, now=clock.now()
    )


def _tell(lines: list[str], found: list[Effect]) -> None:
    if not lines:
        click.echo("It is in force already.")
        return
    for line in lines:
        colour = {"+": "green", "-": "red"}.get(line[:1])
        click.echo(click.style(line, fg=colour) if colour else line)
    click.echo()
    told = [one for one in found if one.what != "unchanged" or one.newly or one.lose]
    for one in told:
        click.echo(one.sentence)
    if not told:
        click.echo("No achievement changes.")
