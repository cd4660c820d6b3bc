"""`keepsake keys revoke`: a signing key leaked, and what it signed gets new tokens."""

import json
from typing import Any

import click

from app import clock
from app.actor import COMMAND_LINE
from app.clock import as_text
from app.installation import Installation
from app.interrupts import between_steps
from app.programme.applying import ready_community
from voucher.keys import keyring, making
from voucher.keys.commands import key_as_json, where_to_copy
from voucher.ledger.changes.commands import says_why
from voucher.ledger.changes.signing_anew import sign_some_anew, signed_anew_and_open


@click.command("revoke")
@click.argument("number", type=click.IntRange(1, making.MOST))
@says_why
def revoke_command(installation: Installation, number: int, reason: str, as_json: bool) -> None:
    """Revoke a key that leaked: another one signs at once, and open vouchers are sent again.

    Ask it again after it was interrupted: it goes on where it ended, and nobody is told twice.
    """
    _revoke(installation, number, reason)
    told, quietly = _sign_anew(installation, number)
    now = clock.now()
    with installation.reading() as session:
        row = next(row for row in keyring.every(session) if row.number == number)
        answer = {
            "key": number,
            "revoked_at": as_text(row.revoked_at or now),
            "signing": keyring.current_number(session, now=now),
            "open": list(signed_anew_and_open(session, number, now=now)),
            "signed_anew": told + quietly,
            "told": told,
        }
    click.echo(json.dumps(answer)) if as_json else _tell(answer)


def _revoke(installation: Installation, number: int, reason: str) -> None:
    community_id, now = ready_community(installation), clock.now()
    how: dict[str, Any] = {"community_id": community_id, "actor": COMMAND_LINE, "now": now}
    with installation.unit_of_work() as session:
        done = making.revoke(session, number, reason=reason, **how)
        made = key_as_json(session, done.made) if done.made else None
    if done.before:
        said = f"Signing key {number} was revoked {as_text(done.at)}: what is left is done now."
    elif made:
        said = f"Signing key {number} is revoked, and key {made['number']} signs from now on. "
        said += where_to_copy(installation, made)
    else:
        said = f"Signing key {number} is revoked. It was not the one that signs."
    click.echo(said, err=True)


def _sign_anew(installation: Installation, number: int) -> tuple[int, int]:
    """Signs anew by batches, each in its own transaction; returns how many told and quietly."""
    told = quietly = last = 0
    with between_steps() as stop_if_asked:
        while True:
            with installation.unit_of_work() as session:
                done = sign_some_anew(
                    session, number, after=last, actor=COMMAND_LINE, now=clock.now()
                )
            if done is None:
                return told, quietly
            told, quietly, last = told + done.told, quietly + done.quietly, done.last
            stop_if_asked()


def _tell(answer: dict[str, Any]) -> None:
    for reference in answer["open"]:
        click.echo(reference)
    quietly = answer["signed_anew"] - answer["told"]
    click.echo(
        f"{len(answer['open'])} open vouchers that key {answer['key']} had signed have a new card. "
        f"Signed anew just now: {answer['told']}, whose members are told, and {quietly} that are "
        "withdrawn, used up or over."
    )
