"""`keepsake vouchers`."""

import json
from typing import Any

import click

from app import clock
from app.actor import COMMAND_LINE
from app.clock import as_text
from app.communities import members
from app.communities.commands import IDENTIFIER, source_option
from app.installation import Installation
from app.options import json_option
from app.programme.applying import ready_community
from voucher.ledger.finding import by_code_or_reference
from voucher.ledger.issuance.issuing import Issued, issue_all, scan_address
from voucher.ledger.issuance.orders import NotIssued, Order
from voucher.ledger.issuance.owing import owed_to
from voucher.perks.settings import perk

BATCH = 500


@click.group()
def vouchers() -> None:
    """What can be redeemed."""


@vouchers.command("issue")
@click.option("--perk", "perk_key", required=True, help="The perk's key in the programme file.")
@click.option(
    "--member", "member_id", required=True, type=IDENTIFIER, help="As their source names them."
)
@source_option
@click.option("--count", type=click.IntRange(1, 100_000), default=1, show_default=True)
@json_option
@click.pass_obj
def issue_command(
    installation: Installation,
    perk_key: str,
    member_id: str,
    source: str,
    count: int,
    as_json: bool,
) -> None:
    """Issue vouchers by hand; a member who was never seen is made."""
    community_id = ready_community(installation)
    issued: list[Issued] = []
    for start in range(0, count, BATCH):
        with installation.unit_of_work() as session:
            now = clock.now()
            wanted = perk(session, community_id, perk_key)
            known = members.ids_of(session, community_id, source, {member_id: None}, first_seen=now)
            order = Order(
                wanted, known[member_id], cause=str(COMMAND_LINE), actor=COMMAND_LINE, at=now
            )
            for outcome in issue_all(session, [order] * min(BATCH, count - start)):
                if isinstance(outcome, NotIssued):
                    raise outcome
                issued.append(outcome)
    rows = [issued_as_json(installation, one) for one in issued]
    if as_json:
        click.echo(json.dumps(rows))
        return
    for row in rows:
        click.echo(f"{row['reference']}  {row['code']}  until {row['valid_until']}")


@vouchers.command("show")
@click.argument("code_or_reference")
@json_option
@click.pass_obj
def show(installation: Installation, code_or_reference: str, as_json: bool) -> None:
    """What the record says of one voucher."""
    community_id = ready_community(installation)
    with installation.reading() as session:
        held = by_code_or_reference(session, community_id, code_or_reference)
        known = held.as_json(clock.now()) | {"member": held.member.display_name}
    if as_json:
        click.echo(json.dumps(known))
        return
    for key, value in known.items():
        click.echo(f"{key.replace('_', ' '):>12}  {value}")


@vouchers.command("owed")
@json_option
@click.pass_obj
def owed_command(installation: Installation, as_json: bool) -> None:
    """What members have a right to and could not be given yet, and why."""
    community_id = ready_community(installation)
    with installation.reading() as session:
        rows = [
            {"member": one.member.display_name, **one.as_json()}
            for one in owed_to(session, community_id)
        ]
    if as_json:
        click.echo(json.dumps(rows))
        return
    for row in rows:
        click.echo(f"{row['perk']:<24} {row['reason']:<10} since {row['since']}  {row['member']}")
    click.echo(f"{len(rows)} owed.")


def issued_as_json(installation: Installation, one: Issued) -> dict[str, Any]:
    """What whoever issued it by hand may see: all of it."""
    return {
        "reference": one.reference,
        "code": one.code,
        "token": one.token,
        "url": scan_address(installation.settings, one.token),
        "valid_from": as_text(one.valid_from),
        "valid_until": as_text(one.valid_until),
    }
