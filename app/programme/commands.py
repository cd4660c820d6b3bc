"""`keepsake programme`."""

import click

from app.installation import Installation
from app.programme.loading import load


@click.group()
def programme() -> None:
    """The programme file: what is counted, what for, and what it gives."""


@programme.command("check")
@click.pass_obj
def check(installation: Installation) -> None:
    """Validate the programme file and change nothing."""
    found = load(installation.settings.programme_file, installation.plugins)
    click.echo(f"{found.path} is a programme for {found.sections['community'].name}.")
