"""`keepsake vouchers void|restore|extend|reissue|refund`: what organisers do with a voucher."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import click
from sqlalchemy.orm import Session

from app import clock
from app.actor import COMMAND_LINE
from app.audit.reasons import reason_option
from app.clock import as_text
from app.communities import places
from app.installation import Installation
from app.options import json_option
from app.programme.applying import ready_community
from voucher.ledger.changes import extending, replacing, withdrawing
from voucher.ledger.finding import Held, by_code_or_reference
from voucher.ledger.issuance.commands import issued_as_json
from voucher.ledger.issuance.orders import NotIssued

MOST_HOURS = 366 * 24

Command = Callable[..., None]


def takes_a_voucher(command: Command) -> Command:
    """Gives a command a voucher's code or reference, the reason, and `--json`."""
    command = click.argument("code_or_reference")(command)
    return says_why(command)


def says_why(command: Command) -> Command:
    """Gives a command the reason and `--json`."""
    return click.pass_obj(reason_option(json_option(command)))


@click.command("void")
@takes_a_voucher
def void_command(
    installation: Installation, code_or_reference: str, reason: str, as_json: bool
) -> None:
    """Hand nothing over for a voucher any more; it can be restored."""

    def move(session: Session, held: Held, now: datetime) -> None:
        withdrawing.void(session, held.voucher, reason=reason, actor=COMMAND_LINE, now=now)

    take_move(installation, code_or_reference, move, as_json=as_json)


@click.command("restore")
@takes_a_voucher
def restore_command(
    installation: Installation, code_or_reference: str, reason: str, as_json: bool
) -> None:
    """Take the voiding of a voucher back."""

    def move(session: Session, held: Held, now: datetime) -> None:
        withdrawing.restore(session, held.voucher, reason=reason, actor=COMMAND_LINE, now=now)

    take_move(installation, code_or_reference, move, as_json=as_json)


@click.command("extend")
@click.argument("code_or_reference")
@click.option("--hours", required=True, type=click.IntRange(1, MOST_HOURS))
@says_why
def extend_command(
    installation: Installation, code_or_reference: str, hours: int, reason: str, as_json: bool
) -> None:
    """Let a voucher be redeemed for longer: from its end, or from now where it has ended."""

    def move(session: Session, held: Held, now: datetime) -> None:
        until = max(held.voucher.valid_until, now) + timedelta(hours=hours)
        how: dict[str, Any] = {"reason": reason, "actor": COMMAND_LINE, "now": now}
        extending.extend(session, held.voucher, until=until, **how)

    take_move(installation, code_or_reference, move, as_json=as_json)


@click.command("extend-station")
@click.argument("station_key")
@click.option("--hours", required=True, type=click.IntRange(1, MOST_HOURS))
@says_why
def extend_station_command(
    installation: Installation, station_key: str, hours: int, reason: str, as_json: bool
) -> None:
    """Extend all active vouchers that a station may redeem, as when it rains."""
    community_id = ready_community(installation)
    extended = installation.do(
        lambda session: extending.extend_station(
            session,
            community_id,
            places.station(session, community_id, station_key).key,
            by=timedelta(hours=hours),
            reason=reason,
            actor=COMMAND_LINE,
            now=clock.now(),
        )
    )
    rows = [
        {"reference": one.reference, "valid_until": as_text(one.valid_until)} for one in extended
    ]
    if as_json:
        click.echo(json.dumps(rows))
        return
    for row in rows:
        click.echo(f"{row['reference']}  until {row['valid_until']}")
    click.echo(f"{len(rows)} extended; their members are told.")


@click.command("reissue")
@takes_a_voucher
def reissue_command(
    installation: Installation, code_or_reference: str, reason: str, as_json: bool
) -> None:
    """Replace a voucher whose code leaked or was lost: same window, another code."""

    def move(session: Session, held: Held, now: datetime) -> dict[str, Any]:
        new = replacing.reissue(session, held.voucher, reason=reason, actor=COMMAND_LINE, now=now)
        return issued_as_json(installation, new)

    take_move(installation, code_or_reference, move, as_json=as_json)


@click.command("refund")
@click.option("--uses", type=click.IntRange(1, 1000), default=1, show_default=True)
@click.option(
    "--back-in-stock", "usable", is_flag=True, help="What came back can be handed out again."
)
@click.argument("code_or_reference")
@says_why
def refund_command(
    installation: Installation,
    code_or_reference: str,
    uses: int,
    usable: bool,
    reason: str,
    as_json: bool,
) -> None:
    """Give a new voucher for what was faulty, with a window of its own."""

    def move(session: Session, held: Held, now: datetime) -> dict[str, Any]:
        how: dict[str, Any] = {"reason": reason, "actor": COMMAND_LINE, "now": now}
        new, rest, _ = replacing.refund(session, held.voucher, uses, usable=usable, **how)
        told = {"rest": issued_as_json(installation, rest)} if rest else {}
        if isinstance(new, NotIssued):
            return {"owed": new.reason, "why": new.sentence, **told}
        return {**issued_as_json(installation, new), **told}

    take_move(installation, code_or_reference, move, as_json=as_json)


MOVES = (
    void_command,
    restore_command,
    extend_command,
    extend_station_command,
    reissue_command,
    refund_command,
)


def take_move(
    installation: Installation,
    code_or_reference: str,
    move: Callable[[Session, Held, datetime], dict[str, Any] | None],
    *,
    as_json: bool,
) -> None:
    """Takes a move and tells how the voucher stands, and what was issued in its place."""
    community_id = ready_community(installation)

    def taken(session: Session) -> tuple[dict[str, Any] | None, dict[str, Any]]:
        now = clock.now()
        held = by_code_or_reference(session, community_id, code_or_reference)
        return move(session, held, now), held.as_json(now)

    new, told = installation.do(taken)
    if as_json:
        click.echo(json.dumps(told | ({"new": new} if new else {})))
        return
    click.echo(f"{told['reference']}  {told['state']}  until {told['valid_until']}")
    if new and "owed" in new:
        click.echo(f"A new one is owed: {new['why']}")
    for one in (new, new.get("rest")) if new else ():
        if one and "code" in one:
            click.echo(f"{one['reference']}  {one['code']}  until {one['valid_until']}")
