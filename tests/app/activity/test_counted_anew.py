"""Counting anew: after a change of the programme, whatever comes in meanwhile."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import delete, update

from app import clock
from app.achievements.intake import pace, replaying
from app.achievements.intake.replaying import replay
from app.achievements.intake.taking_in import take_back, take_in
from app.activity.counters import counting
from app.activity.counters.models import Counter
from app.activity.event_log import stored
from app.activity.intake import recounting
from app.activity.limits.models import LimitMemory
from app.activity.metrics import digests
from app.activity.metrics.definitions import metrics_of
from app.actor import COMMAND_LINE
from app.communities import members
from app.programme.applying import apply, apply_now, current, ready
from app.programme.loading import load
from tests.support.installations import (
    NOON,
    PROGRAMME,
    World,
    message,
    minutes,
    world_of,
)
from tests.support.interleaving import one_after_the_other

CALM = PROGRAMME + '[metrics.calm]\nkinds = ["message"]\nlimits = { cooldown_seconds = 90 }\n'
CHATTER = PROGRAMME + '[metrics.chatter]\nkinds = ["message", "thread_started"]\n'

NOW: dict[str, Any] = {"now": NOON + minutes(60)}


world = world_of()


def change(world: World, text: str) -> Any:
    file = world.installation.settings.programme_file
    file.write_text(text, "utf-8")
    return load(file, world.installation.plugins)


def counts(world: World, member: str = "1") -> dict[str, int]:
    with world.installation.reading() as session:
        known = members.find(session, world.community_id, "sample", member)
        return counting.counts(session, world.community_id, known.id)


def test_what_waits_for_a_change_is_counted_by_the_new_programme(world: World) -> None:
    world.take(message("1"))
    calm = change(world, CALM)

    def changing(session: Any) -> None:
        apply(session, calm, actor=COMMAND_LINE, now=clock.now())

    def taking(session: Any) -> None:
        take_in(session, world.community_id, "sample", [message("2", at=NOON + minutes(5))], **NOW)
        take_back(session, world.community_id, "sample", ["1"], **NOW)

    assert one_after_the_other(world.installation, changing, taking) == [None, None]
    assert (counts(world)["message"], counts(world)["calm"]) == (1, 1)


def test_a_replay_goes_on_by_the_programme_that_is_brought_into_force_meanwhile(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "MOST", 2)
    events = [message(str(number), at=NOON + minutes(2 * number)) for number in range(6)]
    calm = change(world, CALM)

    def in_the_midst(done: replaying.Replayed) -> None:
        if done.read == 4:
            apply_now(world.installation, calm)

    replay(world.installation, world.community_id, events, source="sample", on_batch=in_the_midst)
    assert (counts(world)["message"], counts(world)["calm"]) == (6, 6)


def test_many_events_are_counted_anew_by_pages_and_come_to_the_same(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    events = [
        message(f"{member}{number}", member, NOON + minutes(number), channel=f"c{number % 3}")
        for number in range(9)
        for member in ("1", "2", "3")
    ]
    world.take(*events)
    pages = stored.pages
    sizes: list[int] = []

    def few(*where: Any, **how: Any) -> Iterator[list[Any]]:
        for page in pages(*where, **how, at_once=4):
            sizes.append(len(page))
            yield page

    monkeypatch.setattr(stored, "pages", few)
    monkeypatch.setattr(stored, "AT_ONCE", 20)
    apply_now(world.installation, change(world, CALM))
    assert sizes == [4, 4, 4, 4, 2, 4, 4, 1]
    assert [counts(world, one)["calm"] for one in ("1", "2", "3")] == [5, 5, 5]
    with world.installation.unit_of_work() as session:
        metrics = metrics_of(current(session, world.community_id), world.installation.plugins)
        known = members.find(session, world.community_id, "sample", "1").id
        which = [metrics.of(key) for key in ("message", "channels_joined", "calm")]
        moved = recounting.count_anew(
            session, world.community_id, metrics, which, member_ids=[known]
        )
    by_metric = {one.metric: one for one in moved}
    assert len(moved) == 3
    assert [at for at, _ in by_metric["message"].steps] == [NOON + minutes(n) for n in range(9)]
    assert by_metric["message"].moment_of(3) == NOON + minutes(2)
    assert by_metric["channels_joined"].moment_of(3) == NOON + minutes(2)
    assert by_metric["calm"].after == 5


def test_after_an_update_of_the_code_all_is_counted_as_it_would(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    apply_now(world.installation, change(world, CALM))
    world.take(*[message(str(number), at=NOON + minutes(number)) for number in range(4)])
    with world.installation.unit_of_work() as session:
        session.execute(update(LimitMemory).values(memory="of another version"))
        session.execute(delete(Counter).where(Counter.metric == "calm"))
    ready(world.installation)
    assert "calm" not in counts(world)
    monkeypatch.setattr(digests, "LIMITS", "of the next version")
    world.installation.plugins.memory.clear()
    ready(world.installation)
    assert counts(world)["calm"] == 2
    world.take(message("9", at=NOON + minutes(9)))
    assert counts(world)["calm"] == 3


def test_a_kind_may_take_the_name_of_a_metric_that_is_gone(world: World) -> None:
    world.take(*[message(str(number)) for number in range(3)])
    apply_now(world.installation, change(world, CHATTER))
    assert counts(world)["chatter"] == 3
    apply_now(world.installation, change(world, PROGRAMME))
    assert "chatter" not in counts(world)
    assert counts(world)["message"] == 3
    world.take(message("9", kind="chatter"))
    assert counts(world)["chatter"] == 1


def test_a_metric_may_take_the_name_of_a_kind_that_is_sent_no_more(world: World) -> None:
    world.take(message("1"), message("2"), message("3", kind="chatter"))
    apply_now(world.installation, change(world, CHATTER))
    assert counts(world)["chatter"] == 2
    with world.installation.unit_of_work() as session:
        take_back(session, world.community_id, "sample", ["3"], **NOW)
    assert counts(world)["chatter"] == 2
    with world.installation.unit_of_work() as session:
        take_back(session, world.community_id, "sample", ["2"], **NOW)
    assert counts(world)["chatter"] == 1
