"""What time alone brings: by the programme in force, to who is somebody, and waits for nothing."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app import clock
from app.achievements.changes import changing
from app.achievements.grants import by_hand, settling
from app.achievements.linking import joining
from app.achievements.published.progress import TO_COME, progress_of
from app.activity.boards import closing
from app.actor import COMMAND_LINE, Actor
from app.communities.erasing import Erasing, erase
from app.communities.linking.codes import Account
from app.communities.models import Member
from app.programme.loading import load
from app.worker import do_everything
from tests.app.achievements.rules import (
    BASE,
    FORUM,
    PERKS,
    applied,
    community,
    holders,
    id_of,
    programme,
    who_has,
)
from tests.support.installations import NOON, World, message, minutes

DAY = timedelta(days=1)
TALKER = 'talker]\nall = [{ metric = "message", at_least = 3 }]'


@pytest.mark.parametrize("when", ["as it begins", "before it ends"])
def test_a_programme_that_is_applied_during_a_tick_is_what_all_are_looked_at_by(
    tmp_path: Path, engine_url: str, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    gone = "gone]\nall = [{ member_days = 1 }]"
    with community(tmp_path, engine_url, programme(gone)) as world, clock.standing_at(NOON):
        world.take(*[message(str(number)) for number in range(3)])
        settling.settle(world.installation)
        step = "who" if when == "as it begins" else "in_chunks"
        _once_after(monkeypatch, step, lambda: applied(world, programme(TALKER)))
        with clock.standing_at(NOON + 2 * DAY):
            assert settling.settle(world.installation) == 0
            assert settling.settle(world.installation) == 1
        assert who_has(world, "talker") == [1]


def test_a_tick_that_had_nothing_to_do_does_not_take_the_next_one_from_a_new_programme(
    tmp_path: Path, engine_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with community(tmp_path, engine_url, BASE + PERKS) as world:
        world.take(*[message(str(number)) for number in range(3)])
        settling.settle(world.installation)
        _once_after(monkeypatch, "who", lambda: applied(world, programme(TALKER)))
        assert settling.settle(world.installation) == 0
        assert settling.settle(world.installation) == 1


def test_who_is_nobody_any_more_is_granted_nothing_and_told_of_nowhere(
    tmp_path: Path, engine_url: str
) -> None:
    old = "old]\nbudget = 2\nall = [{ member_days = 5 }]"
    some = 'some]\nall = [{ metric = "message", at_least = 1 }]'
    with (
        clock.standing_at(NOON),
        community(tmp_path, engine_url, programme(old, some, others=FORUM)) as world,
    ):
        settling.settle(world.installation)
        world.take(message("p", "ann", kind="post"), source="forum")
        # Number two is erased, and the forum's number one is merged into number three.
        world.take(message("1", "200"), source="discord")
        world.take(message("2", "100"), message("3", "300"), source="discord")
        ann, bob, lou = (id_of(world, name, "discord") for name in ("100", "200", "300"))
        _link(world, ann)
        with world.installation.unit_of_work() as session:
            how = Erasing("they asked", COMMAND_LINE, NOON)
            erase(session, session.get_one(Member, bob), how)
        with clock.standing_at(NOON + 6 * DAY):
            there = programme(old, some, "new]\nall = [{ member_days = 1 }]", others=FORUM)
            world.installation.settings.programme_file.write_text(there, "utf-8")
            path, plugins = world.installation.settings.programme_file, world.installation.plugins
            effects = changing.effects(world.installation, load(path, plugins), now=clock.now())
            settling.settle(world.installation)
        assert who_has(world, "old") == sorted([ann, lou])
        told = {one.achievement: (one.newly, one.lose, one.keep) for one in effects}
        assert told == {"old": (0, 0, 0), "some": (0, 0, 0), "new": (2, 0, 0)}


def test_what_an_import_only_counts_is_granted_with_the_next_thing_that_they_do(
    tmp_path: Path, engine_url: str
) -> None:
    text = programme(
        TALKER,
        'veteran]\nall = [{ metric = "message", at_least = 3 }, { member_days = 14 }]',
        'over]\nends = 2026-11-01\nall = [{ metric = "message", at_least = 2 }]',
        'any]\nany = [{ metric = "message", at_least = 4 }, '
        '{ metric = "thread_started", at_least = 50 }]',
    )
    with clock.standing_at(NOON), community(tmp_path, engine_url, text) as world:
        past = [
            message(f"{who}{number}", who, NOON - (30 + 10 * number) * DAY)
            for who in ("a", "b")
            for number in range(4)
        ]
        world.take(*past, counters_only=True)
        settling.settle(world.installation)
        for days in (1, 2):
            with clock.standing_at(NOON + days * DAY):
                settling.settle(world.installation)
        applied(world, text + "\n# the same\n")
        settling.settle(world.installation)
        assert not holders(world)
        # Known already, it is nothing that they did.
        world.take(*past)
        assert not holders(world)
        assert said(world, "a") == {"talker": TO_COME, "veteran": TO_COME, "any": TO_COME}
        # Whatever it is that they do, and whichever criterion of several it counts for.
        world.take(message("now", "a", kind="thread_started"))
        assert {one[0] for one in holders(world)} == {"any"}
        assert said(world, "a") == {"talker": None, "veteran": None, "any": None}
        world.take(message("then", "a"))
        assert {(one[0], one[3]) for one in holders(world)} == {
            (key, id_of(world, "a")) for key in ("talker", "veteran", "any")
        }


def test_an_apply_after_the_end_takes_nothing_from_who_came_in_time(
    tmp_path: Path, engine_url: str
) -> None:
    """The worker was away when it ended, and the programme was changed before it came back."""
    text = programme(
        "days]\nends = 2026-11-22\n"
        'all = [{ metric = "message", at_least = 2 }, { member_days = 1 }]'
    )
    with clock.standing_at(NOON), community(tmp_path, engine_url, text) as world:
        world.take(message("1"), message("2"))
        settling.settle(world.installation)
        assert not holders(world)
        with clock.standing_at(NOON + 6 * DAY):
            for number in range(2):
                applied(world, f"{text}\n# {number}\n")
            settling.settle(world.installation)
        assert who_has(world, "days") == [id_of(world, "1")]


def said(world: World, name: str) -> dict[str, str | None]:
    """What is told of each achievement that can still be had."""
    with world.installation.reading() as session:
        every = progress_of(session, world.community_id, id_of(world, name), now=clock.now())
        return {one.key: one.closed for one in every if one.key != "over"}


def test_what_winners_and_the_chosen_have_leads_on_to_what_asks_for_it(
    tmp_path: Path, engine_url: str
) -> None:
    board = """
[leaderboards.top]
name = "Top"
metric = "message"
windows = ["day"]
winners = { achievement = "champion" }
"""
    text = programme(
        "champion]\nall = [{ by_hand = true }]",
        # They won by the end of that day, however long it took to be final.
        'legend]\nends = 2026-11-18\nall = [{ achievement = "champion" }]',
        'hero]\nall = [{ achievement = "legend" }]',
        others=board,
    )
    with clock.standing_at(NOON), community(tmp_path, engine_url, text) as world:
        do_everything(world.installation)
        world.take(message("1"), message("2"), message("3", "2"))
        for after in (3 * DAY, 3 * DAY + minutes(70)):
            with clock.standing_at(NOON + after):
                closing.close_due(world.installation)
                do_everything(world.installation)
        assert {one[0] for one in holders(world)} == {"champion", "legend", "hero"}
        assert {one[3] for one in holders(world)} == {id_of(world, "1")}


def test_by_hand_the_others_are_to_be_met_once_more_each_time(
    tmp_path: Path, engine_url: str
) -> None:
    kind = (
        "kind]\nrepeat = { at_most = 9 }\n"
        'all = [{ metric = "message", at_least = 2 }, { by_hand = true }]'
    )
    with community(tmp_path, engine_url, programme(kind)) as world:
        for number in range(3):
            world.take(message(f"a{number}"), message(f"b{number}"))
            _give(world, "kind")
            with pytest.raises(by_hand.NotGiven, match="have not met"):
                _give(world, "kind")
        assert who_has(world, "kind") == [1, 1, 1]


def _once_after(monkeypatch: pytest.MonkeyPatch, step: str, act: Callable[[], None]) -> None:
    """Does something once, between what a tick has read and what it does by it."""
    real: Callable[..., Any] = getattr(settling, step)
    left = [act]

    def stepped(*args: Any, **how: Any) -> Any:
        found = real(*args, **how)
        if left:
            left.pop()()
        return found

    monkeypatch.setattr(settling, step, stepped)


def _link(world: World, member_id: int, source: str = "forum", account: str = "ann") -> None:
    with world.installation.unit_of_work() as session:
        how: dict[str, Any] = {"actor": Actor("member", str(member_id)), "now": clock.now()}
        joining.link(session, world.community_id, member_id, Account(source, account), **how)


def _give(world: World, key: str) -> None:
    with world.installation.unit_of_work() as session:
        how: dict[str, Any] = {"actor": COMMAND_LINE, "now": clock.now()}
        by_hand.give(session, world.community_id, 1, key, reason="kind", **how)
