"""When something was reached is known by what is stored, in whatever order that came."""

from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path

import pytest
from sqlalchemy import select

from app import clock
from app.achievements.grants import settling
from app.achievements.models import Grant
from app.activity.boards import closing
from app.worker import do_everything
from tests.app.achievements.rules import (
    BASE,
    PERKS,
    applied,
    community,
    holders,
    id_of,
    programme,
    season,
    who_has,
)
from tests.support.installations import message, minutes, thread

DAY = timedelta(days=1)
TUESDAY = datetime(2026, 11, 17, 12, tzinfo=UTC)
AFTER = TUESDAY + 5 * DAY
"""The last day of each is Friday."""
OTHERS = """
[metrics.calm]
kinds = ["message"]
limits = { cooldown_seconds = 86400 }
"""
ENDING = (
    "three", '{ metric = "message", at_least = 3 }',
    "four", '{ metric = "message", at_least = 4 }',
    "days", '{ distinct = "day", of = "message", at_least = 3 }',
    "more_days", '{ distinct = "day", of = "message", at_least = 4 }',
    "places", '{ distinct = "channel", of = "message", at_least = 3 }',
    "month", '{ metric = "message", at_least = 3, window = "month" }',
    "streak", '{ streak = 3, of = "message" }',
    "calm_once", '{ metric = "calm", at_least = 2 }',
    "calm_twice", '{ metric = "calm", at_least = 3 }',
    "both", '{ metric = "message", at_least = 3 }, { metric = "thread_started", at_least = 1 }',
    "too_late", '{ metric = "message", at_least = 4 }, { metric = "thread_started", at_least = 1 }',
    "chain", '{ achievement = "three" }, { metric = "message", at_least = 1 }',
    "no_chain", '{ achievement = "first" }, { achievement = "four" }',
    "behind_open", '{ achievement = "open" }',
    "behind_that", '{ achievement = "behind_open" }',
    "behind_late", '{ achievement = "open_late" }',
    "behind_later", '{ achievement = "later" }',
    "a_member", '{ member_days = 3 }',
    "too_new", '{ member_days = 4 }',
)  # fmt: skip
IN_TIME = {"three", "days", "places", "month", "streak", "calm_once", "both", "chain", "first"}
IN_TIME |= {"open", "behind_open", "behind_that", "a_member"}
ALSO = {"again", "steps", "either", "open_late", "later"}


def test_whatever_the_order_in_which_it_came_who_was_in_time_gets_it_and_nobody_else(
    tmp_path: Path, engine_url: str
) -> None:
    tables = [
        f"{key}]\nends = 2026-11-20\nall = [{criteria}]"
        for key, criteria in zip(ENDING[::2], ENDING[1::2], strict=True)
    ]
    tables += [
        'first]\nall = [{ metric = "message", at_least = 1 }]',
        'open]\nall = [{ metric = "message", at_least = 3 }]',
        'open_late]\nall = [{ metric = "message", at_least = 4 }]',
        'later]\nall = [{ achievement = "open_late" }]',
        'again]\nends = 2026-11-20\nall = [{ metric = "message", at_least = 2 }]\nrepeat = {}',
        'steps]\nends = 2026-11-20\nall = [{ metric = "message" }]\n'
        'tiers = [{ name = "A", at_least = 2 }, { name = "B", at_least = 4 }]',
        'either]\nends = 2026-11-20\nany = [{ metric = "message", at_least = 4 },'
        ' { metric = "thread_started", at_least = 1 }]',
    ]
    done = [
        lambda who: message(f"{who}-0", who, TUESDAY, channel="a"),
        lambda who: message(f"{who}-1", who, TUESDAY + DAY - minutes(60), channel="b"),
        lambda who: thread(f"{who}-2", who, TUESDAY + DAY + minutes(5)),
        lambda who: message(f"{who}-3", who, TUESDAY + 2 * DAY, channel="c"),
        lambda who: message(f"{who}-4", who, TUESDAY + 4 * DAY, channel="d"),
    ]
    orders = list(permutations(range(len(done))))
    with community(tmp_path, engine_url, programme(*tables, others=OTHERS)) as world:
        for place in range(len(done)):
            came = [done[order[place]](str(number)) for number, order in enumerate(orders)]
            world.take(*came, now=AFTER)
        held = holders(world)
        for number, order in enumerate(orders):
            who = id_of(world, str(number))
            theirs = {one[:3] for one in held if one[3] == who}
            expected = {(key, 1, 1) for key in IN_TIME | ALSO}
            assert theirs == expected, order


@pytest.mark.parametrize("ahead", [timedelta(), minutes(10)])
def test_what_a_clock_that_runs_ahead_dates_after_the_end_is_not_in_time(
    ahead: timedelta, tmp_path: Path, engine_url: str
) -> None:
    """A source's clock may run ahead of ours: it is told of before the end, by ours."""
    text = programme('pair]\nends = 2026-11-20\nall = [{ metric = "message", at_least = 2 }]')
    end = datetime(2026, 11, 20, 23, tzinfo=UTC)
    with community(tmp_path, engine_url, text) as world:
        late = message("2", at=end), message("4", "2", end - minutes(1))
        taken = world.take(message("1"), message("3", "2"), *late, now=end - ahead)
        assert taken.intake.counted == 4
        assert who_has(world, "pair") == [id_of(world, "2")]


def test_what_takes_anothers_place_may_show_that_it_was_in_time(
    tmp_path: Path, engine_url: str
) -> None:
    """No counter moves: the late one counts instead of the one that followed it too soon."""
    text = programme(
        'calm_twice]\nends = 2026-11-20\nall = [{ metric = "calm", at_least = 2 }]',
        "places]\nends = 2026-11-20\n"
        'all = [{ distinct = "channel", of = "message", at_least = 2 }]',
        others=OTHERS,
    )
    with community(tmp_path, engine_url, text) as world:
        end = datetime(2026, 11, 20, 23, tzinfo=UTC)
        world.take(
            message("1", at=TUESDAY), message("3", at=end + minutes(1), channel="z"), now=AFTER
        )
        assert not holders(world)
        world.take(message("2", at=end - minutes(1), channel="z"), now=AFTER)
        assert {one[0] for one in holders(world)} == {"calm_twice", "places"}
        world.take(message("4", "2", end + minutes(1)), message("5", "2", end), now=AFTER)
        assert not who_has(world, "places")[1:]


def test_a_place_in_a_season_is_won_with_its_last_day_however_late_it_is_final(
    tmp_path: Path, engine_url: str
) -> None:
    rank = 'all = [{ rank = 1, leaderboard = "top", season = "short" }]'
    text = programme(
        f"medal]\nends = 2026-11-18\n{rank}",
        f"early]\nends = 2026-11-17\n{rank}",
        "old]\nends = 2026-11-20\nall = [{ member_days = 3 }]",
        others=season("short", "2026-11-01", "2026-11-18"),
    )
    with clock.standing_at(TUESDAY), community(tmp_path, engine_url, text) as world:
        settling.settle(world.installation)
        done = [message("1", at=TUESDAY), message("2", "2", TUESDAY)]
        world.take(*done, message("3", at=TUESDAY + minutes(1)))
        # The worker was away as the third day of each was over, and as the season ended.
        for after in (5 * DAY, 5 * DAY + minutes(70), 7 * DAY):
            with clock.standing_at(TUESDAY + after):
                closing.close_due(world.installation)
                do_everything(world.installation)
                settling.settle(world.installation)
        assert who_has(world, "medal") == [id_of(world, "1")]
        assert who_has(world, "old") == [id_of(world, "1"), id_of(world, "2")]
        assert not who_has(world, "early")


def test_a_budget_goes_to_whoever_came_first_though_all_are_looked_at_by_their_numbers(
    tmp_path: Path, engine_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settling, "TOGETHER", 2)
    with community(tmp_path, engine_url, BASE + PERKS) as world:
        world.take(*[message(f"a{who}", str(who), TUESDAY + minutes(who)) for who in range(5)])
        world.take(
            *[message(f"b{who}", str(who), TUESDAY + DAY - minutes(who)) for who in range(5)]
        )
        first = 'first]\nbudget = 2\nall = [{ metric = "message", at_least = 2 }]'
        applied(world, programme(first))
        assert settling.settle(world.installation) == 2
        assert who_has(world, "first") == sorted(id_of(world, who) for who in ("3", "4"))


def test_a_grant_that_is_dated_by_its_event_is_so_in_any_order(
    tmp_path: Path, engine_url: str
) -> None:
    third = 'third]\nall = [{ metric = "message", at_least = 3 }]'
    with community(tmp_path, engine_url, programme(third)) as world:
        for day in (0, 4, 2):
            world.take(message(str(day), at=TUESDAY + day * DAY), dated_by_event=True, now=AFTER)
        with world.installation.reading() as session:
            [grant] = session.scalars(select(Grant))
        assert grant.granted_at == TUESDAY + 4 * DAY
