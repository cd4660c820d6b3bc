"""`keepsake audit`."""

import json
from pathlib import Path
from typing import Any

import click
from sqlalchemy import select

from app.audit import checkpoints, keys, proofs, sealing
from app.audit.models import AuditEntry, AuditTree
from app.audit.proofs import ProofRefused
from app.audit.verification import Finding, verify
from app.clock import as_text
from app.installation import Installation
from app.options import json_option

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
@json_option
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


@audit.command("check")
@click.argument("file", type=click.File("rb"))
@json_option
@click.pass_obj
def check_command(installation: Installation, file: Any, as_json: bool) -> None:
    """Check a proof that a member took from their wallet; exit 1 where it does not hold."""
    try:
        proof = json.loads(file.read())
    except (ValueError, RecursionError) as error:
        raise ProofRefused("This is not a proof of an entry.") from error
    with installation.reading() as session:
        key = keys.public_key(session, installation.settings)
    proven = proofs.check(proof, key)
    if as_json:
        told = {"ok": True, "number": proven.number, "sealed_at": as_text(proven.sealed_at)}
        click.echo(json.dumps(told | {"entry": proven.entry}))
        return
    click.echo(
        f"It holds: entry {proven.number}, {proven.entry.get('kind')} at "
        f"{proven.entry.get('at')}, was sealed at {as_text(proven.sealed_at)}."
    )


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
