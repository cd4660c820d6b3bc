"""Who has most, who is around somebody, and which rank they have: in each window, ties shared."""

import random
from collections import Counter as Tally
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from app.activity.boards import hiding, leaderboards, walking
from app.activity.counters import ranks
from app.activity.counters.models import Counter, CounterBucket
from app.activity.intake import recounting
from app.activity.metrics.definitions import metrics_of
from app.actor import COMMAND_LINE
from app.communities import members
from app.communities.erasing import Erasing, erase
from app.programme.applying import current, ready
from app.programme.loading import ProgrammeRefused
from tests.app.activity.boards.boards import BOARDS, DAY, TUESDAY, community, id_of, wrote
from tests.support.installations import World, message


@pytest.fixture
def club(engine_url: str, tmp_path: Path) -> Iterator[World]:
    with community(tmp_path, engine_url) as world:
        yield world


def shown(places: list[leaderboards.Place]) -> list[tuple[int, str, int]]:
    return [(place.rank, place.display_name, place.count) for place in places]


@given(st.integers(0, 10**12))
def test_more_never_lies_in_a_lower_stretch(count: int) -> None:
    bucket = ranks.bucket_of(count)
    assert ranks.first_of(bucket) <= count < ranks.first_of(bucket + 1)
    assert bucket <= ranks.bucket_of(count + 1) <= bucket + 1


def test_a_board_is_counted_in_each_of_its_windows_and_in_no_other(club: World) -> None:
    wrote(club, ada=3, robin=1)
    wrote(club, TUESDAY - timedelta(days=2), robin=4)  # the Sunday before: another week
    with club.installation.reading() as session:
        by_window = {
            window: shown(leaderboards.top(session, 1, "message", window=window))
            for window in (DAY, "2026-W47", "2026-W46", "2026-11", "season:autumn", "all")
        }
        windows = set(
            session.scalars(select(Counter.window).where(Counter.metric == "active_days"))
        )
    week = [(1, "Ada", 3), (2, "Robin", 1)]
    month = [(1, "Robin", 5), (2, "Ada", 3)]
    assert by_window[DAY] == by_window["2026-W47"] == week
    assert by_window["2026-W46"] == [(1, "Robin", 4)]
    assert by_window["2026-11"] == by_window["season:autumn"] == by_window["all"] == month
    assert windows == {"all", "2026-W47", "2026-W46"}


def test_ties_share_their_rank_whoever_asks_and_from_wherever(club: World) -> None:
    wrote(club, a=5, b=4, c=4, d=4, e=2, f=1)
    with club.installation.reading() as session:
        top = leaderboards.top(session, 1, "message")
        assert [place.rank for place in top] == [1, 2, 2, 2, 5, 6]
        for name, rank in {"a": 1, "c": 2, "e": 5, "f": 6}.items():
            own = leaderboards.rank(session, 1, "message", id_of(club, name))
            assert own is not None
            assert own.rank == rank
            near = leaderboards.around(session, 1, "message", id_of(club, name), each_side=2)
            at = [place.member_id for place in top].index(id_of(club, name))
            assert near == top[max(0, at - 2) : at + 3]


def test_whoever_is_tied_stands_by_their_number_over_several_pages(
    club: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(leaderboards, "PAGE", 3)
    monkeypatch.setattr(walking, "PAGE", 3)
    counts = [9, 5, 5, 5, 5, 5, 5, 5, 3, 3, 3, 2, 1, 1, 1, 1]
    wrote(club, **{f"m{at:02}": count for at, count in enumerate(counts)})
    with club.installation.reading() as session:
        top = leaderboards.top(session, 1, "message", limit=50)
        assert [place.count for place in top] == counts
        assert [place.member_id for place in top] == sorted(place.member_id for place in top)
        for at, place in enumerate(top):
            near = leaderboards.around(session, 1, "message", place.member_id, each_side=4)
            assert near == top[max(0, at - 4) : at + 5]


def test_who_has_nothing_has_no_rank(club: World) -> None:
    wrote(club, ada=1)
    wrote(club, TUESDAY - timedelta(days=1), robin=1)
    with club.installation.reading() as session:
        robin = id_of(club, "robin")
        assert leaderboards.rank(session, 1, "message", robin, window=DAY) is None
        assert leaderboards.around(session, 1, "message", robin, window=DAY) == []


def test_who_is_struck_is_not_counted_at_all(club: World, monkeypatch: pytest.MonkeyPatch) -> None:
    wrote(club, ada=3, robin=3, kim=2, lou=2, sam=1)
    gone = {id_of(club, "robin"), id_of(club, "lou")}
    monkeypatch.setattr(leaderboards, "struck", lambda *_: gone)
    with club.installation.reading() as session:
        top = leaderboards.top(session, 1, "message")
        assert shown(top) == [(1, "Ada", 3), (2, "Kim", 2), (3, "Sam", 1)]
        assert leaderboards.members(session, 1, "message") == 3
        for place in top:
            own = leaderboards.rank(session, 1, "message", place.member_id)
            assert own == (place.rank, place.member_id, place.count)
            assert leaderboards.around(session, 1, "message", place.member_id) == top
        assert leaderboards.rank(session, 1, "message", id_of(club, "lou")) is None
        assert leaderboards.around(session, 1, "message", id_of(club, "lou")) == []


def test_who_hides_keeps_their_rank_and_is_shown_to_nobody_else(club: World) -> None:
    wrote(club, ada=3, robin=2, kim=1)
    robin = id_of(club, "robin")
    with club.installation.unit_of_work() as session:
        hiding.hide(session, 1, robin, now=TUESDAY)
        hiding.hide(session, 1, robin, now=TUESDAY)
    with club.installation.reading() as session:
        public = leaderboards.top(session, 1, "message", public=True)
        assert shown(public) == [(1, "Ada", 3), (3, "Kim", 1)]
        assert len(leaderboards.top(session, 1, "message", public=True, limit=2)) == 2
        assert len(leaderboards.top(session, 1, "message")) == 3
        kim = leaderboards.around(session, 1, "message", id_of(club, "kim"), public=True)
        assert shown(kim) == shown(public)
        own = leaderboards.around(session, 1, "message", robin, public=True)
        assert [place.rank for place in own] == [1, 2, 3]
    with club.installation.unit_of_work() as session:
        hiding.appear(session, 1, robin)
    with club.installation.reading() as session:
        assert len(leaderboards.top(session, 1, "message", public=True)) == 3


def test_who_is_erased_is_on_no_board_and_holds_nobodys_place(club: World) -> None:
    wrote(club, ada=300, robin=2, kim=1)
    how = Erasing("asked for", COMMAND_LINE, TUESDAY)
    with club.installation.unit_of_work() as session:
        erase(session, members.find(session, 1, "sample", "ada"), how)

    def stands() -> Any:
        with club.installation.reading() as session:
            return [
                (
                    shown(leaderboards.top(session, 1, "message", window=window)),
                    leaderboards.rank(session, 1, "message", id_of(club, "kim"), window=window),
                    leaderboards.members(session, 1, "message", window=window),
                )
                for window in ("all", DAY)
            ]

    kim = leaderboards.Rank(2, id_of(club, "kim"), 1)
    assert stands() == [([(1, "Robin", 2), (2, "Kim", 1)], kim, 2)] * 2
    with club.installation.unit_of_work() as session:
        metrics = metrics_of(current(session, 1), session.info["plugins"])
        recounting.count_anew(session, 1, metrics, [metrics.of("message")])
    assert stands() == [([(1, "Robin", 2), (2, "Kim", 1)], kim, 2)] * 2


def test_ranks_are_those_of_counting_everybody_after_any_history(club: World) -> None:
    """Counts of every size, moved up, taken back and counted anew."""
    drawn = random.Random(4)
    for step in range(6):
        club.take(
            *(
                message(
                    f"{step}-{number}",
                    str(drawn.randrange(60)),
                    TUESDAY,
                    amount=int(drawn.paretovariate(0.5)),
                )
                for number in range(40)
            ),
        )
    with club.installation.unit_of_work() as session:
        from app.achievements.intake.taking_in import take_back

        gone = [f"{step}-{number}" for step in range(6) for number in range(0, 40, 7)]
        take_back(session, 1, "sample", gone, now=TUESDAY)
    _hold_ranks_against_counters(club)
    # Another metric's windows: the board's is counted anew.
    text = BOARDS.replace('["day", "week", "month", "season", "all"]', '["day", "month"]')
    club.installation.settings.programme_file.write_text(text, "utf-8")
    ready(club.installation)
    _hold_ranks_against_counters(club)


def _hold_ranks_against_counters(club: World) -> None:
    with club.installation.reading() as session:
        counters = session.execute(
            select(Counter.window, Counter.member_id, Counter.count.label("counted")).where(
                Counter.metric == "message", Counter.count > 0
            )
        ).all()
        kept = session.execute(
            select(CounterBucket.window, func.sum(CounterBucket.members).label("members"))
            .where(CounterBucket.metric == "message")
            .group_by(CounterBucket.window)
        )
        assert {row.window: row.members for row in kept} == Tally(row.window for row in counters)
        for row in counters:
            ahead = sum(
                other.window == row.window and other.counted > row.counted for other in counters
            )
            own = leaderboards.rank(session, 1, "message", row.member_id, window=row.window)
            assert own == (1 + ahead, row.member_id, row.counted)
            near = leaderboards.around(session, 1, "message", row.member_id, window=row.window)
            for place in near:
                more = [o for o in counters if o.window == row.window and o.counted > place.count]
                assert place.rank == 1 + len(more)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ('metric = "bells"\nwindows = ["day"]', "nothing moves the metric bells"),
        ('metric = "message"\nwindows = ["season"]', "there is no season: define one"),
        ('metric = "message"\nwindows = ["day", "day"]', "name each window once"),
        ('metric = "message"\nwindows = ["all"]\nchannel = "7"', "never closes"),
        (
            'metric = "message"\nwindows = ["day"]\nwinners = { achievement = "champion" }',
            "there is no achievement champion",
        ),
    ],
)
def test_a_board_that_cannot_be_is_refused(wrong: str, sentence: str, tmp_path: Path) -> None:
    from tests.support.installations import PROGRAMME

    url = f"sqlite:///{tmp_path / 'keepsake.sqlite3'}"
    with (
        pytest.raises(ProgrammeRefused, match=sentence),
        community(tmp_path, url, f'{PROGRAMME}\n[leaderboards.one]\nname = "One"\n{wrong}\n'),
    ):
        pass
