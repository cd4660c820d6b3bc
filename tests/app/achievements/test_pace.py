"""How many events a replay's transactions take in."""

import itertools
from datetime import timedelta

import pytest

from app.achievements.intake import pace, replaying
from app.achievements.intake.pace import Pace
from app.achievements.intake.replaying import replay
from tests.support.installations import NOON, World, message


def sizes(*seconds: float) -> list[int]:
    """The size of each transaction and of the next, where they took so long."""
    found = Pace()
    told = [found.size]
    for one in seconds:
        found.took(one)
        told.append(found.size)
    return told


def test_who_waits_for_a_transaction_waits_about_as_long_however_fast_the_machine_is() -> None:
    assert sizes(0.25, 0.2, 0.25) == [2000, 2000, 2500, 2500]


def test_one_that_was_slow_or_fast_for_once_changes_little() -> None:
    assert sizes(60.0, 0.0, 0.0) == [2000, 1000, 2000, 4000]


def test_there_is_a_least_and_a_most() -> None:
    assert sizes(*[60.0] * 9)[-1] == pace.LEAST
    assert sizes(*[0.0] * 9)[-1] == pace.MOST


def test_a_replay_whose_transactions_take_long_makes_them_smaller(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    events = [message(f"e{one}", "a", NOON + timedelta(seconds=one)) for one in range(75)]
    monkeypatch.setattr(pace, "FIRST", 40)
    monkeypatch.setattr(pace, "LEAST", 5)
    clock = itertools.count()
    monkeypatch.setattr(replaying, "elapsed", lambda: next(clock))
    read: list[int] = []
    replay(
        world.installation,
        world.community_id,
        events,
        source="sample",
        on_batch=lambda done: read.append(done.counted),
    )
    assert read == [40, 60, 70, 75]
