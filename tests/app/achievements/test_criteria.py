"""Criteria as data: how often they are met, how far one is, and what is refused."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from app.achievements.criteria.conditions import ALWAYS
from app.achievements.criteria.kinds import (
    MemberDaysCriterion,
    MetricCriterion,
    RankCriterion,
    StreakCriterion,
)
from app.achievements.criteria.known import Known
from app.achievements.criteria.settings import AchievementSettings
from app.achievements.criteria.streaks import longest_streak, streaks
from app.achievements.criteria.wording import Words
from app.activity.boards.settings import LeaderboardSettings
from app.activity.limits.settings import LimitSettings
from app.activity.limits.wording import in_words

NOW = datetime(2026, 11, 18, 12, tzinfo=UTC)
REWARD = {"channel": "voucher", "perk": "pin"}
DAYS = st.lists(st.integers(1, 60), unique=True).map(sorted)


def achievement(**table: Any) -> AchievementSettings:
    return AchievementSettings.model_validate({"name": "A", "reward": REWARD} | table)


def known(**what: Any) -> Known:
    return Known(NOW, **what)


def test_a_metric_in_a_window_is_met_by_any_one_window_and_never_by_their_sum() -> None:
    weekly = MetricCriterion(metric="message", at_least=5, window="week")
    counters = {"message": {"all": 12, "2026-W01": 4, "2026-W02": 4, "2026-01": 8, "2026-W09": 4}}
    assert weekly.rounds(known(counters=counters)) == 0
    assert weekly.progress(known(counters=counters)) == (4, 5)
    counters["message"] |= {"2026-W10": 5, "2026-W11": 6}
    assert weekly.rounds(known(counters=counters)) == 2


@given(st.integers(1, 50), st.integers(0, 500))
def test_for_all_time_each_further_threshold_is_one_more(least: int, count: int) -> None:
    criterion = MetricCriterion(metric="m", at_least=least)
    met = criterion.rounds(known(counters={"m": {"all": count, "2026-W01": 900}}))
    assert met * least <= count < (met + 1) * least


@given(st.integers(1, 9), st.lists(st.integers(0, 20), max_size=6), st.integers(1, 4))
def test_it_is_met_once_more_exactly_when_nothing_is_missing_to_that(
    least: int, counts: list[int], number: int
) -> None:
    weeks = {f"2026-W{week:02}": count for week, count in enumerate(counts, 1)}
    facts = known(counters={"m": {"all": sum(counts)} | weeks})
    for criterion in (
        MetricCriterion(metric="m", at_least=least),
        MetricCriterion(metric="m", at_least=least, window="week"),
    ):
        how_far = criterion.progress(facts, number)
        assert how_far.is_met is (criterion.rounds(facts) >= number) and how_far.of == least


@given(DAYS, st.integers(2, 8), st.integers(0, 3), st.integers(1, 4))
def test_a_streak_is_met_once_more_exactly_when_nothing_is_missing_to_that(
    days: list[int], length: int, grace: int, number: int
) -> None:
    criterion, facts = (
        StreakCriterion(streak=length, metric="d", grace=grace),
        known(days={"d": days}),
    )
    rounds = criterion.rounds(facts)
    for one in range(1, min(number, rounds + 1) + 1):
        assert criterion.progress(facts, one).is_met is (rounds >= one)


@given(DAYS, st.integers(2, 8), st.integers(0, 3))
def test_a_streak_has_its_days_and_misses_at_most_the_grace(
    days: list[int], length: int, grace: int
) -> None:
    last_of_before = 0
    for first, last in streaks(days, length, grace):
        within = [day for day in days if first <= day <= last]
        assert len(within) == length and last - first + 1 - length <= grace
        assert first > last_of_before
        last_of_before = last


@given(DAYS, st.integers(2, 8), st.integers(0, 3))
def test_a_streak_is_there_exactly_when_some_days_make_one(
    days: list[int], length: int, grace: int
) -> None:
    there = any(
        sum(start <= day < start + length + grace for day in days) >= length
        for start in range(1, 61)
    )
    criterion = StreakCriterion(streak=length, metric="d", grace=grace)
    facts = known(days={"d": days})
    assert bool(criterion.rounds(facts)) is there is criterion.progress(facts).is_met
    assert (longest_streak(days, grace) >= length) is there


@given(DAYS, DAYS, st.integers(2, 8), st.integers(0, 3))
def test_more_days_never_take_a_streak_away(
    some: list[int], more: list[int], length: int, grace: int
) -> None:
    every = sorted({*some, *more})
    assert len(streaks(every, length, grace)) >= len(streaks(some, length, grace))


def test_rank_is_asked_of_closed_seasons_only() -> None:
    facts = known(
        ranks={("top", "season:spring"): 2, ("top", "2026-W01"): 1, ("b", "season:spring"): 1}
    )
    assert RankCriterion(rank=3, leaderboard="top").rounds(facts) == 1
    assert RankCriterion(rank=1, leaderboard="top").rounds(facts) == 0
    assert RankCriterion(rank=3, leaderboard="top", season="autumn").rounds(facts) == 0
    assert RankCriterion(rank=1, leaderboard="top", window="week").rounds(facts) == 1


def test_days_as_a_member_are_whole_ones() -> None:
    criterion = MemberDaysCriterion(member_days=30)
    almost = known(member_since=NOW - timedelta(days=30) + timedelta(seconds=1))
    assert (criterion.rounds(almost), criterion.progress(almost)) == (0, (29, 30))
    assert criterion.rounds(known(member_since=NOW - timedelta(days=30))) == ALWAYS


def test_all_asks_for_each_and_any_for_one() -> None:
    criteria = [{"metric": "message", "at_least": 2}, {"role": "7"}]
    facts = known(counters={"message": {"all": 5}})
    assert achievement(all=criteria).steps[0].rounds(facts) == 0
    assert achievement(any=criteria).steps[0].rounds(facts) == 2
    facts = known(counters={"message": {"all": 5}}, roles=frozenset({"7"}))
    assert achievement(all=criteria).steps[0].rounds(facts) == 2


def test_tiers_fill_in_the_criterion_that_says_no_threshold() -> None:
    settings = achievement(
        all=[{"metric": "message"}, {"member_days": 3}],
        tiers=[
            {"name": "Bronze", "at_least": 10},
            {"name": "Gold", "at_least": 100, "reward": {"channel": "voucher", "perk": "cup"}},
        ],
    )
    facts = known(counters={"message": {"all": 50}}, member_since=NOW - timedelta(days=9))
    assert [tier.rounds(facts) > 0 for tier in settings.steps] == [True, False]
    assert [tier.reward["perk"] for tier in settings.steps] == ["pin", "cup"]
    own = achievement(tiers=[{"name": "A", "any": [{"role": "1"}, {"role": "2"}]}])
    assert own.steps[0].rounds(known(roles=frozenset({"2"})))


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        ({}, "either `all` or `any`"),
        ({"all": [{"role": "1"}], "any": [{"role": "1"}]}, "either `all` or `any`"),
        ({"all": [{"metric": "m"}]}, "say at_least"),
        ({"all": [{"colour": "red"}]}, "a criterion has one of these keys"),
        ({"all": [{"metric": "m", "at_least": 1, "grace": 1}]}, "Extra inputs"),
        ({"all": [{"streak": 5}]}, "give `metric`"),
        ({"all": [{"streak": 5, "metric": "a", "of": "b"}]}, "give `metric`"),
        (
            {
                "all": [{"metric": "m"}],
                "tiers": [{"name": "A", "at_least": 9}, {"name": "B", "at_least": 9}],
            },
            "more than the one before",
        ),
        (
            {"all": [{"metric": "m"}], "tiers": [{"name": "A", "all": [{"role": "1"}]}]},
            "to the achievement or to its tiers",
        ),
        (
            {"all": [{"role": "1"}], "begins": "2026-02-01", "ends": "2026-01-01"},
            "ends on the day it begins",
        ),
        ({"all": [{"role": "1"}], "reward": None}, "required"),
    ],
)
def test_what_does_not_fit_together_is_refused(table: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence.replace("[", r"\[")):
        achievement(**table)


def test_every_limit_has_words() -> None:
    said = in_words(
        LimitSettings.model_validate(
            {
                "cooldown_seconds": 60,
                "per_hour": 4,
                "per_day": 9,
                "minimum_length": 3,
                "repeated_hours": 2,
                "same_member_per_day": 3,
                "own": False,
                "channel": {"share": 0.5},
                "account_days": 30,
                "member_days": 7,
                "burst": {},
                "quiet_hours": "23:00-06:00",
            }
        )
    )
    assert len(said) == len(LimitSettings.model_fields)
    assert said[6] == "at most 50% of the last 50 in one channel"
    assert said[-2:] == ["not from 23:00 to 06:00", "not with oneself"]


@pytest.mark.parametrize(
    ("board", "left", "sentence"),
    [
        (
            {"windows": ["week", "month", "all"], "winners": {"achievement": "crown"}},
            None,
            "Also given to who comes first in Top, those tied too, when a week or a month closes.",
        ),
        (
            {"windows": ["season"], "winners": {"achievement": "crown", "up_to": 3}},
            None,
            "Also given to the first 3 in Top, those tied too, when a season closes.",
        ),
        (
            {"windows": ["season"], "winners": {"achievement": "crown", "up_to": 3}},
            1,
            "Also given to who comes first in Top, those tied too while any are left, when a "
            "season closes.",
        ),
    ],
)
def test_what_a_leaderboard_gives_is_said_beside_the_criteria(
    board: dict[str, Any], left: int | None, sentence: str
) -> None:
    top = LeaderboardSettings.model_validate({"name": "Top", "metric": "message"} | board)
    words = Words({"leaderboards": {"top": top}})
    assert words.won("crown", left) == [sentence]
    assert words.won("crown", 0) == words.won("other") == []
