"""`keepsake disputes`: redemptions that members say were not theirs."""

import json
from typing import Any
from uuid import UUID

import click

from app import clock
from app.actor import COMMAND_LINE
from app.audit.reasons import reason_option
from app.clock import as_text
from app.installation import Installation
from app.options import json_option
from app.programme.applying import ready_community
from voucher.scans.answering import answers


@click.group()
def disputes() -> None:
    """“This was not me”: redemptions that members say were not theirs."""


@disputes.command("list")
@json_option
@click.pass_obj
def list_disputes(installation: Installation, as_json: bool) -> None:
    """Those that nobody has answered, oldest first."""
    community_id = ready_community(installation)
    with installation.reading() as session:
        rows = answers.unanswered(session, community_id)
    if as_json:
        click.echo(json.dumps(rows))
        return
    for row in rows:
        place = row["handed_over"]
        where = f"{place['station']}, {place['device']}, {place['at']}"
        click.echo(f"{row['redemption']}  {row['voucher']:<12} {where}  {row['member']}")
    click.echo(f"{len(rows)} to be looked at.")


@disputes.command("close")
@click.argument("redemption", type=click.UUID)
@reason_option
@json_option
@click.pass_obj
def close_command(installation: Installation, redemption: UUID, reason: str, as_json: bool) -> None:
    """Close one with what was done about it; its member reads the reason."""
    community_id = ready_community(installation)
    with installation.unit_of_work() as session:
        now = clock.now()
        how: dict[str, Any] = {"reason": reason, "actor": COMMAND_LINE, "now": now}
        answers.close(session, community_id, redemption, **how)
    row = {"redemption": str(redemption), "closed_at": as_text(now)}
    click.echo(json.dumps(row) if as_json else f"{redemption}  closed; its member is told.")
