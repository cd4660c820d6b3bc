"""`keepsake conflicts`: what was handed over that the record could not accept."""

import json
from uuid import UUID

import click

from app import clock
from app.actor import COMMAND_LINE
from app.audit.reasons import reason_option
from app.installation import Installation
from app.options import json_option
from app.programme.applying import ready_community
from voucher.scans.conflicts import conflicts as kept
from voucher.scans.conflicts.conflicts import Resolution

WORDS = {"accept": Resolution.ACCEPTED, "void": Resolution.VOIDED, "charge": Resolution.CHARGED}


@click.group()
def conflicts() -> None:
    """Hand-overs that the record could not accept."""


@conflicts.command("list")
@json_option
@click.pass_obj
def list_conflicts(installation: Installation, as_json: bool) -> None:
    """Those that nobody has looked at, oldest first."""
    community_id = ready_community(installation)
    with installation.reading() as session:
        rows = kept.unresolved(session, community_id)
    if as_json:
        click.echo(json.dumps(rows))
        return
    for row in rows:
        place = row["handed_over"]
        where = f"{place['station']}, {place['device']}, {place['at']}"
        click.echo(f"{row['id']}  {row['voucher'] or 'unknown':<12} {row['reason']:<18} {where}")
    click.echo(f"{len(rows)} to be looked at.")


@conflicts.command("resolve")
@click.argument("conflict_id", type=click.UUID)
@click.option(
    "--by",
    "word",
    required=True,
    type=click.Choice(list(WORDS)),
    help="Accept the loss, void the voucher, or charge the stock with it.",
)
@reason_option
@json_option
@click.pass_obj
def resolve(
    installation: Installation, conflict_id: UUID, word: str, reason: str, as_json: bool
) -> None:
    """Decide what a conflict comes to."""
    community_id = ready_community(installation)
    conflict = installation.do(
        lambda session: kept.resolve(
            session,
            community_id,
            conflict_id,
            WORDS[word],
            reason=reason,
            actor=COMMAND_LINE,
            now=clock.now(),
        )
    )
    row = {"id": str(conflict.id), "resolution": conflict.resolution}
    click.echo(json.dumps(row) if as_json else f"{row['id']}  {row['resolution']}")
