"""Trying a programme out and how fair it is: told from what was done, and nothing changes."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from app import clock
from app.achievements.models import Grant
from app.achievements.trials import fairness
from app.achievements.trials.trial import Tried, WouldGrant
from app.activity.boards.models import Struck
from app.activity.counters.models import Counter
from app.activity.event_log.models import StoredEvent
from app.actor import COMMAND_LINE
from app.audit.models import AuditEntry
from app.cli import command_line
from app.communities import members
from app.communities.erasing import Erasing, erase
from app.communities.models import Member
from app.communities.roles import holding
from app.programme.applying import ready
from app.programme.models import ProgrammeVersion
from tests.support.installations import NOON, PROGRAMME, World, make_installation, message, thread
from voucher.ledger.models import Voucher

DAY = timedelta(days=1)
OTHER = (
    PROGRAMME.replace("at_least = 3 }]", "at_least = 2 }]").replace(
        "[achievements.starter]",
        """[achievements.old]
name = "Old"
all = [{ member_days = 20 }, { metric = "talk", at_least = 1 }]
reward = { channel = "voucher", perk = "pin" }

[achievements.starter]""",
    )
    + '\n[metrics.talk]\nkinds = ["message"]\nlimits = { per_day = 1 }\n'
)

SEASON = """
[achievements.crown]
name = "Crown"
all = [{{ by_hand = true }}]
reward = {{ channel = "voucher", perk = "pin" }}

[achievements.podium]
name = "Podium"
all = [{{ rank = 2, leaderboard = "top", season = "then" }}]
reward = {{ channel = "voucher", perk = "pin" }}

[leaderboards.top]
name = "Top"
metric = "message"
windows = ["season"]
winners = {{ achievement = "crown" }}

[seasons.then]
name = "Then"
begins = {begins}
ends = {ends}
"""


VETERAN = """
[achievements.veteran]
name = "Veteran"
all = [{ member_days = 100 }]
reward = { channel = "voucher", perk = "pin" }
"""


@pytest.fixture
def world(engine_url: str, tmp_path: Path) -> Iterator[World]:
    """Ada started threads in spring and now, Bob is new, and both are known to two sources."""
    world = World(make_installation(tmp_path, engine_url))
    now = clock.now()
    world.take(thread("1", "ada", now - 200 * DAY), thread("2", "ada", now - 199 * DAY))
    world.take(thread("3", "ada", now - 40 * DAY), message("4", "ada", now - 40 * DAY))
    world.take(message("5", "bob", now - 10 * DAY), thread("6", "ada", now - 9 * DAY))
    world.take(message("5", "zoe", now - 5 * DAY), source="forum")
    yield world
    world.installation.close()


def keepsake(world: World, *arguments: str) -> Any:
    said = CliRunner().invoke(
        command_line(world.installation), [*arguments, "--json"], obj=world.installation
    )
    assert said.exit_code == 0, said.output
    return json.loads(said.stdout)


def everything(world: World) -> list[int | None]:
    with world.installation.reading() as session:
        return [
            session.scalar(select(func.count()).select_from(model))
            for model in (
                Grant,
                Voucher,
                Counter,
                StoredEvent,
                AuditEntry,
                Member,
                ProgrammeVersion,
            )
        ]


def test_a_trial_says_whom_a_programme_would_have_granted_and_changes_nothing(
    world: World, tmp_path: Path
) -> None:
    (tmp_path / "other.toml").write_text(OTHER, "utf-8")
    before = everything(world)
    told = keepsake(world, "trial", str(tmp_path / "other.toml"))
    assert everything(world) == before
    assert (told["active"], told["events"]) == (3, 5)
    assert [(one["achievement"], one["member"]) for one in told["grants"]] == [
        ("old", "ada"),
        ("starter", "ada"),
    ]
    late = datetime.fromisoformat(told["grants"][1]["at"])
    assert timedelta(days=8) < clock.now() - late < timedelta(days=10)


def test_fairness_is_told_of_all_that_was_recorded(world: World) -> None:
    before = everything(world)
    told = {one["achievement"]: one for one in keepsake(world, "fairness")}
    assert everything(world) == before
    starter = told["starter"]
    assert (starter["reached"], starter["active"], starter["median_days"]) == (1, 3, 160.0)
    assert (starter["newcomers"], starter["veterans"]) == (0.0, 1.0)
    assert told["explorer"]["warnings"] == ["nobody reaches it"]


def test_what_goes_to_the_most_active_or_leaves_newcomers_out_is_warned_of() -> None:
    tried = Tried(last_at=NOON)
    for member in range(1000):
        tried.events[member] = 1000 - member
        tried.first[member] = NOON - (10 if member >= 500 else 300) * DAY
    tried.grants = [WouldGrant("top", 1, 1, member, NOON) for member in range(30)]
    tried.grants += [WouldGrant("fair", 1, 1, member, NOON) for member in range(0, 1000, 2)]
    tried.grants += [WouldGrant("rare", 1, 1, 999, NOON)]
    # Who did nothing may have it by a role alone: they are not among the active.
    tried.grants += [WouldGrant("rare", 1, 1, 5000 + member, NOON) for member in range(50)]
    steps = [("top", 1), ("fair", 1), ("rare", 1)]
    top, fair, rare = fairness.of_all(tried, steps)
    assert (top.reached, top.to_top_1_percent, top.to_top_10_percent) == (30, 0.3333, 1.0)
    assert top.warnings == (
        "33 % of those who reach it are the most active 1 %",
        "100 % of those who reach it are the most active 10 %",
        "it takes 300 days at the median",
        "0.0 % of newcomers reach it, and 6.0 % of all others",
    )
    assert (fair.share, fair.newcomers, fair.veterans, fair.warnings) == (0.5, 0.5, 0.5, ())
    assert rare.warnings == ("only 0.1 % of the active members reach it",)


@pytest.mark.parametrize(("reached", "is_enough"), [(19, False), (20, True)])
def test_of_few_who_reach_it_nothing_is_said_of_the_most_active(
    reached: int, is_enough: bool
) -> None:
    tried = Tried(last_at=NOON)
    for member in range(1000):
        tried.events[member], tried.first[member] = 1000 - member, NOON - 300 * DAY
    tried.grants = [WouldGrant("top", 1, 1, member, NOON - 300 * DAY) for member in range(reached)]
    [top] = fairness.of_all(tried, [("top", 1)])
    said = [
        one.split(" of those who reach it are ")[1] for one in top.warnings if "active 1" in one
    ]
    assert said == (["the most active 1 %", "the most active 10 %"] if is_enough else [])


@pytest.mark.parametrize(
    ("new", "old", "is_enough"), [(19, 20, False), (20, 19, False), (20, 20, True)]
)
def test_of_few_newcomers_or_few_others_nothing_is_concluded(
    new: int, old: int, is_enough: bool
) -> None:
    tried = Tried(last_at=NOON)
    for member in range(new + old):
        tried.events[member] = 1
        tried.first[member] = NOON - (10 if member < new else 40) * DAY
    tried.grants = [WouldGrant("old", 1, 1, member, NOON) for member in range(new, new + old)]
    [one] = fairness.of_all(tried, [("old", 1)])
    assert any("of newcomers reach it" in said for said in one.warnings) is is_enough


def test_who_has_been_here_for_long_has_it_from_the_beginning_of_a_trial(
    world: World, tmp_path: Path
) -> None:
    veterans = PROGRAMME + VETERAN
    (tmp_path / "veterans.toml").write_text(veterans, "utf-8")
    told = keepsake(world, "trial", str(tmp_path / "veterans.toml"), "--days", "20")
    [one] = [one for one in told["grants"] if one["achievement"] == "veteran"]
    # By when she had been here for so long.
    assert (one["member"], one["at"][:10]) == ("ada", f"{clock.now() - 100 * DAY:%Y-%m-%d}")


def test_what_time_brings_after_the_last_event_is_granted_in_a_trial(
    world: World, tmp_path: Path
) -> None:
    # Zoe wrote five days ago, and nobody did anything since.
    (tmp_path / "days.toml").write_text(PROGRAMME + VETERAN.replace("100", "4"), "utf-8")
    told = keepsake(world, "trial", str(tmp_path / "days.toml"))
    who = {one["member"] for one in told["grants"] if one["achievement"] == "veteran"}
    assert who == {"ada", "bob", "zoe"}


def test_who_was_erased_is_neither_active_nor_granted_anything_in_a_trial(
    world: World, tmp_path: Path
) -> None:
    with world.installation.unit_of_work() as session:
        ada = members.find(session, world.community_id, "sample", "ada")
        erase(session, ada, Erasing("they asked", COMMAND_LINE, clock.now()))
    (tmp_path / "other.toml").write_text(OTHER, "utf-8")
    told = keepsake(world, "trial", str(tmp_path / "other.toml"))
    assert (told["active"], told["grants"]) == (2, [])


@pytest.mark.parametrize(("days_ago", "is_busy"), [(30, True), (30, False), (3, False)])
def test_seasons_close_in_a_trial_and_places_and_winners_are_granted(
    world: World, tmp_path: Path, days_ago: int, is_busy: bool
) -> None:
    # Three days ago: nothing happened since that would tell that the season is over.
    begins = (clock.now() - days_ago * DAY).replace(hour=12)
    for number, member in enumerate(("eve", "eve", "bob")):
        world.take(message(f"s{number}", member, begins + number * timedelta(minutes=1)))
    if is_busy:
        days = range(days_ago)
        world.take(*[thread(f"t{day}", f"pat{day}", clock.now() - day * DAY) for day in days])
    text = PROGRAMME + SEASON.format(
        begins=(begins - DAY).date().isoformat(), ends=(begins + DAY).date().isoformat()
    )
    (tmp_path / "season.toml").write_text(text, "utf-8")
    before = everything(world)

    def told() -> list[tuple[str, str]]:
        grants = keepsake(world, "trial", str(tmp_path / "season.toml"))["grants"]
        asked = [one for one in grants if one["achievement"] in ("crown", "podium")]
        # A place by the season's end, a win by when it was final, as it would have been.
        dates = {datetime.fromisoformat(one["at"]) for one in asked}
        assert all(begins + DAY < at < begins + 4 * DAY for at in dates)
        return sorted((one["achievement"], one["member"]) for one in asked)

    assert told() == [("crown", "eve"), ("podium", "bob"), ("podium", "eve")]
    assert everything(world) == before
    with world.installation.unit_of_work() as session:
        eve = members.find(session, world.community_id, "sample", "eve").id
        row = {"community_id": world.community_id, "season": "then", "member_id": eve}
        session.add(Struck(**row, struck_at=clock.now()))
    assert told() == [("crown", "bob"), ("podium", "bob")]


RULED = """
[achievements.chatty]
name = "Chatty"
all = [{ metric = "message", at_least = 6 }]
reward = { channel = "voucher", perk = "pin" }

[[channels]]
channel = "workshop"
weight = 3
"""


def test_a_trial_weighs_what_was_done_once_by_the_rules_that_are_tried(
    world: World, tmp_path: Path
) -> None:
    file = world.installation.settings.programme_file
    file.write_text(PROGRAMME + RULED, "utf-8")
    ready(world.installation)
    now = clock.now() - DAY
    done = [message(f"w{i}", who, now, channel="workshop") for i, who in enumerate(("eve", "kim"))]
    world.take(*done, message("o1", "kim", now, channel="off"), message("o2", "kim", now))

    def tried(text: str) -> tuple[list[str], int]:
        (tmp_path / "other.toml").write_text(PROGRAMME + text, "utf-8")
        told = keepsake(world, "trial", str(tmp_path / "other.toml"))
        found = [one["member"] for one in told["grants"] if one["achievement"] == "chatty"]
        return found, told["as_it_was"]

    # As it came to be: 3 of eve, 5 of kim.
    assert tried(RULED) == ([], 0)
    assert tried(RULED.replace("at_least = 6", "at_least = 5")) == (["kim"], 0)
    assert tried(RULED.replace("weight = 3", "weight = 6")) == (["eve", "kim"], 0)
    less = RULED.replace("at_least = 6", "at_least = 2").partition("[[channels]]")[0]
    assert tried(less) == (["kim"], 0)
    off = '[[channels]]\nchannel = ["off", "workshop"]\ncount = false\n'
    assert tried(less + off) == ([], 0)
    # Who had which role is not known any more: what it came to then stands.
    role = '[[channels]]\nchannel = "workshop"\nrole = "77"\nweight = 9\n'
    assert tried(less.replace("at_least = 2", "at_least = 4") + role) == (["kim"], 2)
    # But of a role that money buys it is: it lets nothing count for more.
    with world.installation.unit_of_work() as session:
        bought = holding.Role("77", "Patrons", "subscription")
        holding.note_guild(session, world.community_id, "9", [bought], now=now)
    assert tried(less.replace("at_least = 2", "at_least = 4") + role) == ([], 0)
