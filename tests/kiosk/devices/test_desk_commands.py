"""`keepsake devices` and `keepsake operators`: what organisers type, and what programs read."""

import json
import re
from typing import Any

import pytest
from click.testing import CliRunner, Result

from app.cli import command_line
from tests.kiosk.desks import Desk, entries
from tests.support.installations import World


def run(world: World, *arguments: str) -> Result:
    return CliRunner().invoke(command_line(world.installation), arguments, obj=world.installation)


def answer(world: World, *arguments: str) -> Any:
    done = run(world, *arguments, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_a_device_is_added_for_what_it_may_and_allowed_more(world: World) -> None:
    add = ("devices", "add", "--station", "popup", "--name", "Door 2")
    usual, added = answer(world, *add), answer(world, *add, "--may", "check")
    rows = {one["id"]: one for one in answer(world, "devices", "list")}
    assert rows[usual["id"]]["may"] == ["redeem", "undo"]
    assert rows[added["id"]] == {
        "id": added["id"],
        "name": "Door 2",
        "station": "popup",
        "may": ["check"],
        "paired": False,
        "seen_at": None,
        "synced_at": None,
        "synced_number": None,
        "waiting": None,
    }
    told = answer(world, "devices", "allow", added["id"], "--may", "redeem", "--may", "pickup")
    assert told == {"id": added["id"], "may": ["pickup", "redeem"]}
    assert (
        "Door 2 may: check only."
        in run(world, "devices", "allow", added["id"], "--may", "check").output
    )
    assert run(world, "devices", "allow", added["id"]).exit_code != 0
    assert run(world, "devices", "allow", added["id"], "--may", "eat").exit_code == 2


def test_a_device_is_revoked_and_stands_in_no_list(world: World) -> None:
    door = Desk(world)
    first = answer(world, "devices", "revoke", door.id)
    assert answer(world, "devices", "revoke", door.id) == first
    assert answer(world, "devices", "list") == []
    assert door.told(token=world.issue().token) == "not_signed_in"
    assert run(world, "devices", "revoke", "dev_none").exit_code != 0


def test_an_operator_is_admitted_gets_a_pin_and_is_dismissed(world: World) -> None:
    door = Desk(world)
    mia = answer(world, "operators", "add", "Mia")["id"]
    for _ in range(2):
        assert run(world, "operators", "admit", mia, door.id).exit_code == 0
    told = answer(world, "operators", "pin", mia)
    assert told == {"id": mia, "name": "Mia", "role": "steward", "pin": told["pin"]}
    assert door.sign_in(mia, told["pin"])[0] == 200
    (pin,) = re.findall(r"The PIN of Mia: (\d{6})\n", run(world, "operators", "pin", mia).output)
    assert door.sign_in(mia, told["pin"])[0] == 403
    assert door.sign_in(mia, pin)[0] == 200
    for _ in range(2):
        assert run(world, "operators", "dismiss", mia, door.id).exit_code == 0
    assert door.sign_in(mia, pin)[0] == 403
    for kind in ("admitted", "dismissed"):
        assert entries(world, f"operator.{kind}") == [{"operator": mia, "device": door.id}]
    assert answer(world, "operators", "role", mia, "supervisor")["role"] == "supervisor"


@pytest.mark.parametrize("what", ["admit", "dismiss", "pin"])
def test_who_is_not_there_is_refused_in_a_sentence(world: World, what: str) -> None:
    device = () if what == "pin" else (Desk(world).id,)
    refused = run(world, "operators", what, "op_none", *device)
    assert refused.exit_code != 0
    assert "op_none" in str(refused.exception)
    assert entries(world, "operator.pin_drawn") == []


def test_a_name_that_says_nothing_is_refused(world: World) -> None:
    assert run(world, "operators", "add", "  ").exit_code == 2
