"""What is said of a programme that cannot be: once, in plain words, of the table that is wrong."""

import pytest

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


def key_of(key: str, value: str, table: str = "leaderboards.b") -> str:
    tables = {
        "leaderboards.b": {"name": '"B"', "metric": '"message"', "windows": '["week"]'},
        "metrics.m": {"kinds": '["message"]'},
        "sources.f": {"name": '"F"', "kinds": '["post"]'},
        "stations.s": {"name": '"S"'},
    }
    lines = [f"{one} = {said}" for one, said in (tables[table] | {key: value}).items()]
    return "\n".join([f"[{table}]", *lines])


@pytest.mark.parametrize(
    ("table", "key", "value", "sentence"),
    [
        ("metrics.m", "kinds", '"message"', 'this should be a list, such as ["message"]'),
        ("metrics.m", "kinds", "7", "this should be a list, in [ ]"),
        ("metrics.m", "kinds", "[]", "this should name at least one"),
        ("metrics.m", "limits", "true", "this should be a table { … }"),
        ("leaderboards.b", "winners", '"a"', "this should be a table { … }"),
        ("leaderboards.b", "public", '"maybe"', "this should be true or false"),
        ("leaderboards.b", "public", '"yes"', "this should be true or false"),
        ("leaderboards.b", "public", "1", "this should be true or false"),
        ("leaderboards.b", "channel", "7", "this should be a text in quotation marks"),
        ("leaderboards.b", "channel", '"hall"', "this should be an id, of digits alone"),
        ("leaderboards.b", "name", '""', "this should not be empty"),
        ("leaderboards.b", "name", f'"{"x" * 61}"', "this should have at most 60 characters"),
        ("stations.s", "offline_hours", '"many"', "this should be a whole number"),
        ("stations.s", "offline_hours", '"12"', "this should be a whole number"),
        ("stations.s", "offline_hours", "true", "this should be a whole number"),
        ("stations.s", "offline_hours", "1.5", "this should be a whole number"),
        ("sources.f", "metric", "1", "this key is not known"),
    ],
)
def test_what_is_wrong_with_a_value_is_said_in_plain_words(
    table: str, key: str, value: str, sentence: str
) -> None:
    assert said_of(key_of(key, value, table)) == [f"[{table}], key {key}: {sentence}."]


@pytest.mark.parametrize("least", ["true", '"5"', '"many"', "2.5", "[2]"])
def test_a_criterions_number_is_written_as_one(least: str) -> None:
    table = f'a]\nall = [{{ metric = "message", at_least = {least} }}]'
    said = "[achievements.a.all.0], key at_least: this should be a whole number."
    assert said_of(achievements=(table,)) == [said]


def test_a_wrong_item_of_a_list_is_told_once_and_a_share_may_be_whole() -> None:
    [only] = said_of('[sources.f]\nname = "F"\nkinds = ["Post"]')
    assert only == (
        "[sources.f.kinds], key 0: this should be at most 40 lower-case letters, digits and _, "
        "beginning with a letter."
    )
    limits = '[metrics.m]\nkinds = ["message"]\nlimits = { channel = { share = %s, of_last = 9 } }'
    assert said_of(limits % '"0.5"') == [
        "[metrics.m.limits.channel], key share: this should be a number."
    ]
    assert said_of(limits % "0.5") == []


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        (
            "count = false\nchannel = 7",
            "[channels.0], key channel: this should be an id in quotation marks, or a list of them",
        ),
        ("count = false\nchannel = []", "[channels.0], key channel: this should name at least one"),
        ('weight = "2"', "[channels.0], key weight: this should be a whole number"),
        ('count = "no"', "[channels.0], key count: this should be true or false"),
    ],
)
def test_a_rule_for_channels_is_held_to_the_same(rule: str, sentence: str) -> None:
    assert said_of(f"[[channels]]\n{rule}") == [f"{sentence}."]


def test_what_is_in_force_goes_on_though_its_numbers_are_texts() -> None:
    text = programme('a]\nall = [{ metric = "message", at_least = "5" }]')
    taken = parse(text, PLUGINS, name="it", is_in_force=True)
    assert taken["achievements"]["a"].criteria[0].at_least == 5
