"""Grants by every kind of criterion, in tiers and rounds, within dates and budgets."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy import insert, select

from app import clock
from app.achievements.grants import budgets, by_hand, settling
from app.achievements.models import AchievementBudget, Grant
from app.activity.counters.models import Standing, StandingRow
from app.actor import COMMAND_LINE
from app.communities import members
from app.communities.roles import holding
from app.communities.roles.holding import Role
from app.config import BUILT_IN_PACKAGES
from app.plugins import plug_in_all
from app.programme.applying import ready
from app.programme.loading import ProgrammeRefused, parse
from tests.app.achievements.rules import programme, season
from tests.support.installations import NOON, World, make_installation, message, minutes

OTHERS = (
    season("autumn", "2026-09-01", "2026-11-30")
    + """
[metrics.calm]
kinds = ["message"]
limits = { cooldown_seconds = 360 }
"""
)
DAY = timedelta(days=1)

Make = Callable[..., World]


@pytest.fixture
def make(engine_url: str, tmp_path: Path) -> Iterator[Make]:
    """A world whose programme has these achievements."""
    made: list[World] = []

    def build(*tables: str) -> World:
        text = programme(*tables, others=OTHERS)
        made.append(World(make_installation(tmp_path, engine_url, text)))
        return made[-1]

    yield build
    for world in made:
        world.installation.close()


def grants(world: World) -> list[tuple[str, int, int]]:
    with world.installation.reading() as session:
        rows = session.scalars(select(Grant).order_by(Grant.id))
        return [(grant.achievement, grant.tier, grant.round) for grant in rows]


def member(world: World, name: str = "1") -> int:
    with world.installation.reading() as session:
        return members.find(session, world.community_id, "sample", name).id


def messages(count: int, at: datetime = NOON, start: int = 0, **more: Any) -> list[Any]:
    return [message(f"m{start + i}", at=at + minutes(i), **more) for i in range(count)]


def test_a_metric_is_reached_within_one_week_and_not_over_two(make: Make) -> None:
    world = make('busy]\nall = [{ metric = "message", at_least = 3, window = "week" }]')
    monday = datetime(2026, 11, 9, 12, tzinfo=NOON.tzinfo)
    assert world.take(*messages(2, monday), *messages(2, monday - 7 * DAY, 10)).grants == 0
    assert world.take(*messages(1, monday + DAY, 20)).grants == 1


def test_distinct_days_of_a_kind_need_no_metric_of_their_own(make: Make) -> None:
    world = make('days]\nall = [{ distinct = "channel", of = "message", at_least = 3 }]')
    assert world.take(message("1"), message("2"), message("3", channel="b")).grants == 0
    assert world.take(message("4", channel="c")).grants == 1


def test_a_streak_forgives_its_grace_and_may_be_closed_by_a_late_day(make: Make) -> None:
    world = make('streak]\nall = [{ streak = 4, metric = "active_days", grace = 1 }]')
    days = [message(str(i), at=NOON - i * DAY) for i in (0, 1, 4, 5)]
    assert world.take(*days).grants == 0
    assert world.take(message("late", at=NOON - 3 * DAY), dated_by_event=True).grants == 1
    assert world.take(message("2", at=NOON - 2 * DAY)).grants == 0


def test_tiers_are_granted_each_once_and_several_at_a_time(make: Make) -> None:
    tiers = '[{ name = "Bronze", at_least = 2 }, { name = "Gold", at_least = 4 }]'
    world = make(f'talker]\nall = [{{ metric = "message" }}]\ntiers = {tiers}')
    assert world.take(*messages(2)).grants == 1
    assert world.take(*messages(5, start=2)).grants == 1
    assert grants(world) == [("talker", 1, 1), ("talker", 2, 1)]
    assert world.take(*messages(9, start=20, member="2")).grants == 2


def test_what_repeats_is_had_again_but_not_past_its_cap_or_within_its_cooldown(make: Make) -> None:
    world = make(
        'weekly]\nall = [{ metric = "message", at_least = 2 }]\nrepeat = { at_most = 3 }',
        'rare]\nall = [{ metric = "message", at_least = 2 }]\nrepeat = { cooldown_days = 7 }',
    )
    now = clock.now()
    for round_ in range(4):
        world.take(*messages(2, start=2 * round_), now=now + round_ * 3 * DAY)
    assert grants(world).count(("rare", 1, 2)) == 1
    assert [one for one in grants(world) if one[0] == "rare"] == [("rare", 1, 1), ("rare", 1, 2)]
    assert [one[2] for one in grants(world) if one[0] == "weekly"] == [1, 2, 3]


def test_one_leads_to_another_in_the_same_batch(make: Make) -> None:
    world = make(
        'master]\nall = [{ achievement = "apprentice" }, { metric = "message", at_least = 1 }]',
        'apprentice]\nall = [{ metric = "message", at_least = 2 }]',
        'grandmaster]\nany = [{ achievement = "master" }]',
    )
    assert world.take(*messages(2)).grants == 3


def test_dates_hold_by_the_event_that_reached_it_and_not_by_when_it_came(make: Make) -> None:
    world = make('gala]\nends = 2026-11-17\nall = [{ metric = "message", at_least = 2 }]')
    assert world.take(message("1", at=NOON - DAY), message("3", "2", NOON)).grants == 0
    assert world.take(message("4", "2", NOON + minutes(1))).grants == 0
    assert world.take(message("2", at=NOON - DAY + minutes(5))).grants == 1


def test_a_budget_goes_to_whoever_came_first_in_time(make: Make) -> None:
    world = make('first]\nbudget = 2\nall = [{ metric = "message", at_least = 1 }]')
    came = [message(f"b{i}", str(i), NOON - minutes(i)) for i in range(5)]
    assert world.take(*came).grants == 2
    with world.installation.reading() as session:
        holders = set(session.scalars(select(Grant.member_id)))
        assert session.scalar(select(AchievementBudget.granted)) == 2
    assert holders == {member(world, "4"), member(world, "3")}
    assert world.take(message("c", "c")).grants == 0


def test_sixty_four_writers_take_a_budget_and_never_one_more(make: Make) -> None:
    world = make('first]\nbudget = 10\nall = [{ metric = "message", at_least = 1 }]')

    def take(_number: int) -> int:
        with world.installation.unit_of_work() as session:
            return budgets.take(session, world.community_id, "first", 1, 10)

    with ThreadPoolExecutor(64) as pool:
        taken = list(pool.map(take, range(64)))
    assert sum(taken) == 10
    assert world.take(message("1")).grants == 0


def test_time_as_a_member_is_granted_by_the_clock_alone(make: Make) -> None:
    world = make("veteran]\nall = [{ member_days = 30 }]")
    world.take(message("1", at=clock.now() - 31 * DAY), message("2", "2", clock.now() - DAY))
    assert settling.settle(world.installation) == 1
    assert settling.settle(world.installation) == 0


def test_a_place_in_a_season_is_granted_once_its_standing_is_final(make: Make) -> None:
    world = make('winner]\nall = [{ rank = 2, leaderboard = "top", season = "autumn" }]')
    world.take(*[message(str(i), str(i)) for i in range(4)])
    settling.settle(world.installation)
    _standing(world, "provisional", {"0": 1, "1": 2, "2": 2, "3": 4})
    assert settling.settle(world.installation) == 0
    with world.installation.unit_of_work() as session:
        session.get_one(Standing, (world.community_id, "top", "season:autumn")).state = "final"
    assert settling.settle(world.installation) == 3


def test_a_role_is_asked_for_and_one_that_can_be_bought_grants_nothing(make: Make) -> None:
    world = make('helper]\nall = [{ role = "77" }, { metric = "message", at_least = 1 }]')
    world.take(message("1"), message("2", "2"))
    _roles(world, "1", None)
    assert settling.settle(world.installation) == 1
    _roles(world, "2", "subscription")
    assert world.take(message("3", "2")).grants == 0
    file = world.installation.settings.programme_file
    file.write_text(file.read_text("utf-8") + "\n", "utf-8")
    with pytest.raises(ProgrammeRefused, match="comes with a subscription"):
        ready(world.installation)


def test_an_organiser_gives_what_says_so_with_a_reason_and_once(make: Make) -> None:
    world = make(
        "kind]\nbudget = 1\nany = [{ by_hand = true }]",
        'plain]\nall = [{ metric = "message", at_least = 9 }]',
    )
    world.take(message("1"), message("2", "2"))
    assert grants(world) == []
    _give(world, "kind", "1")
    assert grants(world) == [("kind", 1, 1)]
    for key, name, sentence in (
        ("kind", "1", "have Kind already"),
        ("kind", "2", "All 1 of Kind"),
        ("plain", "2", "not given by hand"),
    ):
        with pytest.raises(by_hand.NotGiven, match=sentence):
            _give(world, key, name)
    with pytest.raises(by_hand.UnknownAchievement):
        _give(world, "nothing", "1")


def test_twenty_achievements_are_looked_at_with_as_few_statements_as_one(make: Make) -> None:
    tables = [
        f'a{i}]\nall = [{{ metric = "message", at_least = {i + 5} }}, {{ member_days = {i + 1} }},'
        f' {{ streak = 2, metric = "active_days" }}, {{ distinct = "day", of = "message",'
        f' at_least = 1, window = "week" }}]'
        for i in range(20)
    ]
    world = make(*tables)
    world.take(*messages(30))
    said: list[str] = []
    engine = world.installation.database.engine
    sqlalchemy_event.listen(engine, "before_cursor_execute", lambda *seen: said.append(seen[2]))
    world.take(*messages(1, start=100))
    assert len(said) <= 30, said


@pytest.mark.parametrize(
    ("tables", "sentence"),
    [
        (
            ['a]\nall = [{ achievement = "b" }]', 'b]\nall = [{ achievement = "a" }]'],
            "asks for itself",
        ),
        (['a]\nall = [{ achievement = "z" }]'], r"no \[achievements.z\]"),
        (['a]\nall = [{ streak = 3, metric = "channels_joined" }]'], "does not count days"),
        (['a]\nall = [{ distinct = "day", of = "nothing", at_least = 1 }]'], "nothing moves"),
        (
            ['a]\nall = [{ rank = 1, leaderboard = "top", season = "winter" }]'],
            r"there is no \[seasons.winter\]",
        ),
        (['a]\nall = [{ rank = 1, leaderboard = "x" }]'], r"there is no \[leaderboards.x\]"),
        (
            ['a]\nall = [{ rank = 1, leaderboard = "top", window = "week" }]'],
            r"\[leaderboards.top\] has no window week: its windows are season",
        ),
        (["a]\nrepeat = {}\nall = [{ member_days = 3 }]"], "none of its criteria .* once more"),
        (
            ['a]\nrepeat = {}\nany = [{ metric = "message", at_least = 3 }, { role = "7" }]'],
            "with any, each criterion must .* once more, and role is not",
        ),
    ],
)
def test_what_cannot_be_met_is_refused(tables: list[str], sentence: str) -> None:
    plugins = plug_in_all(BUILT_IN_PACKAGES)
    with pytest.raises(ProgrammeRefused, match=sentence):
        parse(programme(*tables, others=OTHERS), plugins, name="it")


@pytest.mark.parametrize("season", [None, "autumn"])
def test_a_place_in_a_season_is_asked_of_boards_that_have_seasons(season: str | None) -> None:
    named = f', season = "{season}"' if season else ""
    table = f'a]\nall = [{{ rank = 1, leaderboard = "top"{named} }}]'
    plugins = plug_in_all(BUILT_IN_PACKAGES)
    parse(programme(table, others=OTHERS), plugins, name="it")
    daily = OTHERS.replace('windows = ["season"]', 'windows = ["day", "all"]')
    with pytest.raises(ProgrammeRefused, match="has no window season: its windows are day, all"):
        parse(programme(table, others=daily), plugins, name="it")


@pytest.mark.parametrize("what", ['metric = "message"', 'distinct = "day", of = "message"'])
def test_nothing_is_counted_by_season_where_there_is_none(what: str) -> None:
    table = f'a]\nall = [{{ {what}, at_least = 3, window = "season" }}]'
    plugins = plug_in_all(BUILT_IN_PACKAGES)
    parse(programme(table, others=OTHERS), plugins, name="it")
    with pytest.raises(ProgrammeRefused, match=r"there is no season: define one as \[seasons.KEY"):
        parse(programme(table), plugins, name="it")


def _standing(world: World, state: str, ranks: dict[str, int]) -> None:
    which = {"community_id": world.community_id, "board": "top", "window": "season:autumn"}
    rows = [
        which | {"member_id": member(world, name), "rank": rank, "count": 1}
        for name, rank in ranks.items()
    ]
    with world.installation.unit_of_work() as session:
        session.add(
            Standing(**which, metric="message", closes_at=NOON, state=state, members=len(rows))
        )
        session.execute(insert(StandingRow), rows)


def _roles(world: World, name: str, tag: str | None) -> None:
    how: dict[str, Any] = {"now": clock.now()}
    with world.installation.unit_of_work() as session:
        found = members.find(session, world.community_id, "sample", name)
        role = Role("77", "Helper", tag)
        holding.note_guild(session, world.community_id, "9", [role], **how)
        holding.note_members(session, world.community_id, "9", {found.id: ["77"]}, **how)


def _give(world: World, key: str, name: str) -> None:
    with world.installation.unit_of_work() as session:
        found = members.find(session, world.community_id, "sample", name)
        how: dict[str, Any] = {"actor": COMMAND_LINE, "now": clock.now()}
        by_hand.give(session, world.community_id, found.id, key, reason="kind", **how)


def test_a_late_event_that_moves_no_counter_may_show_that_it_was_in_time(make: Make) -> None:
    world = make('gala]\nends = 2026-11-17\nall = [{ metric = "calm", at_least = 2 }]')
    end = datetime(2026, 11, 17, 23, tzinfo=NOON.tzinfo)
    world.take(message("1", at=end - minutes(60)), message("3", at=end + minutes(3)))
    assert grants(world) == []
    # It counts in place of the one five minutes after it, which is not in time.
    assert world.take(message("2", at=end - minutes(2))).grants == 1
    assert world.take(message("4", at=end - minutes(30))).grants == 0


@pytest.mark.parametrize(
    "criterion",
    [
        '{ metric = "message", at_least = 3 }',
        '{ metric = "message", at_least = 3, window = "month" }',
        '{ distinct = "channel", of = "message", at_least = 3 }',
        '{ streak = 3, of = "message" }',
        '{ streak = 2, of = "message" }, { metric = "message", at_least = 3 }',
    ],
)
def test_a_late_event_counts_by_the_day_though_later_ones_are_known(
    make: Make, criterion: str
) -> None:
    world = make(f"gala]\nends = 2026-11-17\nall = [{criterion}]")
    days = [message(str(i), at=NOON - i * DAY, channel=f"c{i}") for i in (0, -1, -2, 1, 2)]
    assert world.take(*days[:3]).grants == 0
    assert world.take(*days[3:]).grants == 0
    assert world.take(message("late", at=NOON - 3 * DAY, channel="c9")).grants == 1


def test_what_is_given_by_hand_is_besides_what_is_earned(make: Make) -> None:
    world = make(
        "kind]\nrepeat = { at_most = 3 }\n"
        'any = [{ by_hand = true }, { metric = "message", at_least = 2 }]',
        'once]\nany = [{ by_hand = true }, { metric = "message", at_least = 2 }]',
    )
    world.take(message("1"))
    _give(world, "kind", "1")
    _give(world, "once", "1")
    assert world.take(message("2")).grants == 1
    assert grants(world) == [("kind", 1, 1), ("once", 1, 1), ("kind", 1, 2)]
    assert world.take(*messages(4, start=10)).grants == 1, "three in all, however they are had"
    with pytest.raises(by_hand.NotGiven, match="have Kind already"):
        _give(world, "kind", "1")
