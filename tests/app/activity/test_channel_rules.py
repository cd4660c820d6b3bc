"""`[[channels]]`: what is ignored, and what counts for more."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.achievements.published.progress import where_it_counts
from app.activity.counters import counting
from app.activity.event_log.models import StoredEvent
from app.activity.events import ActivityEvent
from app.activity.intake import explaining
from app.activity.limits.models import LimitRefusal
from app.activity.metrics.channels import IGNORED, ChannelRules, ChannelsSection
from app.activity.metrics.definitions import metrics_of
from app.communities import members
from app.communities.roles import holding
from app.programme.applying import apply_now, current
from app.programme.loading import ProgrammeRefused, load, parse
from tests.support.installations import NOON, PROGRAMME, World, make_installation, message

RULES: list[dict[str, Any]] = [
    {"thread": "t1", "weight": 3},
    {"channel": ["off-topic", "bots"], "count": False},
    {"category": "workshop", "role": ["makers", "helpers"], "weight": 2},
    {"category": "hidden", "count": False},
]
IN_FILE = """
[[channels]]
channel = ["bots", "off-topic"]
count = false

[[channels]]
category = "workshop"
role = "makers"
weight = 2
"""


def weight(rules: list[dict[str, Any]], **more: Any) -> int:
    event = message("1", **more)
    return ChannelRules(ChannelsSection().validate(rules)).weight_of(event)


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ({}, 1),
        ({"channel": "bots"}, IGNORED),
        ({"channel": "bots", "thread": "t1"}, 3),
        ({"category": "workshop"}, 1),
        ({"category": "workshop", "roles": ("readers", "helpers")}, 2),
        ({"roles": ("makers",)}, 1),
        ({"category": "hidden", "roles": ("makers",)}, IGNORED),
    ],
)
def test_the_first_rule_that_fits_decides(event: dict[str, Any], expected: int) -> None:
    assert weight(RULES, **event) == expected


def test_only_some_channels_count_where_the_last_rule_ignores_all() -> None:
    rules: list[dict[str, Any]] = [{"channel": "c1", "count": True}, {"count": False}]
    assert weight(rules) == 1
    assert weight(rules, channel="c2") == IGNORED


def test_what_is_ignored_is_not_kept_and_what_weighs_more_counts_more(
    engine_url: str, tmp_path: Path
) -> None:
    installation = make_installation(tmp_path, engine_url, PROGRAMME + IN_FILE)
    world = World(installation)
    events: list[ActivityEvent] = [
        message("1", channel="bots"),
        message("2"),
        message("3", category="workshop", roles=("makers",)),
        message("4", category="workshop", roles=("makers",), kind="voice_minutes", amount=5),
    ]
    taken = world.take(*events).intake
    assert taken.outcomes == ["channel_ignored", "counted", "counted", "counted"]
    assert dict(taken.refused) == {"channel_ignored": 1}
    with installation.reading() as session:
        member = members.find(session, world.community_id, "sample", "1")
        found = counting.counts(session, world.community_id, member.id)
        stored = session.scalars(select(StoredEvent.amount).order_by(StoredEvent.event_id))
        assert list(stored) == [1, 2, 10]
    assert (found["message"], found["voice_minutes"], found["channels_joined"]) == (3, 10, 1)
    assert world.take(*events).intake.duplicates == 3
    installation.close()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('[[channels]]\nchannel = "1"', "say `count = false`, or a `weight`."),
        ('[[channels]]\nchannel = "1"\ncount = false\nweight = 2', "does not count has no weight."),
        ('[[channels]]\nchannel = "1"\nweight = 11', "[channels.0], key weight: this should be"),
        ('[[channels]]\nchanel = "1"\ncount = false', "[channels.0], key chanel: this key is not"),
        ("[[channels]]\nchannel = []\ncount = false", "key channel: "),
        ('[channels]\nchannel = "1"\ncount = false', "as a table [[channels]], with two brackets."),
        ('[[channels]]\ncount = false\n[[channels]]\nchannel = "1"\nweight = 2', "fits everything"),
    ],
)
def test_a_rule_that_decides_nothing_is_refused(text: str, sentence: str, tmp_path: Path) -> None:
    made = make_installation(tmp_path, f"sqlite:///{tmp_path / 'k.sqlite3'}")
    with pytest.raises(ProgrammeRefused) as refused:
        parse(PROGRAMME + text, made.plugins, name="file")
    assert sentence in str(refused.value)
    made.close()


def tagged(session: Session, world: World, tag: str | None) -> None:
    role = holding.Role("makers", "Makers", tag)
    holding.note_guild(session, world.community_id, "9", [role], now=NOON)


def test_what_money_buys_lets_nothing_count_for_more(engine_url: str, tmp_path: Path) -> None:
    rules = """
[[channels]]
role = ["makers", "helpers"]
weight = 10

[[channels]]
channel = "quiet"
role = "makers"
count = false
"""
    installation = make_installation(tmp_path, engine_url, PROGRAMME + rules)
    world = World(installation)

    def counted(number: int, **more: Any) -> list[str]:
        names = [f"{number}-{role}" for role in ("makers", "helpers")]
        events = [message(name, roles=(name[2:],), **more) for name in names]
        return world.take(*events).intake.outcomes

    counted(1)
    with installation.unit_of_work() as session:
        tagged(session, world, "purchasable")
    counted(2)
    # What holders of the role must not do is no advantage to buy.
    assert counted(3, channel="quiet") == ["channel_ignored", "counted"]
    with installation.reading() as session:
        stored = session.scalars(select(StoredEvent.amount).order_by(StoredEvent.event_id))
        assert list(stored) == [10, 10, 10, 1, 10]
    installation.close()


def test_a_rule_for_a_role_that_money_buys_is_not_applied(engine_url: str, tmp_path: Path) -> None:
    installation = make_installation(tmp_path, engine_url)
    world = World(installation)
    with installation.unit_of_work() as session:
        tagged(session, world, "booster")
    file = installation.settings.programme_file
    file.write_text(PROGRAMME + IN_FILE, "utf-8")
    with pytest.raises(ProgrammeRefused) as refused:
        apply_now(installation, load(file, installation.plugins))
    assert refused.value.sentences == [
        "[channels.1]: it lets count what is done with role Makers, but it comes with boosting "
        "the server: money buys no counts."
    ]
    file.write_text((PROGRAMME + IN_FILE).replace("weight = 2", "count = false"), "utf-8")
    apply_now(installation, load(file, installation.plugins))
    installation.close()


def test_a_member_sees_how_much_a_rule_ignored(engine_url: str, tmp_path: Path) -> None:
    installation = make_installation(tmp_path, engine_url, PROGRAMME + IN_FILE)
    world = World(installation)

    def told() -> list[tuple[str, str]]:
        with installation.reading() as session:
            mine = members.find(session, world.community_id, "sample", "1").id
            metrics = metrics_of(current(session, world.community_id), installation.plugins)
            found = explaining.refused(session, world.community_id, mine, metrics)
            return [(one.metric, one.words) for one in found]

    ignored = [message(str(number), channel="bots") for number in range(3)]
    world.take(*ignored, message("other", "2", channel="bots"))
    with installation.reading() as session:
        # Nothing is known of who did nothing that counts.
        assert session.scalar(select(func.count()).select_from(LimitRefusal)) == 0
    world.take(message("9"), *ignored, message("8", kind="joined", channel="bots"))
    expected = [("joined", "ignored channel 1"), ("message", "ignored channel 3")]
    assert told() == expected
    # An import that is run again changes nothing, and what is counted anew keeps what is not kept.
    world.take(*ignored, keep_refusals=False)
    installation.settings.programme_file.write_text(PROGRAMME.replace("Berlin", "Paris"), "utf-8")
    apply_now(installation, load(installation.settings.programme_file, installation.plugins))
    assert told() == expected
    installation.close()


def test_rules_are_published_beside_what_is_counted(tmp_path: Path) -> None:
    rules = IN_FILE + "[[channels]]\ncount = false\n"
    rules = rules.replace('category = "workshop"', 'name = "the workshops"\ncategory = "workshop"')
    address = f"sqlite:///{tmp_path / 'k.sqlite3'}"
    installation = make_installation(tmp_path, address, PROGRAMME + rules)
    world = World(installation)
    with installation.unit_of_work() as session:
        tagged(session, world, None)
        assert where_it_counts(session, world.community_id) == (
            "Where it is done matters: in channel bots or off-topic nothing counts; in the "
            "workshops it counts twice; everywhere else nothing counts. The first of these that "
            "fits decides."
        )
        # As it is asked: by a role that money buys nothing counts.
        tagged(session, world, "booster")
        assert "workshops" not in str(where_it_counts(session, world.community_id))
    installation.close()
