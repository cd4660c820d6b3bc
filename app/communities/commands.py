"""`keepsake members`."""

import json

import click

from app import clock
from app.actor import COMMAND_LINE
from app.audit.reasons import reason_option
from app.communities.erasing import Erasing, erase, find_ever
from app.database import can_be_kept
from app.installation import Installation
from app.options import json_option
from app.programme.applying import ready_community

DEFAULT_SOURCE = "sample"

LONGEST_IDENTIFIER = 200


class Identifier(click.ParamType[str]):
    """What a source calls a member, or itself: a text of 1 to 200 characters."""

    name = "identifier"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The text as it is; anything that no line of activity could name is refused."""
        if not value.strip() or len(value) > LONGEST_IDENTIFIER or not can_be_kept(value):
            self.fail(f"it must have 1 to {LONGEST_IDENTIFIER} characters of text.", param, ctx)
        return value


IDENTIFIER = Identifier()

source_option = click.option(
    "--source",
    type=IDENTIFIER,
    default=DEFAULT_SOURCE,
    show_default=True,
    help="Where the identifier comes from: discord, or the name given to replay.",
)


@click.group()
def members() -> None:
    """Who takes part."""


@members.command("show")
@click.argument("member_id")
@source_option
@json_option
@click.pass_obj
def show(installation: Installation, member_id: str, source: str, as_json: bool) -> None:
    """What is known of one member, by the identifier that their source gave."""
    community_id = ready_community(installation)
    with installation.reading() as session:
        member = find_ever(session, community_id, source, member_id)
        parts = installation.plugins.member_parts
        known = {"member": member_id} | {
            name: part(session, member) for name, part in parts.items()
        }
        name = member.display_name
    if as_json:
        click.echo(json.dumps(known))
        return
    click.echo(name)
    for part, content in known.items():
        click.echo(f"{part}: {json.dumps(content, indent=2)}")


@members.command("erase")
@click.argument("member_id")
@source_option
@reason_option
@click.pass_obj
def erase_command(installation: Installation, member_id: str, source: str, reason: str) -> None:
    """Erases a member: names, identities, avatar, links, activity; their vouchers are void.

    What is left are figures without a name, which the record calls member:NUMBER. Repeating it
    changes nothing more.
    """
    community_id = ready_community(installation)
    with installation.unit_of_work() as session:
        member = find_ever(session, community_id, source, member_id)
        erase(session, member, Erasing(reason, COMMAND_LINE, clock.now()))
        number = member.id
    click.echo(f"Erased. What is left are figures of member:{number}.")
