"""What is said of a programme that cannot be: once, in plain words, of the table that is wrong."""

from app.config import BUILT_IN_PACKAGES
from app.plugins import plug_in_all
from app.programme.loading import ProgrammeRefused, parse
from tests.app.achievements.rules import programme

PLUGINS = plug_in_all(BUILT_IN_PACKAGES)
FORUM = """
[sources.forum]
name = "Forum"
kinds = ["post", "donation"]
paid = ["donation"]
"""


def said_of(*tables: str, achievements: tuple[str, ...] = ()) -> list[str]:
    """The sentences about a programme with these tables, without the file and the line."""
    try:
        parse(programme(*achievements, others="\n".join(tables)), PLUGINS, name="it")
    except ProgrammeRefused as refused:
        return [one.split(": ", 1)[1] for one in refused.sentences]
    return []


def board(metric: str, more: str = "") -> str:
    return f'[leaderboards.b]\nname = "B"\nmetric = "{metric}"\nwindows = ["week"]\n{more}'


def test_a_board_counts_any_kind_that_a_source_may_send() -> None:
    assert said_of(FORUM, board("post")) == said_of(FORUM, board("donation")) == []
    promised = said_of(
        FORUM,
        board("donation", 'winners = { achievement = "a" }'),
        achievements=("a]\nall = [{ by_hand = true }]",),
    )
    [only] = promised
    assert only.startswith("[leaderboards.b.winners]: money can buy donation")
    assert said_of(FORUM, board("likes")) == [
        "[leaderboards.b.metric]: nothing moves the metric likes"
    ]


def test_a_metric_that_counts_another_is_the_one_to_blame() -> None:
    own = "is the name of a kind of event and so a metric already"
    assert said_of('[metrics.m]\nkinds = ["active_days"]') == [
        "[metrics.m.kinds]: active_days is a metric, not a kind of event"
    ]
    assert said_of('[metrics.post]\nkinds = ["post"]') == [f"[metrics.post]: post {own}"]
    assert said_of(FORUM, '[metrics.post]\nkinds = ["message"]') == [f"[metrics.post]: post {own}"]
