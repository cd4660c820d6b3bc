"""A criterion that money can buy is refused, whichever way it leads there."""

import pytest

from app.config import BUILT_IN_PACKAGES
from app.plugins import plug_in_all
from app.programme.loading import ProgrammeRefused, parse
from tests.support.installations import PROGRAMME

PLUGINS = plug_in_all(BUILT_IN_PACKAGES)
SHOP = """
[sources.shop]
name = "Shop"
kinds = ["message", "visit"]
paid = ["message"]
"""
BOARD = """
[leaderboards.top]
name = "Top"
metric = "active_days"
windows = ["season"]

[seasons.autumn]
name = "Autumn"
begins = 2026-09-01
ends = 2026-11-30
"""


def wrong(criterion: str, more: str = "") -> list[str]:
    """What is said of one criterion, in a programme with a board."""
    text = PROGRAMME.replace('all = [{ metric = "thread_started", at_least = 3 }]', criterion)
    try:
        parse(text + BOARD + more, PLUGINS, name="it")
    except ProgrammeRefused as refused:
        about = "[achievements.starter]: "
        return [one.split(about)[1] for one in str(refused).splitlines() if about in one]
    return []


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
    [sentence] = wrong(criterion, SHOP)
    assert sentence.startswith("money can buy message, as [sources.shop] says")


def test_what_the_same_source_does_not_sell_is_fine() -> None:
    assert wrong('all = [{ metric = "thread_started", at_least = 1 }]', SHOP) == []


@pytest.mark.parametrize("metric", ["message", "active_days"])
def test_a_board_of_what_money_buys_promises_its_winners_nothing(metric: str) -> None:
    board = BOARD.replace("active_days", metric)
    promised = board.replace("[seasons", 'winners = { achievement = "explorer" }\n\n[seasons')
    asks = '{ metric = "channels_joined", at_least = 2 }, { metric = "message", at_least = 3 }'
    text = PROGRAMME.replace(asks, "{ by_hand = true }")
    parse(text + promised, PLUGINS, name="it")
    # It may be there, and be seen; nothing is granted for it.
    parse(text + board + SHOP, PLUGINS, name="it")
    with pytest.raises(ProgrammeRefused) as refused:
        parse(text + promised + SHOP, PLUGINS, name="it")
    [sentence] = refused.value.sentences
    assert sentence.endswith(
        "[leaderboards.top.winners]: money can buy message, as [sources.shop] says: "
        "nothing is granted for it"
    )


def test_a_leaderboard_that_does_not_exist_is_refused() -> None:
    criterion = 'all = [{ rank = 3, leaderboard = "bottom" }]'
    assert wrong(criterion) == ["there is no [leaderboards.bottom]"]
