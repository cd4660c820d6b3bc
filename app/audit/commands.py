"""`keepsake audit`."""

import json
from pathlib import Path

import click
from sqlalchemy import select

from app.audit import checkpoints, keys, sealing
from app.audit.models import AuditEntry, AuditTree
from app.audit.verification import Finding, verify
from app.clock import as_text
from app.installation import Installation

SHOWN = 20


@click.group()
def audit() -> None:
    """The record: what happened, provably."""


@audit.command("verify")
@click.option(
    "--checkpoints",
    "path",
    type=click.Path(path_type=Path, dir_okay=False),
    help="A file of checkpoints kept elsewhere; the data directory's own unless named.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON value on stdout.")
@click.pass_obj
def verify_command(installation: Installation, path: Path | None, as_json: bool) -> None:
    """Hold the record against its signed checkpoints; exit 1 where something was changed."""
    own = checkpoints.path_of(installation.settings)
    outside = checkpoints.read(path) if path else checkpoints.read(own) if own.exists() else []
    with installation.reading() as session:
        key = keys.public_key(session, installation.settings)
        communities = session.scalars(
            select(AuditEntry.community_id).union(select(AuditTree.community_id))
        ).all()
        findings = {
            community_id: verify(session, community_id, key, outside)
            for community_id in sorted(communities) or [0]
        }
    if as_json:
        merged = [{"community": key, **found.as_json()} for key, found in findings.items()]
        click.echo(json.dumps(merged[0] if len(merged) == 1 else merged))
    else:
        for finding in findings.values():
            _tell(finding)
    if any(finding.problems for finding in findings.values()):
        raise SystemExit(1)


@audit.command("seal")
@click.pass_obj
def seal_command(installation: Installation) -> None:
    """Number and seal what is not yet sealed, as the worker does by itself."""
    click.echo(f"{sealing.seal_due(installation)} entries sealed.")


def _tell(finding: Finding) -> None:
    for problem in finding.problems[:SHOWN]:
        where = f"entry {problem.number}: " if problem.number is not None else ""
        click.echo(f"{where}{problem.sentence}")
    if len(finding.problems) > SHOWN:
        click.echo(f"… and {len(finding.problems) - SHOWN} more.")
    until = f" sealed {as_text(finding.verified_at)}" if finding.verified_at else ""
    verdict = "NOT INTACT" if finding.problems else "Intact"
    click.echo(
        f"{verdict}. This holds up to entry {finding.verified_to}{until}, "
        f"by {finding.checkpoints_compared} checkpoints; {finding.unsealed} not yet sealed."
    )
