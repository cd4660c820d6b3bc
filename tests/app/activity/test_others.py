"""Whom somebody trades with is one and the same member, on whatever platform and whenever that
became known.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from app import clock
from app.achievements.linking import joining
from app.activity.counters.models import Counter
from app.activity.event_log.models import StoredEvent
from app.activity.events import ActivityEvent
from app.activity.intake import recounting
from app.activity.limits.models import LimitDay, LimitMemory, LimitRefusal
from app.activity.metrics.definitions import metrics_of
from app.actor import Actor
from app.communities.erasing import Erasing, erase
from app.communities.linking import counting, unlinking
from app.communities.linking.codes import Account
from app.communities.models import Identity, Member
from app.jobs.loop import do_due
from app.programme.applying import current
from tests.app.achievements.rules import FORUM, another, community, id_of, programme, who_has
from tests.app.activity.test_any_order import FEW
from tests.support.installations import NOON, World, message, minutes

ACTOR = Actor("member", "1")
FAIR = (
    FORUM
    + """
[metrics.fair]
kinds = ["message", "post"]
limits = { same_member_per_day = 2, own = false, per_day = 5 }
"""
)
FRIENDLY = 'friendly]\nall = [{ distinct = "channel", of = "fair", at_least = 2 }]'
SOURCE = {"message": "sample", "post": "forum"}
Counted = dict[tuple[str, str], int]


@pytest.fixture
def world(engine_url: str, tmp_path: Path) -> Iterator[World]:
    with community(tmp_path, engine_url, programme(FRIENDLY, others=FAIR)) as world:
        yield world


def kind_to(other: str, number: int, member: str = "a", kind: str = "message") -> ActivityEvent:
    at = NOON + minutes(number)
    return message(f"{member}{number}", member, at, kind=kind, other=other)


def take(world: World, *events: ActivityEvent) -> None:
    for one in events:
        world.take(one, source=SOURCE[one.kind])


def link(world: World, member: str, account: str) -> int:
    member_id = id_of(world, member)
    with world.installation.unit_of_work() as session:
        where = session, world.community_id, member_id, Account("forum", account)
        return joining.link(*where, actor=ACTOR, now=clock.now()).grants


def unlink(world: World, member: str) -> None:
    member_id = id_of(world, member)
    with world.installation.unit_of_work() as session:
        known = session.get_one(Member, member_id)
        unlinking.unlink_own(session, known, "forum", now=clock.now())


def do_what_is_due(world: World) -> None:
    while do_due(world.installation, "worker"):
        pass


def counted(world: World, mark: str = "") -> Counted:
    """What counts, and what does not and why, of each who is somebody."""
    found: Counted = {}
    with world.installation.reading() as session:
        rows = session.execute(
            select(Identity.external_id, Member.id)
            .join(Member, Member.person_id == Identity.person_id)
            .where(Identity.source == "sample", Identity.external_id.startswith(mark))
        )
        names = {row.id: row.external_id.removeprefix(mark) for row in rows}
        for model, says in ((Counter, "window"), (LimitRefusal, "reason")):
            where: Any = model
            for one in session.scalars(select(where).where(where.metric == "fair")):
                if one.member_id in names and one.count:
                    found[names[one.member_id], getattr(one, says)] = one.count
    return found


def test_one_pair_trades_no_more_on_two_platforms_than_on_one(world: World) -> None:
    link_a = [kind_to("z", 0, "a"), kind_to("z", 0, "b")]
    take(world, *link_a)
    link(world, "a", "fa")
    link(world, "b", "fb")
    trades = [kind_to("b", number) for number in (1, 2)]
    trades += [kind_to("fb", number, "fa", "post") for number in (3, 4)]
    take(world, *trades)
    assert counted(world)["a", "all"] == 3
    assert counted(world)["a", "same_member"] == 2


def test_a_link_counts_in_the_other_communities_of_whose_it_is(
    world: World, tmp_path: Path
) -> None:
    there = another(world, tmp_path, programme(others=FAIR))
    for club in (world, there):
        take(club, kind_to("z", 0, "a"), kind_to("z", 0, "b"))
    link(world, "a", "fa")
    take(there, kind_to("b", 1), kind_to("fb", 2, "fa", "post"))
    link(world, "b", "fb")
    do_what_is_due(world)
    take(there, kind_to("fb", 3, "fa", "post"))
    a = id_of(there, "a")
    with there.installation.reading() as session:
        assert session.get_one(Counter, (there.community_id, "all", a, "fair")).count == 3
        refused = session.get_one(LimitRefusal, (there.community_id, "fair", a, "same_member"))
        assert refused.count == 1


@pytest.mark.parametrize("at_once", [False, True])
def test_unlinking_leaves_no_more_room_for_trading_in_other_communities(
    world: World, tmp_path: Path, at_once: bool
) -> None:
    there = another(world, tmp_path, programme(others=FAIR))
    for club in (world, there):
        take(club, kind_to("z", 0, "a"), kind_to("z", 0, "b"))
    take(there, kind_to("b", 1))
    link(world, "b", "fb")
    if not at_once:
        do_what_is_due(world)
    unlink(world, "b")
    do_what_is_due(world)
    take(there, kind_to("b", 2), kind_to("b", 3), kind_to("b", 4))
    a, b = (id_of(there, name) for name in "ab")
    with there.installation.reading() as session:
        assert session.get_one(Counter, (there.community_id, "all", a, "fair")).count == 3
        named = select(StoredEvent.other).where(StoredEvent.member_id == a)
        assert set(session.scalars(named)) == {"z", f"={b}"}


def test_it_does_not_matter_when_it_became_known_who_they_are(world: World) -> None:
    runs = iter(range(10_000))

    def played(order: Sequence[ActivityEvent], links: dict[str, int]) -> Counted:
        mark = f"{next(runs):05}-"
        for member in "abc":
            take(world, _marked(kind_to(member, 0, member), mark))
        for place in range(len(order) + 1):
            for who in "abc":
                if links[who] == place:
                    link(world, mark + who, f"{mark}f{who}")
            if place < len(order):
                take(world, _marked(order[place], mark))
        return counted(world, mark)

    trade = st.tuples(st.sampled_from("abc"), st.sampled_from("abc"), st.booleans())

    @settings(FEW, max_examples=10)
    @given(st.lists(trade, min_size=4, max_size=14), st.data())
    def same(trades: list[tuple[str, str, bool]], data: st.DataObject) -> None:
        events = [
            kind_to(f"f{other}", number, f"f{who}", "post")
            if there
            else kind_to(other, number, who)
            for number, (who, other, there) in enumerate(trades, start=1)
        ]
        shuffled = data.draw(st.permutations(events))
        places = {who: data.draw(st.integers(0, len(events))) for who in "abc"}
        assert played(shuffled, places) == played(events, dict.fromkeys("abc", 0))

    same()


def test_who_is_judged_anew_by_anothers_link_may_reach_something_by_it(world: World) -> None:
    """What was one trade too many leaves room in the day for what came after it."""
    take(world, kind_to("z", 0), kind_to("z", 0, "b"))
    link(world, "a", "fa")
    take(
        world,
        *(kind_to("b", number) for number in (1, 2)),
        *(kind_to("fb", number, "fa", "post") for number in (3, 4)),
        *(kind_to("y", number)._replace(channel="c2") for number in (5, 6)),
    )
    # Five that day are all that count: the trades took the room of what came after them.
    assert counted(world)["a", "day_full"] == 2
    link(world, "b", "fb")
    assert ("a", "day_full") not in counted(world)
    assert counted(world)["a", "all"] == 5
    assert who_has(world, "friendly") == [id_of(world, "a")]


def test_trading_with_an_account_that_becomes_ones_own_counts_no_more(world: World) -> None:
    take(world, kind_to("z", 0))
    link(world, "a", "fa")
    take(world, kind_to("f2", 1, "fa", "post"), kind_to("fa", 2, "f2", "post"))
    assert counted(world) == {("a", "all"): 2}
    with world.installation.unit_of_work() as session:
        how: dict[str, Any] = {"reason": "lost", "actor": ACTOR, "now": clock.now()}
        unlinking.unlink(session, world.community_id, "forum", "fa", **how)
    assert counted(world) == {("a", "all"): 2}
    link(world, "a", "f2")
    # What the first account did by then stays theirs, and so does who it was.
    assert counted(world) == {("a", "all"): 1, ("a", "own"): 2}


def test_who_was_linked_by_then_stays_so_for_what_was_done_with_them(world: World) -> None:
    take(world, kind_to("z", 0), kind_to("z", 0, "b"))
    link(world, "b", "fb")
    link(world, "a", "fa")
    take(world, *(kind_to("b", number) for number in (1, 2)), kind_to("fb", 3, "fa", "post"))
    before = counted(world)
    unlink(world, "b")
    with world.installation.unit_of_work() as session:
        metrics = metrics_of(current(session, world.community_id), session.info["plugins"])
        recounting.count_anew(session, world.community_id, metrics, [metrics.of("fair")])
    assert counted(world) == before


def test_who_unlinks_an_account_leaves_no_more_room_for_trading(world: World) -> None:
    take(world, kind_to("z", 0), kind_to("z", 0, "b"))
    link(world, "b", "fb")
    take(world, *(kind_to("b", number) for number in (1, 2)))
    unlink(world, "b")
    take(world, kind_to("b", 3))
    assert counted(world)["a", "same_member"] == 1


def test_an_account_that_is_written_as_a_number_is_nobody_elses(world: World) -> None:
    take(world, kind_to("z", 0), kind_to("z", 0, "b"))
    link(world, "a", "fa")
    link(world, "b", "fb")
    theirs = f"={id_of(world, 'b')}"
    take(world, *(kind_to("b", number) for number in (1, 2)))
    take(world, *(kind_to(theirs, number, "fa", "post") for number in (3, 4)))
    assert counted(world)["a", "all"] == 5
    assert ("a", "same_member") not in counted(world)
    # Nor does it take what was done with whose number that is, once it is somebody's.
    take(world, kind_to("z", 0, "c"))
    link(world, "c", theirs)
    with world.installation.reading() as session:
        named = session.scalars(select(StoredEvent.other).where(StoredEvent.member_id == 1)).all()
    assert sorted(map(str, named)) == sorted(["z", theirs, theirs, *2 * [f"={id_of(world, 'c')}"]])


def test_who_named_them_in_two_ways_is_judged_anew_as_they_are_erased(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(world, kind_to("z", 0), kind_to("z", 0, "b"))
    link(world, "b", "fb")
    take(world, *(kind_to("b", number) for number in (1, 2)))
    with monkeypatch.context() as patch:
        # As where the link was made in another community of theirs.
        patch.setattr(counting, "who_has_several", lambda *_: {})
        take(world, *(kind_to("b", number) for number in (3, 4)))
    assert counted(world)["a", "all"] == 5
    with world.installation.unit_of_work() as session:
        member = session.get_one(Member, id_of(world, "b"))
        erase(session, member, Erasing("asked", ACTOR, clock.now()))
    assert counted(world) == {("a", "all"): 3, ("a", "same_member"): 2}


def test_nothing_names_who_was_erased_and_what_was_done_with_them_counts_as_before(
    world: World,
) -> None:
    take(world, kind_to("z", 0, "bob"), *(kind_to("bob", number) for number in (1, 2, 3)))
    before = counted(world)
    with world.installation.unit_of_work() as session:
        member = session.get_one(Member, id_of(world, "bob"))
        erase(session, member, Erasing("asked", ACTOR, clock.now()))
    with world.installation.reading() as session:
        for model, column in (
            (StoredEvent, StoredEvent.other),
            (LimitMemory, LimitMemory.memory),
            (LimitDay, LimitDay.memory),
        ):
            said = session.scalars(select(column).select_from(model)).all()
            assert not [one for one in said if "bob" in (one or "")]
    take(world, kind_to("bob", 4))
    take(world, kind_to("y", 2)._replace(id="late"))
    with world.installation.unit_of_work() as session:
        metrics = metrics_of(current(session, world.community_id), session.info["plugins"])
        recounting.count_anew(session, world.community_id, metrics, [metrics.of("fair")])
    assert counted(world)["a", "all"] == before["a", "all"] + 2


def _marked(event: ActivityEvent, mark: str) -> ActivityEvent:
    return event._replace(
        id=mark + event.id, member=mark + event.member, other=f"{mark}{event.other}"
    )
