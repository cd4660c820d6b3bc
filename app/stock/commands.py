"""`keepsake stock`: what lies where."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import click
from sqlalchemy.orm import Session

from app import clock
from app.actor import COMMAND_LINE
from app.audit.reasons import reason_option
from app.installation import Installation
from app.options import json_option
from app.programme.applying import ready_community
from app.stock import levels, moving
from app.stock.levels import Level, Sort

MOST = 1_000_000

Command = Callable[..., None]


@click.group()
def stock() -> None:
    """What lies where, and how much of it is promised."""


def _changes(command: Command) -> Command:
    """Gives a command the item, its variant, the reason and `--json`."""
    for option in (
        json_option,
        reason_option,
        click.option("--variant", default="", help="Its size or colour, where it has several."),
    ):
        command = option(command)
    return click.pass_obj(command)


@stock.command("show")
@json_option
@click.pass_obj
def show(installation: Installation, as_json: bool) -> None:
    """Every item in every place: what lies there, and what is promised to nobody."""
    community_id = ready_community(installation)
    with installation.reading() as session:
        rows = [
            {**_as_json(level), "reserved": reserved, "free": level.on_hand - reserved}
            for level, reserved in levels.of_community(session, community_id, now=clock.now())
        ]
    _tell(rows, as_json)


def _change_command(name: str, change: Callable[..., Level], least: int, says: str) -> None:
    """Adds a command that changes one level by, or to, a quantity."""

    @stock.command(name, help=says)
    @click.argument("item")
    @click.argument("place")
    @click.argument("quantity", type=click.IntRange(least, MOST))
    @_changes
    def command(
        installation: Installation,
        item: str,
        place: str,
        quantity: int,
        variant: str,
        reason: str,
        as_json: bool,
    ) -> None:
        def take(session: Session, community_id: int, now: datetime) -> Sequence[Level]:
            sort, how = Sort(community_id, item, variant), {"actor": COMMAND_LINE, "now": now}
            return [change(session, sort, place, quantity, reason=reason, **how)]

        _take(installation, take, as_json)


_change_command(
    "receive",
    moving.receive,
    1,
    "QUANTITY of ITEM came in at the station PLACE; what is owed is issued from it.",
)
_change_command(
    "count",
    moving.count,
    0,
    "A stocktake: QUANTITY of ITEM lie at the station PLACE, whatever was thought before.",
)
_change_command(
    "write-off",
    moving.write_off,
    1,
    "QUANTITY of ITEM at the station PLACE are lost or broken.",
)


@stock.command("move")
@click.argument("item")
@click.argument("place")
@click.argument("to")
@click.argument("quantity", type=click.IntRange(1, MOST))
@_changes
def move(
    installation: Installation,
    item: str,
    place: str,
    to: str,
    quantity: int,
    variant: str,
    reason: str,
    as_json: bool,
) -> None:
    """QUANTITY of ITEM are carried from the station PLACE to the station TO."""
    _take(
        installation,
        lambda session, community_id, now: moving.move(
            session,
            Sort(community_id, item, variant),
            place,
            to,
            quantity,
            reason=reason,
            actor=COMMAND_LINE,
            now=now,
        ),
        as_json,
    )


def _take(
    installation: Installation,
    change: Callable[[Session, int, datetime], Sequence[Level]],
    as_json: bool,
) -> None:
    community_id = ready_community(installation)
    changed = installation.do(lambda session: change(session, community_id, clock.now()))
    _tell([_as_json(level) for level in changed], as_json)


def _as_json(level: Level) -> dict[str, Any]:
    return {
        "item": level.item,
        "variant": level.variant,
        "place": level.place,
        "on_hand": level.on_hand,
        "low": level.low,
    }


def _tell(rows: Sequence[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(rows))
        return
    for row in rows:
        named = ", ".join(part for part in (row["item"], row["variant"]) if part)
        free = f", {row['free']} free" if "free" in row else ""
        click.echo(f"{named:<24} {row['place']:<20} {row['on_hand']} there{free}")
    if not rows:
        click.echo("The programme has no [items.…].")
