"""`keepsake operators`."""

import json
from typing import Any

import click

from app import clock
from app.actor import COMMAND_LINE
from app.installation import Installation
from app.programme.applying import ready_community
from kiosk.operators import roster
from kiosk.operators.models import Operator
from voucher.scans.scanners import STEWARD, SUPERVISOR

LONGEST_NAME = 60


@click.group()
def operators() -> None:
    """Who works at the desks."""


class PersonName(click.ParamType[str]):
    """What somebody is called: 1 to 60 characters that can be seen."""

    name = "name"

    def convert(self, value: Any, param: Any, ctx: Any) -> str:
        """The name without the spaces around it."""
        text = str(value).strip()
        if not text or len(text) > LONGEST_NAME or not text.isprintable():
            self.fail(f"a name has 1 to {LONGEST_NAME} characters that can be seen", param, ctx)
        return text


json_option = click.option("--json", "as_json", is_flag=True, help="One JSON value on stdout.")


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


def _as_json(operator: Operator) -> dict[str, Any]:
    return {"id": operator.id, "name": operator.name, "role": operator.role}


def _tell(rows: list[dict[str, Any]], as_json: bool, whole: Any) -> None:
    if as_json:
        click.echo(json.dumps(whole))
        return
    for row in rows:
        click.echo(f"{row['id']}  {row['role']:<10}  {row['name']}")
