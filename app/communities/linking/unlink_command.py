"""`keepsake members unlink`."""

import click

from app import clock
from app.actor import COMMAND_LINE
from app.audit.reasons import reason_option
from app.communities.commands import IDENTIFIER
from app.communities.linking import unlinking
from app.installation import Installation
from app.programme.applying import ready_community


@click.command("unlink")
@click.argument("account")
@click.option("--source", required=True, type=IDENTIFIER, help="Where the account is.")
@reason_option
@click.pass_obj
def unlink_command(installation: Installation, account: str, source: str, reason: str) -> None:
    """Take an ACCOUNT elsewhere, as its source calls it, from the member it is linked to.

    What it did so far stays theirs; what it does from then on is that of a member of its own, until
    it is linked anew. The member may then link another one from there. The record has it, with a
    hash of the reason.
    """
    community_id = ready_community(installation)
    with installation.unit_of_work() as session:
        member = unlinking.unlink(
            session,
            community_id,
            source,
            account,
            reason=reason,
            actor=COMMAND_LINE,
            now=clock.now(),
        )
        name = member.display_name
    click.echo(f"{account} of {source} is no longer {name}'s. What it did so far stays theirs.")
