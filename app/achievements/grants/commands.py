"""`keepsake grant`."""

import json

import click

from app import clock
from app.achievements.grants import by_hand
from app.actor import COMMAND_LINE
from app.audit.reasons import reason_option
from app.communities import members
from app.communities.commands import source_option
from app.installation import Installation
from app.options import json_option
from app.programme.applying import current, ready_community


@click.command("grant")
@click.argument("member_id")
@click.argument("achievement")
@click.option("--tier", type=click.IntRange(1, 20), help="The first that is not yet theirs.")
@source_option
@reason_option
@json_option
@click.pass_obj
def grant_command(
    installation: Installation,
    member_id: str,
    achievement: str,
    tier: int | None,
    source: str,
    reason: str,
    as_json: bool,
) -> None:
    """Give MEMBER_ID an ACHIEVEMENT whose published criteria say that organisers may."""
    community_id = ready_community(installation)
    with installation.unit_of_work() as session:
        member = members.find(session, community_id, source, member_id)
        given = by_hand.give(
            session,
            community_id,
            member.id,
            achievement,
            tier=tier,
            reason=reason,
            actor=COMMAND_LINE,
            now=clock.now(),
        )
        name, programme = member.display_name, current(session, community_id)
    title = programme["achievements"][achievement].name
    if as_json:
        step = {"tier": given.tier.number, "round": given.round}
        click.echo(json.dumps({"member": member_id, "achievement": achievement} | step))
        return
    click.echo(f"{name} has {title}{f', {given.tier.name}' if given.tier.name else ''} now.")
