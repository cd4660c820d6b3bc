"""`keepsake members strike`."""

import json

import click

from app import clock
from app.activity.boards import striking
from app.actor import COMMAND_LINE
from app.audit.reasons import reason_option
from app.communities.commands import source_option
from app.communities.erasing import find_ever
from app.installation import Installation
from app.options import json_option
from app.programme.applying import ready_community


@click.command("strike")
@click.argument("member_id")
@source_option
@click.option("--season", required=True, help="The season's key in the programme file.")
@click.option("--restore", is_flag=True, help="Take it back.")
@reason_option
@json_option
@click.pass_obj
def strike(
    installation: Installation,
    member_id: str,
    source: str,
    season: str,
    restore: bool,
    reason: str,
    as_json: bool,
) -> None:
    """Strike a member from the leaderboards of a season, such as one who was banned for cheating.

    Also from those of the days, weeks and months that begin in it. Their counters and what they
    hold stay, and so do the rows of a standing that is final. The record has it, with a hash of
    the reason.
    """
    community_id = ready_community(installation)
    how = striking.restore if restore else striking.strike
    with installation.unit_of_work() as session:
        member = find_ever(session, community_id, source, member_id)
        changed = how(session, member, season, reason=reason, actor=COMMAND_LINE, now=clock.now())
        name = member.display_name
    if as_json:
        told = {"member": member_id, "season": season, "struck": not restore, "changed": changed}
        click.echo(json.dumps(told))
        return
    state = "stands in" if restore else "is struck from"
    click.echo(f"{name} {state} season {season}{'' if changed else ' already'}.")
