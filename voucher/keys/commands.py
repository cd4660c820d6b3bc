"""`keepsake keys`: the keys that sign vouchers."""

import json
from typing import Any

import click

from app import clock, journal
from app.actor import COMMAND_LINE
from app.clock import as_text
from app.installation import Installation
from app.programme.applying import ready_community
from voucher.keys import keyring
from voucher.keys.facts import KeyPublished
from voucher.keys.models import SigningKey


@click.group()
def keys() -> None:
    """The keys that sign vouchers."""


@keys.command("show")
@click.option("--json", "as_json", is_flag=True, help="One JSON value on stdout.")
@click.pass_obj
def show(installation: Installation, as_json: bool) -> None:
    """Every key, and what it does now."""
    now = clock.now()
    with installation.reading() as session:
        current = keyring.current_number(session, now=now)
        rows = [_as_json(row, current) for row in keyring.every(session)]
    if as_json:
        click.echo(json.dumps(rows))
        return
    for row in rows:
        click.echo(f"{row['number']:>5}  {row['state']:<10}  signs from {row['signs_from']}")


@keys.command("rotate")
@click.option("--at-once", is_flag=True, help="Sign with it now; kiosks may not know it yet.")
@click.option("--json", "as_json", is_flag=True, help="One JSON value on stdout.")
@click.pass_obj
def rotate(installation: Installation, at_once: bool, as_json: bool) -> None:
    """Make the next key: published now, it signs in a day. Run it where the key files lie."""
    community_id, now = ready_community(installation), clock.now()
    with installation.unit_of_work() as session:
        made = keyring.rotate(session, installation.settings, now=now, at_once=at_once)
        fact = KeyPublished(
            key=made.number, public_key=made.public_key.hex(), signs_from=made.signs_from
        )
        journal.record(session, fact, community_id=community_id, actor=COMMAND_LINE, now=now)
        row = _as_json(made, keyring.current_number(session, now=now))
    path = keyring.path_of(installation.settings, row["number"])
    click.echo(
        f"Signing key {row['number']} signs from {row['signs_from']} on. Until then, copy {path} "
        "to every machine that runs Keepsake, and into your backup.",
        err=True,
    )
    if as_json:
        click.echo(json.dumps(row))


def _as_json(row: SigningKey, current: int | None) -> dict[str, Any]:
    if row.revoked_at is not None:
        state = "revoked"
    elif row.number == current:
        state = "signing"
    else:
        state = "verifying" if current is not None and row.number < current else "published"
    return {"number": row.number, "state": state, "signs_from": as_text(row.signs_from)}
