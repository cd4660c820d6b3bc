"""Who was two members is one person afterwards: on standings that were final, in what they have
again and again, and in what they reach together.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app import clock
from app.achievements.grants import by_hand, settling
from app.achievements.linking import joining
from app.achievements.published import progress
from app.activity.boards import closing, final, freezing, hiding, leaderboards, striking
from app.activity.counters.models import Counter
from app.actor import COMMAND_LINE, Actor
from app.communities.linking.codes import Account
from app.communities.models import Member
from app.worker import do_everything
from tests.app.achievements.rules import (
    FORUM,
    applied,
    community,
    holders,
    id_of,
    programme,
    season,
    who_has,
)
from tests.support.installations import World, message, minutes
from voucher.ledger.models import Voucher

MONDAY = datetime(2026, 11, 2, 12, tzinfo=UTC)
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
SEASON = "season:short"
BOARDS = (
    FORUM
    + season(
        "short",
        "2026-11-01",
        "2026-11-05",
        metric="all_of_it",
        others='windows = ["week", "season"]\npublic = true',
    )
    + """
[metrics.all_of_it]
kinds = ["message", "post"]

[metrics.everywhere]
kinds = ["message", "post"]
distinct = "day"
"""
)
MEDAL = 'medal]\nall = [{ rank = 1, leaderboard = "top", season = "short" }]'
WEEKLY = 'weekly]\nrepeat = {}\nall = [{ metric = "all_of_it", at_least = 2, window = "week" }]'


def test_on_a_final_standing_who_was_two_is_the_one_that_they_are_now(
    tmp_path: Path, engine_url: str
) -> None:
    with _there(tmp_path, engine_url, MEDAL) as world:
        _posts(world, MONDAY, 3)
        _writes(world, MONDAY, 1, "100", "200")
        _close(world, MONDAY + 5 * DAY)
        forum, ann, bob = _ids(world)
        assert who_has(world, "medal") == [forum]
        before = _rows(world)
        with world.installation.unit_of_work() as session:
            hiding.hide(session, world.community_id, forum, now=clock.now())
        _link(world, ann)
        assert (_shown(world, public=True), _rows(world)) == ([(2, bob)], before)
        # Who looks at all sees the person at both of their places.
        assert _shown(world, public=False) == [(1, ann), (2, ann), (2, bob)]
        with world.installation.unit_of_work() as session:
            hiding.appear(session, world.community_id, ann)
            where = session, world.community_id, "top", SEASON
            own = final.place_of(*where, ann), final.winners(*where, up_to=2)
            everywhere = final.of_member(session, world.community_id, ann)
            named = {one.display_name for one in final.places(*where, limit=9, public=True)}
        assert own == ((1, ann, 3), [(1, ann, 3), (2, bob, 1)])
        assert everywhere["top", SEASON] == (1, ann, 3)
        assert named == {"Ann", "Bob"}
        # The rank that was the other's is theirs, and nobody gets it a second time.
        _close(world, MONDAY + 6 * DAY)
        assert who_has(world, "medal") == [ann]
        with world.installation.reading() as session:
            assert [one.member_id for one in session.scalars(select(Voucher))] == [ann]
        with world.installation.unit_of_work() as session:
            how: dict[str, Any] = {"actor": COMMAND_LINE, "now": clock.now()}
            striking.strike(session, session.get_one(Member, ann), "short", reason="two", **how)
        assert _shown(world, public=False) == [(2, bob)]
        with world.installation.reading() as session:
            where = session, world.community_id, "top", SEASON
            assert final.winners(*where, up_to=2) == [(2, bob, 1)]


def test_a_place_that_only_the_other_had_is_looked_at_once_they_are_linked(
    tmp_path: Path, engine_url: str
) -> None:
    both = MEDAL.replace("}]", '}, { metric = "message", at_least = 1 }]')
    with _there(tmp_path, engine_url, both) as world:
        _posts(world, MONDAY, 3)
        _writes(world, MONDAY, 1)
        _close(world, MONDAY + 5 * DAY)
        _, ann, _ = _ids(world)
        assert not holders(world)
        assert _link(world, ann) == 1
        assert who_has(world, "medal") == [ann]


def test_what_was_counted_in_weeks_that_are_final_is_theirs_together(
    tmp_path: Path, engine_url: str
) -> None:
    busy = 'busy]\nall = [{ metric = "all_of_it", at_least = 3, window = "week" }]'
    with _there(tmp_path, engine_url, WEEKLY, busy) as world:
        for week in range(2):
            _posts(world, MONDAY + week * WEEK, 2)
        _writes(world, MONDAY + WEEK, 2)
        _writes(world, MONDAY + 2 * WEEK, 2)
        _close(world, MONDAY + 4 * WEEK)
        forum, ann, _ = _ids(world)
        assert who_has(world, "weekly") == [forum, forum, ann, ann]
        assert not who_has(world, "busy")
        # Three weeks, one of which both had; and in that one they did four together.
        with clock.standing_at(MONDAY + 4 * WEEK):
            assert _link(world, ann) == 1
        assert [one[:3] for one in sorted(holders(world))] == [
            ("busy", 1, 1), ("weekly", 1, 1), ("weekly", 1, 2), ("weekly", 1, 3)
        ]  # fmt: skip
        weeks = {"2026-W45": 2, "2026-W46": 4, "2026-W47": 2}
        assert _counted(world, ann) == weeks | {SEASON: 2}
        with world.installation.reading() as session:
            where = session, world.community_id, "all_of_it"
            assert leaderboards.rank(*where, ann, window="2026-W46") == (1, ann, 4)
            assert leaderboards.members(*where, window="2026-W46") == 1
            assert final.check(session, world.community_id, "top", "2026-W46").ok
        # And each further week is one more.
        for week in (4, 5):
            with clock.standing_at(MONDAY + week * WEEK + DAY):
                _posts(world, MONDAY + week * WEEK, 2)
        assert who_has(world, "weekly") == [ann] * 5


def test_a_season_that_is_gone_from_the_programme_is_added_up(
    tmp_path: Path, engine_url: str
) -> None:
    with _there(tmp_path, engine_url, WEEKLY) as world:
        _posts(world, MONDAY, 2)
        _writes(world, MONDAY, 1)
        _close(world, MONDAY + 5 * DAY)
        gone = BOARDS.replace("seasons.short", "seasons.other").replace("-11-", "-12-")
        applied(world, programme(WEEKLY, others=gone))
        _, ann, _ = _ids(world)
        _link(world, ann)
        assert _counted(world, ann)[SEASON] == 3


def test_what_can_be_had_again_was_had_by_both_and_is_not_had_anew(
    tmp_path: Path, engine_url: str
) -> None:
    again = 'again]\nrepeat = {}\nall = [{ metric = "all_of_it", at_least = 10 }]'
    with _there(tmp_path, engine_url, again) as world:
        _posts(world, MONDAY, 25)
        _writes(world, MONDAY, 25)
        _, ann, _ = _ids(world)
        assert _link(world, ann) == 1
        assert sorted(one[2] for one in holders(world)) == [1, 2, 3, 4, 5]


def test_what_was_given_by_hand_is_kept_beside_what_they_earned_together(
    tmp_path: Path, engine_url: str
) -> None:
    either = WEEKLY.replace("all = [", "any = [{ by_hand = true }, ")
    with _there(tmp_path, engine_url, either) as world:
        _posts(world, MONDAY, 2)
        _writes(world, MONDAY, 2)
        forum, ann, _ = _ids(world)
        with world.installation.unit_of_work() as session:
            how: dict[str, Any] = {"actor": COMMAND_LINE, "now": clock.now(), "reason": "kind"}
            by_hand.give(session, world.community_id, forum, "weekly", **how)
        assert _link(world, ann) == 0
        # The one week that both had, and the organiser's.
        assert sorted(one[2] for one in holders(world)) == [1, 2]
        _writes(world, MONDAY + WEEK, 2)
        assert who_has(world, "weekly") == [ann] * 3


def test_what_needs_what_either_of_them_has_is_theirs_by_the_link(
    tmp_path: Path, engine_url: str
) -> None:
    tables = (
        'writer]\nall = [{ metric = "message", at_least = 1 }]',
        'poster]\nall = [{ metric = "post", at_least = 1 }]',
        'both]\nall = [{ achievement = "writer" }, { achievement = "poster" }]',
        'over]\nends = 2026-11-02\nall = [{ metric = "all_of_it", at_least = 3 }]',
    )
    with _there(tmp_path, engine_url, *tables) as world:
        _posts(world, MONDAY, 2)
        _writes(world, MONDAY, 1)
        _, ann, _ = _ids(world)
        assert _link(world, ann) == 2
        assert {one[0] for one in holders(world)} == {"writer", "poster", "both", "over"}


def test_who_links_an_account_need_wait_no_longer_for_what_an_import_counted(
    tmp_path: Path, engine_url: str
) -> None:
    with _there(
        tmp_path, engine_url, 'writer]\nall = [{ metric = "all_of_it", at_least = 2 }]'
    ) as world:
        world.take(message("m", "100", MONDAY, member_name="Ann"), source="discord")
        told = [message("p", "ann", MONDAY, kind="post")]
        world.take(*told, source="forum", counters_only=True)
        _, ann, _ = _ids(world)
        assert _link(world, ann) == 1


def test_of_a_budget_both_had_one_and_the_page_says_so(tmp_path: Path, engine_url: str) -> None:
    few = 'few]\nbudget = 3\nall = [{ metric = "all_of_it", at_least = 1 }]'
    with _there(tmp_path, engine_url, few) as world:
        _posts(world, MONDAY, 1)
        _writes(world, MONDAY, 1, "100", "200")
        _, ann, _ = _ids(world)
        _link(world, ann)

        def told() -> tuple[int | None, str | None]:
            with world.installation.reading() as session:
                how: dict[str, Any] = {"now": clock.now()}
                [one] = progress.progress_of(session, world.community_id, None, **how)
                return one.left, one.closed

        for _ in range(2):
            assert told() == (0, "All 3 are granted.")
            world.take(message(f"x{_}", "300", MONDAY + minutes(9)), source="discord")
            settling.settle(world.installation)
            assert len(who_has(world, "few")) == 2
            applied(world, programme(few, others=BOARDS + "\n# the same\n"))


@pytest.fixture(autouse=True)
def _on_saturday() -> Iterator[None]:
    with clock.standing_at(MONDAY + 5 * DAY):
        yield


def _there(folder: Path, url: str, *tables: str) -> Any:
    return community(folder, url, programme(*tables, others=BOARDS))


def _posts(world: World, at: datetime, count: int) -> None:
    """Ann does, on the forum."""
    posts = [message(f"p{at}{one}", "ann", at + minutes(one), kind="post") for one in range(count)]
    world.take(*posts, source="forum", now=max(at + DAY, clock.now()))


def _writes(world: World, at: datetime, count: int, *names: str) -> None:
    """Ann does, on Discord, or these do."""
    called = {"100": "Ann", "200": "Bob"}
    texts = [
        message(f"m{at}{one}{name}", name, at + minutes(one), member_name=called[name])
        for name in names or ("100",)
        for one in range(count)
    ]
    world.take(*texts, source="discord", now=max(at + DAY, clock.now()))


def _ids(world: World) -> tuple[int, int, int]:
    """Ann's on the forum, Ann's and Bob's on Discord; no number where Bob did nothing."""
    with world.installation.reading() as session:
        known = {one.display_name: one.id for one in session.scalars(select(Member))}
    return id_of(world, "ann", "forum"), known["Ann"], known.get("Bob", 0)


def _close(world: World, at: datetime) -> None:
    """Lets what has ended by then be final, and what comes of it be granted."""
    for moment in (at, at + minutes(70), at + 8 * DAY):
        with clock.standing_at(moment):
            closing.close_due(world.installation)
            do_everything(world.installation)
            settling.settle(world.installation)


def _link(world: World, member_id: int) -> int:
    with world.installation.unit_of_work() as session:
        how: dict[str, Any] = {"actor": Actor("member", str(member_id)), "now": clock.now()}
        account = Account("forum", "ann")
        return joining.link(session, world.community_id, member_id, account, **how).grants


def _shown(world: World, *, public: bool) -> list[tuple[int, int]]:
    with world.installation.reading() as session:
        where = session, world.community_id, "top", SEASON
        places = final.places(*where, limit=9, public=public)
        return [(one.rank, one.member_id) for one in places]


def _rows(world: World) -> list[freezing.FinalPlace]:
    with world.installation.reading() as session:
        return list(freezing.rows_of(session, world.community_id, "top", SEASON))


def _counted(world: World, member_id: int) -> dict[str, int]:
    with world.installation.reading() as session:
        rows = session.scalars(
            select(Counter).where(Counter.member_id == member_id, Counter.metric == "all_of_it")
        )
        found = {one.window: one.count for one in rows}
    assert found.pop("all") or found
    return found
