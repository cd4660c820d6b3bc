"""`keepsake operators`."""

import json
from typing import Any

import click

from app import clock
from app.actor import COMMAND_LINE
from app.installation import Installation
from app.options import json_option
from app.programme.applying import ready_community
from kiosk.operators import admitting, roster
from kiosk.operators.models import Operator
from voucher.scans.scanners import STEWARD, SUPERVISOR


@click.group()
def operators() -> None:
    """Who works at the desks."""


class PersonName(click.ParamType[str]):
    """What somebody is called: 1 to 60 characters that can be seen."""

    name = "name"

    def convert(self, value: Any, param: Any, ctx: Any) -> str:
        """The name without the spaces around it."""
        try:
            return roster.read_name(str(value))
        except roster.NameUnreadable as unreadable:
            self.fail(str(unreadable), param, ctx)


@operators.command("add")
@click.argument("name", type=PersonName())
@click.option("--role", type=click.Choice([STEWARD, SUPERVISOR]), default=STEWARD)
@json_option
@click.pass_obj
def add(installation: Installation, name: str, role: str, as_json: bool) -> None:
    """Add NAME: a steward scans; a supervisor undoes what others did as well."""
    community_id = ready_community(installation)
    with installation.unit_of_work() as session:
        how: dict[str, Any] = {"actor": COMMAND_LINE, "now": clock.now()}
        row = _as_json(roster.add(session, community_id, name, role, **how))
    _tell([row], as_json, row)


@operators.command("list")
@json_option
@click.pass_obj
def list_operators(installation: Installation, as_json: bool) -> None:
    """Everybody who can be named at a desk."""
    community_id = ready_community(installation)
    with installation.reading() as session:
        rows = [_as_json(one) for one in roster.roster(session, community_id)]
    _tell(rows, as_json, rows)


@operators.command("withdraw")
@click.argument("operator_id")
@json_option
@click.pass_obj
def withdraw(installation: Installation, operator_id: str, as_json: bool) -> None:
    """Let nobody be named by OPERATOR_ID any more; what they did stays theirs."""
    community_id = ready_community(installation)
    with installation.unit_of_work() as session:
        how: dict[str, Any] = {"actor": COMMAND_LINE, "now": clock.now()}
        row = _as_json(roster.withdraw(session, community_id, operator_id, **how))
    _tell([row], as_json, row)


@operators.command("role")
@click.argument("operator_id")
@click.argument("role", type=click.Choice([STEWARD, SUPERVISOR]))
@json_option
@click.pass_obj
def role(installation: Installation, operator_id: str, role: str, as_json: bool) -> None:
    """Make OPERATOR_ID a steward or a supervisor."""
    community_id = ready_community(installation)
    with installation.unit_of_work() as session:
        how: dict[str, Any] = {"actor": COMMAND_LINE, "now": clock.now()}
        row = _as_json(roster.set_role(session, community_id, operator_id, role, **how))
    _tell([row], as_json, row)


@operators.command("admit")
@click.argument("operator_id")
@click.argument("device_id")
@click.pass_obj
def admit(installation: Installation, operator_id: str, device_id: str) -> None:
    """Let OPERATOR_ID sign in on DEVICE_ID."""
    community_id = ready_community(installation)
    with installation.unit_of_work() as session:
        how: dict[str, Any] = {"actor": COMMAND_LINE, "now": clock.now()}
        admitting.admit(session, community_id, operator_id, device_id, **how)
    click.echo(f"{operator_id} may sign in on {device_id}.", err=True)


@operators.command("dismiss")
@click.argument("operator_id")
@click.argument("device_id")
@click.pass_obj
def dismiss(installation: Installation, operator_id: str, device_id: str) -> None:
    """Let OPERATOR_ID sign in on DEVICE_ID no more; what they did there stays theirs."""
    community_id = ready_community(installation)
    with installation.unit_of_work() as session:
        how: dict[str, Any] = {"actor": COMMAND_LINE, "now": clock.now()}
        admitting.dismiss(session, community_id, operator_id, device_id, **how)
    click.echo(f"{operator_id} may not sign in on {device_id} any more.", err=True)


@operators.command("pin")
@click.argument("operator_id")
@json_option
@click.pass_obj
def pin(installation: Installation, operator_id: str, as_json: bool) -> None:
    """Draw a new PIN for OPERATOR_ID, shown this once; the one before is worth nothing."""
    community_id = ready_community(installation)
    operator, drawn = admitting.draw_pin(
        installation, community_id, operator_id, actor=COMMAND_LINE
    )
    if as_json:
        click.echo(json.dumps({**_as_json(operator), "pin": drawn}))
        return
    click.echo(f"The PIN of {operator.name}: {drawn}")


def _as_json(operator: Operator) -> dict[str, Any]:
    return {"id": operator.id, "name": operator.name, "role": operator.role}


def _tell(rows: list[dict[str, Any]], as_json: bool, whole: Any) -> None:
    if as_json:
        click.echo(json.dumps(whole))
        return
    for row in rows:
        click.echo(f"{row['id']}  {row['role']:<10}  {row['name']}")
