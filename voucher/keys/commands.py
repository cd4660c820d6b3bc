"""`keepsake keys`: the keys that sign vouchers. How one is revoked is told in `voucher.ledger`."""

import json
from typing import Any

import click
from sqlalchemy.orm import Session

from app import clock
from app.actor import COMMAND_LINE
from app.clock import as_text
from app.installation import Installation
from app.keyfiles import KeyFileRefused
from app.options import json_option
from app.programme.applying import ready_community
from voucher.keys import keyring, life, making, pruning, signers
from voucher.keys.models import SigningKey


@click.group()
def keys() -> None:
    """The keys that sign vouchers."""


@keys.command("show")
@json_option
@click.pass_obj
def show(installation: Installation, as_json: bool) -> None:
    """Every key, what it does now, and where its private half lies."""
    with installation.reading() as session:
        rows = [key_as_json(session, row) for row in keyring.every(session)]
    if as_json:
        click.echo(json.dumps(rows))
        return
    for row in rows:
        until = f", verifies until {row['verifies_until']}" if row["verifies_until"] else ""
        click.echo(
            f"{row['number']:>5}  {row['state']:<10}  {row['private_half']:<11}  "
            f"signs from {row['signs_from']}{until}"
        )


@keys.command("rotate")
@click.option("--at-once", is_flag=True, help="Sign with it now; kiosks may not know it yet.")
@json_option
@click.pass_obj
def rotate(installation: Installation, at_once: bool, as_json: bool) -> None:
    """Make the next key: published now, it signs in a day. Run it where the key files lie."""
    community_id, now = ready_community(installation), clock.now()
    with installation.unit_of_work() as session:
        made = making.rotate(session, now=now, at_once=at_once)
        making.record_published(
            session, made, community_id=community_id, actor=COMMAND_LINE, now=now
        )
        row = key_as_json(session, made)
    click.echo(
        f"Signing key {made.number} signs from {row['signs_from']} on. "
        f"{where_to_copy(installation, row)}",
        err=True,
    )
    if as_json:
        click.echo(json.dumps(row))


@keys.command("prune")
@json_option
@click.pass_obj
def prune(installation: Installation, as_json: bool) -> None:
    """Delete the files, on this machine, of private keys that will never sign again."""
    with installation.reading() as session:
        spent = pruning.spent_files(session, now=clock.now())
    for path in spent:
        path.unlink()
    if as_json:
        click.echo(json.dumps({"deleted": [str(path) for path in spent]}))
        return
    for path in spent:
        click.echo(f"{path} deleted.")
    click.echo(f"{len(spent)} deleted here. Copies on other machines and in backups are yours.")


def key_as_json(session: Session, row: SigningKey) -> dict[str, Any]:
    """What everybody may know of a key, and where its private half lies."""
    every, now = keyring.every(session), clock.now()
    state = life.state_of(row, every, now)
    until = life.verifies_until(row, every) if state in ENDING else None
    return {
        "number": row.number,
        "state": state,
        "signs_from": as_text(row.signs_from),
        "verifies_until": as_text(until) if until else None,
        "revoked_at": as_text(row.revoked_at) if row.revoked_at else None,
        "private_half": _private_half(session, row),
    }


ENDING = (life.State.VERIFYING, life.State.REMOVED)


def where_to_copy(installation: Installation, row: dict[str, Any]) -> str:
    """What to do so that every machine can sign with a new key."""
    if row["private_half"] != "file":
        return "Every machine that runs Keepsake needs it there too."
    path = signers.path_of(installation.settings, row["number"])
    when = "Until then" if row["state"] == life.State.PUBLISHED else "At once"
    return f"{when}, copy {path} to every machine that runs Keepsake, and into your backup."


def _private_half(session: Session, row: SigningKey) -> str:
    try:
        return signers.private_half(session, row).lies_in
    except KeyFileRefused:
        return "not here"
