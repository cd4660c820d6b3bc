"""Deleting private halves that sign no more."""

import json
from datetime import timedelta
from typing import Any

from click.testing import CliRunner, Result

from app import clock
from app.cli import command_line
from tests.support.installations import World
from voucher.keys.signers import path_of


def run(world: World, *arguments: str) -> Result:
    command = command_line(world.installation)
    return CliRunner().invoke(command, ["keys", *arguments], obj=world.installation)


def there(world: World) -> list[str]:
    return sorted(path.name for path in world.installation.settings.key_dir.glob("voucher-*"))


def prune(world: World) -> Any:
    done = run(world, "prune", "--json")
    assert done.exit_code == 0, done.output
    return [path.rpartition("/")[2] for path in json.loads(done.stdout)["deleted"]]


def test_a_key_that_was_replaced_a_day_ago_loses_its_file_and_still_verifies(world: World) -> None:
    voucher = world.issue()
    run(world, "rotate")
    with clock.standing_at(clock.now() + timedelta(hours=47)):
        assert prune(world) == []
    with clock.standing_at(clock.now() + timedelta(hours=49)):
        assert prune(world) == ["voucher-1.key"]
        assert prune(world) == []
        assert there(world) == ["voucher-2.key"]
        scanner, _ = world.add_device()
        assert world.scan(scanner, token=voucher.token)["verdict"] == "redeemed"
        world.issue()


def test_a_key_that_waits_and_the_one_that_signs_keep_theirs(world: World) -> None:
    run(world, "rotate")
    assert prune(world) == []
    assert there(world) == ["voucher-1.key", "voucher-2.key"]


def test_a_revoked_key_loses_its_file_at_once(world: World) -> None:
    run(world, "revoke", "1", "--reason", "leaked")
    assert prune(world) == ["voucher-1.key"]


def test_a_file_that_holds_another_key_is_left(world: World) -> None:
    run(world, "revoke", "1", "--reason", "leaked")
    settings = world.installation.settings
    path_of(settings, 1).write_text(path_of(settings, 2).read_text("ascii"), "ascii")
    done = run(world, "prune")
    assert done.exit_code == 1
    assert "is not the private half of signing key 1" in str(done.exception)
    assert there(world) == ["voucher-1.key", "voucher-2.key"]
