"""The order in which events become known does not matter, nor by which batches they come."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app import clock
from app.activity.counters.models import Counter, DistinctValue
from app.activity.events import ActivityEvent
from app.activity.intake import batches, recounting
from app.activity.limits import memory as memories
from app.activity.limits.judging import Judge, Ruling
from app.activity.limits.models import LimitDay, LimitMemory, LimitRefusal
from app.activity.metrics.definitions import Metrics
from app.communities.models import Identity, Member
from app.programme.applying import current
from tests.support.installations import NOON, PROGRAMME, World, make_installation, message

LIMITED = """
[metrics.talk]
kinds = ["message", "thread_started"]
[metrics.talk.limits]
cooldown_seconds = 90
per_hour = 4
per_day = 9
minimum_length = 3
repeated_hours = 2
same_member_per_day = 3
own = false
channel = { share = 0.5, of_last = 6 }
burst = { times = 1.5, at_least = 3 }

[metrics.places]
kinds = ["message"]
distinct = "channel"
limits = { cooldown_seconds = 600 }

[metrics.helpful]
kinds = ["thread_started"]
limits = { member_days = 1, per_day = 5 }
"""
WINDOWS: list[Any] = [
    ("talk", "day"),
    ("talk", "week"),
    ("talk", "month"),
    ("places", "day"),
    ("helpful", "day"),
    ("active_days", "week"),
    ("message", "day"),
]
COUNTED = (Counter, LimitRefusal, LimitMemory, LimitDay)
MEMBERS = ("a", "b")


class Runs:
    """Lets the same things happen to other people of one database, again and again."""

    def __init__(self, world: World):
        self.world = world
        self._run = 0
        with world.installation.reading() as session:
            self.metrics = Metrics(current(session, world.community_id), WINDOWS)

    def play(
        self,
        in_batches: Sequence[Sequence[ActivityEvent]],
        back: Collection[str] = (),
        *,
        at_once: bool = False,
    ) -> dict[str, Any]:
        """Takes batches in, takes some events back in the end, or `at_once` after each batch, and
        returns all that was counted.
        """
        self._run += 1
        mark = f"{self._run:06}-"
        for events in in_batches:
            with self.world.installation.unit_of_work() as session:
                marked = [_marked(one, mark) for one in events]
                batches.take(
                    session,
                    self.world.community_id,
                    "sample",
                    marked,
                    metrics=self.metrics,
                    now=clock.now() + timedelta(days=10),
                )
            if at_once:
                self._take_back(mark, back)
        for one in sorted(back):
            self._take_back(mark, [one])
        return self.counted(mark)

    def _take_back(self, mark: str, back: Collection[str]) -> None:
        with self.world.installation.unit_of_work() as session:
            where = self.world.community_id, "sample", [mark + one for one in back]
            batches.take_back(session, *where, metrics=self.metrics, now=clock.now())

    def counted(self, mark: str) -> dict[str, Any]:
        """All rows of one run's members, without what names the run."""
        found: dict[str, Any] = {}
        with self.world.installation.reading() as session:
            known = session.execute(
                select(Identity.external_id, Member.id)
                .join(Member, Member.person_id == Identity.person_id)
                .where(Identity.external_id.startswith(mark))
            )
            members = {row.id: row.external_id.removeprefix(mark) for row in known}
            for model in (*COUNTED, DistinctValue):
                rows = session.scalars(select(model).where(model.member_id.in_(members)))
                found[model.__tablename__] = sorted(
                    repr(
                        {
                            column.name: members[value] if column.name == "member_id" else value
                            for column in model.__table__.columns
                            if (value := getattr(one, column.name)) != 0
                        }
                    ).replace(mark, "")
                    for one in rows
                    if getattr(one, "count", 1) and getattr(one, "events", 1) > 0
                )
        return found


def _marked(event: ActivityEvent, mark: str) -> ActivityEvent:
    other = event.other and mark + event.other
    return event._replace(id=mark + event.id, member=mark + event.member, other=other)


@pytest.fixture
def runs(engine_url: str, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    # Each day's is kept, so that every one can be compared.
    monkeypatch.setattr(memories, "EVENTS_BETWEEN", 1)
    installation = make_installation(tmp_path, engine_url, PROGRAMME + LIMITED)
    yield Runs(World(installation))
    installation.close()


@st.composite
def activity(draw: st.DrawFn) -> list[ActivityEvent]:
    """Within a day and a half over midnights, often close together, with repetitions."""
    moments = draw(st.lists(st.integers(0, 36 * 60 * 6), min_size=1, max_size=40))
    return [
        message(
            f"e{number:02}",
            draw(st.sampled_from(MEMBERS)),
            NOON + timedelta(seconds=10 * moment),
            kind=draw(st.sampled_from(("message", "message", "thread_started"))),
            channel=draw(st.sampled_from(("c1", "c1", "c2"))),
            length=draw(st.sampled_from((None, 2, 30, 30))),
            fingerprint=draw(st.sampled_from((None, "x", "y", "z"))),
            other=draw(st.sampled_from((None, None, "a", "b"))),
            amount=draw(st.sampled_from((1, 1, 1, 2, 3))),
        )
        for number, moment in enumerate(moments)
    ]


def in_order(events: Sequence[ActivityEvent]) -> list[ActivityEvent]:
    return sorted(events, key=lambda one: (one.at, one.id))


FEW = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def test_any_order_and_any_batches_count_the_same(runs: Runs) -> None:
    @FEW
    @given(activity(), st.data())
    def same(events: list[ActivityEvent], data: st.DataObject) -> None:
        shuffled = data.draw(st.permutations(events))
        twice = [*shuffled, *data.draw(st.lists(st.sampled_from(events), max_size=5))]
        size = data.draw(st.integers(1, 12))
        batches = [twice[start : start + size] for start in range(0, len(twice), size)]
        assert runs.play(batches) == runs.play([in_order(events)])

    same()


def test_what_is_taken_back_leaves_all_as_if_it_had_never_been(runs: Runs) -> None:
    @FEW
    @given(activity(), st.booleans(), st.data())
    def same(events: list[ActivityEvent], at_once: bool, data: st.DataObject) -> None:
        gone = set(data.draw(st.lists(st.sampled_from([one.id for one in events]), max_size=9)))
        rest = [one for one in in_order(events) if one.id not in gone]
        shuffled = data.draw(st.permutations(events)) if at_once else in_order(events)
        size = data.draw(st.integers(1, 12)) if at_once else len(events)
        batches = [shuffled[start : start + size] for start in range(0, len(events), size)]
        found, expected = runs.play(batches, gone, at_once=at_once), runs.play([rest])
        for part in ("counter", "distinct_value", "limit_refusal", "limit_day"):
            assert found[part] == expected[part]

    same()


def test_nor_does_it_matter_how_often_it_is_kept_what_limits_remember(
    runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    @FEW
    @given(activity(), st.sampled_from((5, 16)), st.data())
    def same(events: list[ActivityEvent], between: int, data: st.DataObject) -> None:
        days = st.lists(st.integers(0, 5), min_size=len(events), max_size=len(events))
        spread = [
            one._replace(at=one.at + timedelta(days=day))
            for one, day in zip(events, data.draw(days), strict=True)
        ]
        gone = set(data.draw(st.lists(st.sampled_from([one.id for one in spread]), max_size=5)))
        rest = [one for one in in_order(spread) if one.id not in gone]
        monkeypatch.setattr(memories, "EVENTS_BETWEEN", between)
        shuffled = data.draw(st.permutations(spread))
        batches = [shuffled[start : start + 7] for start in range(0, len(spread), 7)]
        found, expected = runs.play(batches, gone), runs.play([rest])
        for part in ("counter", "distinct_value", "limit_refusal"):
            assert found[part] == expected[part]

    same()


def test_who_deletes_the_only_message_of_a_day_may_write_another(runs: Runs) -> None:
    days = [message(f"e{day}", "a", NOON + timedelta(days=day)) for day in (0, 1, 2)]
    again = message("e3", "a", NOON + timedelta(days=2, hours=1))
    found = runs.play([days, [again]], ["e2"], at_once=True)
    expected = runs.play([[*days[:2], again]])
    assert found == expected


def test_what_is_late_is_judged_on_only_until_nothing_differs(
    runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A long past that is imported in batches would else be judged once for each batch."""
    every = [
        message(f"e{hour:03}", "a", NOON + timedelta(hours=7 * hour), channel="c1", length=9)
        for hour in range(-600, 0)
    ]
    late = [every.pop(-550)]
    judged: list[str] = []
    places, judge = runs.metrics.of("places").judge, Judge.judge

    def counting(self: Judge, memory: Any, event: Any, made: Any) -> Ruling:
        if self is places:
            judged.append(event.key.id)
        return judge(self, memory, event, made)

    monkeypatch.undo()
    runs.play([every])
    with monkeypatch.context() as patch:
        patch.setattr(Judge, "judge", counting)
        found = runs.play([every, late])
    expected = runs.play([[*every, *late]])
    for part in ("counter", "distinct_value", "limit_refusal", "limit_memory"):
        assert found[part] == expected[part]
    # As it was and as it is: from what is kept before it to what is kept after it.
    assert len(judged) < len(every) + 2 * 3 * memories.EVENTS_BETWEEN


def test_counting_anew_counts_the_same(runs: Runs) -> None:
    @settings(FEW, max_examples=15)
    @given(activity())
    def same(events: list[ActivityEvent]) -> None:
        before = runs.play([in_order(events)])
        with runs.world.installation.unit_of_work() as session:
            keys = ("talk", "places", "helpful", "active_days", "channels_joined", "message")
            which = [runs.metrics.of(key) for key in keys]
            recounting.count_anew(session, runs.world.community_id, runs.metrics, which)
        assert runs.counted(f"{runs._run:06}-") == before

    same()
