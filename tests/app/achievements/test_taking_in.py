"""Events are counted once, and lead to grants once."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from app import clock
from app.achievements.models import Grant
from app.activity.boards import leaderboards
from app.activity.counters import counting
from app.activity.counters.moves import Movement
from app.activity.event_log.models import IntakeRefusal
from app.activity.formats import ndjson
from app.communities import members
from app.communities.models import Member
from tests.support.installations import (
    NOON,
    PROGRAMME,
    World,
    make_installation,
    message,
    minutes,
    thread,
)
from voucher.ledger.finding import of_member


def counts(world: World, member: str = "1") -> dict[str, int]:
    with world.installation.reading() as session:
        known = members.find(session, world.community_id, "sample", member)
        return counting.counts(session, world.community_id, known.id)


def test_every_kind_is_a_metric_of_its_own_name(world: World) -> None:
    world.take(message("1"), thread("2"), message("3", kind="bell_rung"))
    found = counts(world)
    assert (found["message"], found["thread_started"], found["bell_rung"]) == (1, 1, 1)


def test_distinct_days_are_those_of_the_communitys_zone(world: World) -> None:
    late = NOON.replace(hour=22, minute=30)  # 23:30 in Berlin
    world.take(message("1", at=late), message("2", at=late + minutes(20)))
    assert counts(world)["active_days"] == 1
    world.take(message("3", at=late + minutes(60)), now=late + timedelta(days=1))
    assert counts(world)["active_days"] == 2


def test_an_id_that_comes_again_changes_nothing(world: World) -> None:
    world.take(message("1"), message("1"))
    again = world.take(message("1", at=NOON + minutes(1)))
    assert (again.intake.counted, again.intake.duplicates) == (0, 1)
    assert counts(world)["message"] == 1


def test_the_same_id_of_another_source_is_another_event(world: World) -> None:
    world.take(message("1"))
    assert world.take(message("1"), source="forum").intake.counted == 1


def test_bots_and_the_far_future_are_refused_and_the_refusal_is_kept(world: World) -> None:
    future = message("2", at=clock.now() + timedelta(days=1))
    taken = world.take(message("1", bot=True), future, message("3"))
    assert dict(taken.intake.refused) == {"bot": 1, "future": 1}
    with world.installation.reading() as session:
        kept = {row.reason: row.count for row in session.scalars(select(IntakeRefusal))}
    assert kept == {"bot": 1, "future": 1}


def test_a_grant_is_made_when_the_criteria_are_met_and_only_once(world: World) -> None:
    assert world.take(thread("1"), thread("2")).grants == 0
    assert world.take(thread("3")).grants == 1
    assert world.take(thread("4")).grants == 0


def test_all_criteria_must_be_met_though_they_move_in_different_batches(world: World) -> None:
    assert world.take(message("1"), message("2", channel="c2")).grants == 0
    assert world.take(message("3")).grants == 1


def test_a_grant_issues_its_voucher_in_the_same_transaction(world: World) -> None:
    world.take(thread("1"), thread("2"), thread("3"))
    with world.installation.reading() as session:
        known = members.find(session, world.community_id, "sample", "1")
        [held] = of_member(session, world.community_id, known.id)
        [grant] = session.scalars(select(Grant)).all()
        assert held.voucher.cause == f"grant:{grant.id}"
        assert held.voucher.valid_until - held.voucher.valid_from == timedelta(hours=72)


def test_a_grant_can_be_dated_by_the_event_that_reached_it(world: World) -> None:
    past = NOON - timedelta(days=30)
    events = [thread(str(i), at=past + minutes(i)) for i in range(5)]
    world.take(*events, dated_by_event=True)
    with world.installation.reading() as session:
        [grant] = session.scalars(select(Grant)).all()
        assert grant.granted_at == past + minutes(2)


def test_a_batch_that_fails_leaves_nothing(world: World) -> None:
    class Stop(Exception):
        pass

    try:
        with world.installation.unit_of_work() as session:
            from app.achievements.intake.taking_in import take_in

            events = [thread("1"), thread("2"), thread("3")]
            take_in(session, world.community_id, "sample", events, now=NOON)
            raise Stop
    except Stop:
        pass
    assert world.take(thread("1"), thread("2"), thread("3")).intake.counted == 3


def test_ties_share_their_rank_and_the_next_is_skipped(world: World) -> None:
    world.take(message("1", "a"), message("2", "a"), message("3", "b"), message("4", "c"))
    with world.installation.reading() as session:
        places = leaderboards.top(session, world.community_id, "message")
    assert [(place.rank, place.count) for place in places] == [(1, 2), (2, 1), (2, 1)]


@given(st.lists(st.integers(1, 5), min_size=1, max_size=20), st.integers(0, 30), st.data())
def test_the_moment_is_that_of_the_step_that_reached_the_threshold(
    amounts: list[int], before: int, data: st.DataObject
) -> None:
    steps = [(NOON + minutes(i), amount) for i, amount in enumerate(amounts)]
    movement = Movement(1, "m")
    movement.add(steps[::2], sum(amount for _, amount in steps[::2]))
    movement.add(steps[1::2], sum(amount for _, amount in steps[1::2]))
    movement.after = before + movement.added
    threshold = data.draw(st.integers(before + 1, movement.after))
    reached = before + sum(amount for at, amount in steps if at <= movement.moment_of(threshold))
    earlier = before + sum(amount for at, amount in steps if at < movement.moment_of(threshold))
    assert earlier < threshold <= reached


def test_any_batching_gives_the_same_counters(world: World) -> None:
    events = [
        message(str(i), str(i % 3), NOON + minutes(i), channel=f"c{i % 4}") for i in range(30)
    ]
    for size in (1, 7, 30):
        source = f"s{size}"
        for start in range(0, len(events), size):
            world.take(*events[start : start + size], source=source)
    with world.installation.reading() as session:
        found = [
            counting.counts(
                session,
                world.community_id,
                members.find(session, world.community_id, f"s{size}", "1").id,
            )
            for size in (1, 7, 30)
        ]
    assert found[0] == found[1] == found[2]


def test_an_identifier_that_no_database_stores_is_refused() -> None:
    for key in ("id", "member", "channel", "thread", "fingerprint"):
        line = {"id": "1", "kind": "message", "member": "1", "at": NOON.isoformat(), key: "a\0b"}
        refused = ndjson.parse(json.dumps(line).encode(), 7)
        assert isinstance(refused, ndjson.RefusedLine)
        assert refused.reason == "bad_value"
        assert refused.sentence.startswith(f"line 7, key {key}: ")


BOTH = (
    PROGRAMME
    + """
[achievements.both]
name = "Both"
all = [{ metric = "message", at_least = 1 }, { metric = "thread_started", at_least = 1 }]
reward = { channel = "voucher", perk = "pin" }
"""
)


def test_two_sources_that_each_bring_a_half_lead_to_the_grant(
    engine_url: str, tmp_path: Path
) -> None:
    """Each transaction counts before either commits: still one of them sees both halves."""
    installation = make_installation(tmp_path, engine_url, BOTH)
    world, people = World(installation), [f"u{number}" for number in range(20)]
    with installation.unit_of_work() as session:
        names: dict[str, str | None] = dict.fromkeys(people)
        known = members.ids_of(session, world.community_id, "a", names, first_seen=NOON)
        for name, member_id in known.items():
            members.link(session, session.get_one(Member, member_id), "b", name, name)
    with ThreadPoolExecutor(2) as threads:
        for name in people:
            halves = [
                threads.submit(world.take, message(f"m-{name}", name), source="a"),
                threads.submit(world.take, thread(f"t-{name}", name), source="b"),
            ]
            for half in halves:
                half.result()
    with installation.reading() as session:
        both = select(func.count()).where(Grant.achievement == "both")
        assert session.scalar(both) == len(people)
    installation.close()


def test_a_time_before_there_were_communities_is_refused_and_spoils_nothing(world: World) -> None:
    odd = ["0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00Z", "1969-12-31T23:59:59Z"]
    events = [message(str(number), at=datetime.fromisoformat(at)) for number, at in enumerate(odd)]
    taken = world.take(*events, message("9"))
    assert (taken.intake.counted, dict(taken.intake.refused)) == (1, {"too_old": 3})


def test_a_length_that_no_database_holds_is_refused() -> None:
    line = {"id": "1", "kind": "message", "member": "1", "at": NOON.isoformat(), "length": 2**63}
    assert isinstance(ndjson.parse(json.dumps(line).encode(), 1), ndjson.RefusedLine)


def test_a_name_that_was_told_once_in_a_batch_is_kept(world: World) -> None:
    world.take(message("1", member_name="Ann"), thread("2", member_name=None))
    with world.installation.reading() as session:
        assert members.find(session, world.community_id, "sample", "1").display_name == "Ann"


def test_more_members_than_a_statement_has_parameters_are_looked_at_again(world: World) -> None:
    """All have what they can have; who moves on is looked at again, whatever their number."""
    count = 2500
    for start in (0, 1):
        world.take(
            *(
                message(f"{start}-{member}-{step}", str(member), channel=f"c{step}")
                for member in range(count)
                for step in range(3)
            )
        )
    with world.installation.reading() as session:
        assert session.scalar(select(func.count()).select_from(Grant)) == count
