"""A changed programme: shown with what it does to progress, applied by command, and recorded."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select

from app import clock
from app.achievements.changes import changing
from app.achievements.grants import granting, settling
from app.achievements.models import Grant
from app.activity.counters import counting
from app.audit.models import AuditEntry
from app.cli import command_line
from app.communities import members
from app.programme import applying
from app.programme.applying import current, ready
from app.programme.loading import ProgrammeRefused, load, parse
from app.programme.models import ProgrammeVersion
from tests.support.installations import PROGRAMME, World, make_installation, message, minutes

EASIER = PROGRAMME.replace(
    '{ metric = "message", at_least = 3 }', '{ metric = "message", at_least = 1 }'
)
HARDER = PROGRAMME.replace(
    '{ metric = "message", at_least = 3 }', '{ metric = "message", at_least = 9 }'
)
OTHERS = (
    PROGRAMME[: PROGRAMME.index("[achievements.explorer]")]
    + '[metrics.calm]\nkinds = ["message"]\nlimits = { cooldown_seconds = 90 }\n'
    + '[achievements.calm]\nname = "Calm"\nbudget = 1\n'
    + 'all = [{ metric = "calm", at_least = 2, window = "week" }]\n'
    + 'reward = { channel = "voucher", perk = "pin" }\n'
    + PROGRAMME[PROGRAMME.index("[perks.pin]") :]
)
STATIONS = PROGRAMME[PROGRAMME.index("[stations.popup]") :]
PATIENCE = 20
"""Seconds: far more than it takes, unless somebody waits for somebody."""


@pytest.fixture
def world(engine_url: str, tmp_path: Path) -> Iterator[World]:
    """Ada is an explorer; Bob was in two channels, but wrote two messages only."""
    made = make_installation(tmp_path, engine_url, programme_changes="by_command")
    world, now = World(made), clock.now() - minutes(30)
    world.take(*[message(f"a{i}", "ada", now + minutes(i), channel=f"c{i}") for i in range(3)])
    world.take(*[message(f"b{i}", "bob", now + minutes(i), channel=f"c{i}") for i in range(2)])
    yield world
    world.installation.close()


def change(world: World, text: str) -> None:
    world.installation.settings.programme_file.write_text(text, "utf-8")


def keepsake(world: World, *arguments: str, typed: str = "") -> Result:
    line = command_line(world.installation)
    return CliRunner().invoke(line, arguments, obj=world.installation, input=typed)


def granted(world: World) -> list[str]:
    with world.installation.reading() as session:
        return list(session.scalars(select(Grant.achievement).order_by(Grant.id)))


def test_a_changed_file_waits_until_it_is_applied_by_command(world: World) -> None:
    change(world, EASIER)
    assert ready(world.installation).text == PROGRAMME
    world.take(message("b9", "bob", channel="c0"), message("z", "zoe"))
    for typed in ("n\n", ""):
        asked = keepsake(world, "programme", "apply", typed=typed)
        assert (asked.exit_code, str(asked.exception)) == (1, "Nothing was changed.")
    assert ready(world.installation).text == PROGRAMME
    assert keepsake(world, "programme", "apply", "--yes").exit_code == 0
    assert ready(world.installation).text == EASIER
    with world.installation.reading() as session:
        applied = select(func.count()).where(AuditEntry.kind == "programme.applied")
        assert session.scalar(applied) == 2
    assert "in force already" in keepsake(world, "programme", "diff").output


def test_a_changed_key_begins_no_other_community_unless_that_is_said(world: World) -> None:
    change(world, PROGRAMME.replace('key = "test"', 'key = "tset"'))
    for command in (["diff"], ["apply", "--yes"]):
        refused = keepsake(world, "programme", *command)
        assert "it was test so far, and a key never" in str(refused.exception)
    with pytest.raises(ProgrammeRefused):
        ready(world.installation)
    keepsake(world, "audit", "seal")
    assert keepsake(world, "programme", "apply", "--yes", "--new-community").exit_code == 0
    assert applying.ready_community(world.installation) != world.community_id
    assert keepsake(world, "audit", "verify").exit_code == 0


def test_a_diff_says_who_would_qualify_and_changes_nothing(world: World) -> None:
    change(world, EASIER)
    told = keepsake(world, "programme", "diff")
    assert "Explorer is changed: 1 member would newly qualify, 0 lose." in told.output
    assert "\n-all = [" in told.output and "\n+all = [" in told.output
    assert "Starter" not in told.output.partition("Explorer is")[2]
    change(world, HARDER)
    as_json = json.loads(keepsake(world, "programme", "diff", "--json").stdout)
    [explorer] = [one for one in as_json["effects"] if one["achievement"] == "explorer"]
    assert (explorer["newly"], explorer["lose"], explorer["keep"]) == (0, 0, 1)
    assert granted(world) == ["explorer"]


def test_what_is_counted_anew_for_a_change_is_counted_for_its_diff(world: World) -> None:
    change(world, OTHERS)
    programme = load(world.installation.settings.programme_file, world.installation.plugins)
    found = {
        one.achievement: one
        for one in changing.effects(world.installation, programme, now=clock.now())
    }
    assert (found["calm"].what, found["calm"].newly, found["calm"].budget) == ("new", 1, 1)
    assert (found["explorer"].what, found["explorer"].keep) == ("withdrawn", 1)
    with world.installation.reading() as session:
        ada = members.find(session, world.community_id, "sample", "ada")
        assert "calm" not in counting.counts(session, world.community_id, ada.id)


def test_a_kiosk_redeems_while_the_effect_is_counted(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    scanner, voucher = world.add_device()[0], world.issue()
    asked: list[str] = []

    def meanwhile(*args: Any, **how: Any) -> Any:
        """What is looked at for an effect; first of all somebody redeems, and is waited for."""
        if not asked:
            other = Thread(
                target=lambda: asked.append(world.scan(scanner, token=voucher.token)["verdict"])
            )
            other.start()
            other.join(PATIENCE)
        return qualifying(*args, **how)

    qualifying = granting.qualifying
    monkeypatch.setattr(granting, "qualifying", meanwhile)
    change(world, OTHERS)
    assert "Calm is new" in keepsake(world, "programme", "diff").output
    assert asked == ["redeemed"]


def test_what_is_in_force_by_now_is_not_overwritten(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(world, EASIER)
    here = world.installation

    def somebody_else(*_: Any, **__: Any) -> bool:
        found = load(here.settings.programme_file, here.plugins)
        other = replace(found, text=HARDER, sections=parse(HARDER, here.plugins, name="x"))
        applying.apply_now(here, other)
        return True

    monkeypatch.setattr("click.confirm", somebody_else)
    told = keepsake(world, "programme", "apply")
    assert isinstance(told.exception, applying.ChangedMeanwhile)
    with here.reading() as session:
        assert current(session, world.community_id)["achievements"]["explorer"].all[1].at_least == 9


def test_a_diff_tells_of_budgets_perks_and_boards(world: World) -> None:
    world.issue()
    text = OTHERS.replace("budget = 1\n", "budget = 5\n").replace('name = "Pin"', 'name = "Badge"')
    board = '[leaderboards.top]\nname = "Top"\nmetric = "calm"\nwindows = ["week"]\n'
    text = text.replace('name = "Test"', 'name = "Club"')
    change(world, text.partition("[perks.elsewhere]")[0] + STATIONS + board)
    told = keepsake(world, "programme", "diff").output
    for sentence in (
        "Calm is new: 1 member would newly qualify, 0 lose. At most 5 are granted, of which 5 are",
        "Perk Badge is changed: name. 2 vouchers of it are out: they keep their window and uses",
        "Perk Elsewhere is withdrawn. No voucher of it is out.",
        "Leaderboard Top is new. It begins with what is recorded already",
        "Metric calm is new. It is counted from all that is recorded.",
        "The community is changed: name. The bot takes up name as it next starts.",
        "Explorer is withdrawn: 1 member holds it and keeps it.",
    ):
        assert sentence in told, told


def test_what_a_later_version_would_refuse_goes_on_until_it_is_changed(world: World) -> None:
    file = world.installation.settings.programme_file
    refused = PROGRAMME + '[[channels]]\nchannel = "1"\nweight = 5\n[metrics.few]\n'
    refused += 'kinds = ["message"]\nlimits = { per_hour = 4 }\n'
    with world.installation.unit_of_work() as session:
        row = session.scalars(select(ProgrammeVersion)).one()
        row.content, row.digest = refused, hashlib.sha256(refused.encode()).hexdigest()
    world.installation.plugins.memory.clear()
    file.write_text(EASIER, "utf-8")
    assert ready(world.installation).text == refused
    assert world.take(message("on", "ada")).intake.counted == 1
    assert "per_hour" in keepsake(world, "programme", "diff").output
    done = keepsake(world, "programme", "apply", "--yes")
    assert done.exit_code == 0, done.output
    assert ready(world.installation).text == EASIER


def test_who_newly_qualifies_is_granted_and_what_was_granted_stays(world: World) -> None:
    change(world, EASIER)
    keepsake(world, "programme", "apply", "--yes")
    assert settling.settle(world.installation) == 1
    change(world, HARDER)
    keepsake(world, "programme", "apply", "--yes")
    assert settling.settle(world.installation) == 0
    assert granted(world) == ["explorer", "explorer"]


def test_a_diff_says_whom_applying_it_grants_that_met_it_before(world: World) -> None:
    few = PROGRAMME.replace('name = "Explorer"', 'name = "Explorer"\nbudget = 1')
    change(world, few)
    keepsake(world, "programme", "apply", "--yes")
    world.take(*[message(f"z{i}", "zoe", channel=f"c{i}") for i in range(3)])
    more = few.replace("budget = 1", "budget = 5")
    change(world, more.replace("at_least = 3 }]\nreward", "at_least = 1 }]\nreward"))
    told = keepsake(world, "programme", "diff").output
    assert (
        "Explorer is changed: 1 member would newly qualify, 0 lose; 2 members are granted it now: "
        "1 of them met it before, and have not got it." in told
    ), told
    change(world, more)
    told = keepsake(world, "programme", "diff").output
    assert (
        "Explorer is changed: 0 members would newly qualify, 0 lose; 1 member is granted it now: "
        "they met it before, and have not got it." in told
    ), told
    keepsake(world, "programme", "apply", "--yes")
    assert settling.settle(world.installation) == 1


def test_a_diff_says_who_waits_since_an_import(world: World) -> None:
    world.take(*[message(f"z{i}", "zoe", channel=f"c{i}") for i in range(2)], counters_only=True)
    change(world, EASIER)
    told = keepsake(world, "programme", "diff").output
    assert (
        "Explorer is changed: 2 members would newly qualify, 0 lose; 1 member is granted it now, "
        "1 with the next thing they do." in told
    ), told
    keepsake(world, "programme", "apply", "--yes")
    assert settling.settle(world.installation) == 1


@pytest.mark.parametrize(
    ("more", "granted_now", "sentence"),
    [
        ("ends = 2020-12-01", 0, "nobody is granted it now. Over: its time has passed."),
        ("begins = 2100-12-01", 0, "nobody is granted it now. Not yet: from 1 Dec 2100 on."),
        (
            "budget = 1",
            1,
            "1 member is granted it now. At most 1 are granted, of which 1 are left.",
        ),
    ],
)
def test_a_diff_knows_dates_and_budgets(
    more: str, granted_now: int, sentence: str, world: World
) -> None:
    reader = f"""
[achievements.reader]
name = "Reader"
all = [{{ metric = "message", at_least = 1 }}]
reward = {{ channel = "voucher", perk = "pin" }}
{more}
"""
    change(world, PROGRAMME + reader)
    told = keepsake(world, "programme", "diff").output
    assert f"Reader is new: 2 members would newly qualify, 0 lose; {sentence}" in told, told
    keepsake(world, "programme", "apply", "--yes")
    assert settling.settle(world.installation) == granted_now


def test_a_diff_says_of_which_windows_a_new_board_has_winners(world: World) -> None:
    board = '[leaderboards.top]\nname = "Top"\nmetric = "message"\nwindows = ["day"]\n'
    winners = 'winners = { achievement = "explorer" }\n'
    from_then_on = "Winners are granted for windows that close from then on, for none that is over."
    change(world, PROGRAMME + board + winners)
    assert from_then_on in keepsake(world, "programme", "diff").output
    change(world, PROGRAMME + board)
    assert from_then_on not in keepsake(world, "programme", "diff").output
    keepsake(world, "programme", "apply", "--yes")
    change(world, PROGRAMME + board + winners)
    found = keepsake(world, "programme", "diff").output
    assert f"Leaderboard Top is changed: winners. {from_then_on}" in found


def test_a_broken_file_is_refused_before_anything_is_compared(world: World) -> None:
    change(world, PROGRAMME.replace("at_least = 3", "at_least = 0"))
    told = keepsake(world, "programme", "diff")
    assert told.exit_code != 0 and "at_least" in str(told.exception)
