"""A criterion that money can buy is refused, whichever way it leads there."""

from types import SimpleNamespace
from typing import Any

import pytest

from app.achievements import checking
from app.config import BUILT_IN_PACKAGES
from app.plugins import plug_in_all
from app.programme.loading import parse
from tests.support.installations import PROGRAMME

PLUGINS = plug_in_all(BUILT_IN_PACKAGES)
SOURCES = {"shop": SimpleNamespace(kinds=("message", "visit"), paid=("message",))}
BOARDS = {"top": SimpleNamespace(name="Top", metric="active_days")}


def wrong(criterion: str, **more: Any) -> list[str]:
    """What is said of one criterion, besides sections that others bring."""
    text = PROGRAMME.replace('all = [{ metric = "thread_started", at_least = 3 }]', criterion)
    sections = parse(text, PLUGINS, name="it")
    table = {"starter": sections["achievements"]["starter"]}
    return [sentence for _, sentence in checking.wrong(table, sections | more, PLUGINS)]


@pytest.mark.parametrize(
    "criterion",
    [
        'all = [{ metric = "message", at_least = 3 }]',
        'any = [{ member_days = 3 }, { metric = "active_days", at_least = 3 }]',
        'all = [{ distinct = "day", of = "message", at_least = 3 }]',
        'all = [{ streak = 3, metric = "active_days" }]',
        'all = [{ rank = 3, leaderboard = "top" }]',
    ],
)
def test_what_counts_paid_events_is_refused(criterion: str) -> None:
    assert wrong(criterion) == []
    [sentence] = wrong(criterion, sources=SOURCES, leaderboards=BOARDS)
    assert sentence.startswith("money can buy message, as [sources.shop] says")


def test_what_the_same_source_does_not_sell_is_fine() -> None:
    assert wrong('all = [{ metric = "thread_started", at_least = 1 }]', sources=SOURCES) == []


def test_a_leaderboard_that_does_not_exist_is_refused() -> None:
    criterion = 'all = [{ rank = 3, leaderboard = "bottom" }]'
    assert wrong(criterion, leaderboards=BOARDS) == ["there is no [leaderboards.bottom]"]
