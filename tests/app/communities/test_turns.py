"""Who is linked or erased while something else goes on is who they are by then: one by one."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from app import clock
from app.achievements.grants import by_hand
from app.achievements.intake.taking_in import take_in
from app.achievements.linking import elsewhere, joining
from app.achievements.models import Grant
from app.activity.event_log.models import StoredEvent
from app.activity.limits.models import LimitMemory
from app.actor import COMMAND_LINE
from app.communities.erasing import Erasing, erase
from app.communities.linking.codes import Account, WrongCode
from app.communities.models import Identity, Member
from tests.app.achievements.rules import another, community, id_of, programme
from tests.support.installations import NOON, World, message
from tests.support.interleaving import one_after_the_other

RULES = programme(
    "chosen]\nall = [{ by_hand = true }]\nbudget = 5",
    others="""
[sources.forum]
name = "Forum"
kinds = ["post"]

[metrics.calm]
kinds = ["message"]
limits = { cooldown_seconds = 60 }
""",
)


@pytest.fixture
def world(engine_url: str, tmp_path: Any) -> Any:
    with clock.standing_at(NOON), community(tmp_path, engine_url, RULES) as made:
        made.take(message("1", "100"), source="discord")
        made.take(message("1", "ann", kind="post"), source="forum")
        yield made


def erasing(world: World, name: str, source: str) -> Any:
    who = id_of(world, name, source)

    def act(session: Any) -> None:
        member = session.get_one(Member, who)
        erase(session, member, Erasing("they asked", COMMAND_LINE, clock.now()))

    return act


def linking(world: World) -> Any:
    mine = id_of(world, "100", "discord")

    def act(session: Any) -> Any:
        account = Account("forum", "ann")
        return joining.link(
            session, world.community_id, mine, account, actor=COMMAND_LINE, now=clock.now()
        )

    return act


def giving(world: World, name: str, source: str) -> Any:
    who = id_of(world, name, source)

    def act(session: Any) -> Any:
        how: dict[str, Any] = {"reason": "a good deed", "actor": COMMAND_LINE, "now": clock.now()}
        return by_hand.give(session, world.community_id, who, "chosen", **how)

    return act


def left_of(world: World, member_id: int) -> list[int | None]:
    with world.installation.reading() as session:
        return [
            session.scalar(
                select(func.count()).select_from(model).where(model.member_id == member_id)
            )
            for model in (StoredEvent, LimitMemory, Grant)
        ]


def test_nothing_of_who_is_erased_comes_in_while_they_are(world: World) -> None:
    def taking(number: str) -> Any:
        def act(session: Any) -> None:
            batch = [message(number, "100")]
            take_in(session, world.community_id, "discord", batch, now=clock.now())

        return act

    who, erased = id_of(world, "100", "discord"), erasing(world, "100", "discord")
    assert one_after_the_other(world.installation, taking("2"), erased) == [None, None]
    assert left_of(world, who) == [0, 0, 0]
    again = id_of_new(world, taking("3"))
    erased = erasing(world, "100", "discord")
    assert one_after_the_other(world.installation, erased, taking("4")) == [None, None]
    assert left_of(world, again) == [0, 0, 0]
    # What comes in then is of somebody whom nobody knows yet.
    assert left_of(world, id_of(world, "100", "discord"))[0] == 1


def id_of_new(world: World, act: Any) -> int:
    with world.installation.unit_of_work() as session:
        act(session)
    return id_of(world, "100", "discord")


def test_what_is_given_by_hand_goes_to_who_they_are_by_then(world: World) -> None:
    given = giving(world, "ann", "forum")
    mine = id_of(world, "100", "discord")
    _, due = one_after_the_other(world.installation, linking(world), given)
    assert due.member_id == mine
    mine_again = giving(world, "100", "discord")
    with pytest.raises(by_hand.NotGiven, match="already"), world.installation.unit_of_work() as one:
        mine_again(one)
    erased = erasing(world, "100", "discord")
    _, refused = one_after_the_other(world.installation, erased, mine_again)
    assert isinstance(refused, by_hand.NotGiven)


@pytest.mark.parametrize(("name", "source"), [("100", "discord"), ("ann", "forum")])
def test_who_was_erased_meanwhile_is_not_linked(world: World, name: str, source: str) -> None:
    mine = id_of(world, "100", "discord")
    erased, link = erasing(world, name, source), linking(world)
    _, linked = one_after_the_other(world.installation, erased, link)
    if source == "discord":
        assert isinstance(linked, WrongCode)
    else:
        # The account there is nobody's now.
        assert not linked.was_linked and id_of(world, "ann", "forum") == mine


def test_who_is_erased_in_all_communities_at_once_is_known_in_none(
    world: World, tmp_path: Path
) -> None:
    there = another(world, tmp_path, RULES)
    there.take(message("1", "100"), source="discord")
    both = [erasing(club, "100", "discord") for club in (world, there)]
    assert one_after_the_other(world.installation, *both) == [None, None]
    with world.installation.reading() as session:
        known = session.scalars(select(Identity.external_id).where(Identity.source == "discord"))
        assert known.all() == []


def test_who_is_erased_meanwhile_is_not_named_for_a_link_elsewhere(
    world: World, tmp_path: Path
) -> None:
    there = another(world, tmp_path, RULES)
    there.take(message("1", "100"), source="discord")
    with world.installation.unit_of_work() as session:
        linking(world)(session)
    mine, erased = id_of(world, "100", "discord"), erasing(there, "100", "discord")

    def erasing_and_taking(session: Any) -> None:
        erased(session)
        batch = [message("2", "200", other="100")]
        take_in(session, there.community_id, "discord", batch, now=clock.now())

    def naming(session: Any) -> None:
        elsewhere.make_one(session, mine)

    done = one_after_the_other(world.installation, erasing_and_taking, naming)
    assert done == [None, None]
    with world.installation.reading() as session:
        theirs = StoredEvent.community_id == there.community_id
        assert session.scalars(select(StoredEvent.other).where(theirs)).all() == ["100"]
