"""`keepsake wallet`: what organisers do about a member's wallet."""

import json

import click
from sqlalchemy.orm import Session

from app import clock
from app.actor import COMMAND_LINE
from app.communities import members
from app.communities.commands import source_option
from app.communities.models import Member
from app.installation import Installation
from app.options import json_option
from app.programme.applying import ready_community
from voucher.ledger.finding import by_reference, is_reference
from voucher.wallet import closing


@click.group()
def wallet() -> None:
    """Where members see what is theirs."""


@wallet.command("sign-out")
@click.argument("reference_or_member")
@source_option
@json_option
@click.pass_obj
def sign_out(
    installation: Installation, reference_or_member: str, source: str, as_json: bool
) -> None:
    """Sign a member out of their wallet in every browser, as when their phone is lost.

    The member is named by the reference of a voucher of theirs, or by what their source calls them.
    """
    community_id = ready_community(installation)
    with installation.unit_of_work() as session:
        member = _member(session, community_id, reference_or_member, source)
        name = member.display_name
        browsers = closing.close(session, member, actor=COMMAND_LINE, now=clock.now())
    if as_json:
        click.echo(json.dumps({"member": name, "browsers": browsers}))
        return
    count = "1 browser" if browsers == 1 else f"{browsers} browsers"
    click.echo(f"{name} is signed out in {count}. Unused links to it work no more.")


def _member(session: Session, community_id: int, named: str, source: str) -> Member:
    if is_reference(named):
        return by_reference(session, community_id, named).member
    return members.find(session, community_id, source, named)
