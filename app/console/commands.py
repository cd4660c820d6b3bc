"""`keepsake sign-in` and `keepsake organisers`."""

import click

from app import clock
from app.access import signing_in
from app.installation import Installation
from app.programme import applying
from app.refusals import Refused


@click.command("sign-in")
@click.argument("name", default="organiser")
@click.pass_obj
def sign_in(installation: Installation, name: str) -> None:
    """Print a one-time link that signs NAME in to the console."""
    click.echo(link_for(installation, name))


@click.group()
def organisers() -> None:
    """Who may use the console."""


@organisers.command("add")
@click.argument("name")
@click.option("--discord", "discord_id", help="Their Discord account's id.")
@click.pass_obj
def add(installation: Installation, name: str, discord_id: str | None) -> None:
    """Enter an organiser, so that they can sign in by Discord or by a link."""
    community_id = applying.ready_community(installation)
    with installation.unit_of_work() as session:
        found = signing_in.organiser(session, community_id, name, now=clock.now())
        other = signing_in.by_discord(session, discord_id) if discord_id else None
        if other is not None and other.id != found.id:
            raise Refused(f"The Discord account {discord_id} is {other.name}'s already.")
        if discord_id:
            found.discord_id = discord_id
    click.echo(f"{name} is an organiser.", err=True)


def link_for(installation: Installation, name: str) -> str:
    """The address that signs an organiser of this name in once."""
    community_id = applying.ready_community(installation)
    with installation.unit_of_work() as session:
        now = clock.now()
        found = signing_in.organiser(session, community_id, name, now=now)
        secret = signing_in.new_link(session, found.id, now=now)
    return f"{installation.settings.public_url}/sign-in/{secret}"
