"""An account elsewhere is unlinked: what it did stays, what it does next is another member's."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from app import clock, journal
from app.achievements.grants import by_hand
from app.achievements.linking import joining
from app.achievements.models import Grant
from app.actor import Actor
from app.audit.models import AuditEntry
from app.cli import command_line
from app.communities.erasing import ERASED, Erasing, erase
from app.communities.linking import let_go, unlinking
from app.communities.linking.codes import Account
from app.communities.linking.models import LinkCode, UnlinkedAccount
from app.communities.linking.unlinking import NotLinked
from app.communities.merging import KnownElsewhere, TwoPeople
from app.communities.models import Community, Identity, Member
from tests.app.achievements.linked import (
    ACTOR,
    LATER,
    MIXED,
    chat,
    code_for,
    counts,
    id_of,
    link,
    on_discord,
    post,
)
from tests.app.achievements.rules import another
from tests.app.achievements.test_events_api import SOURCES
from tests.support.installations import PROGRAMME, World, make_installation
from tests.support.interleaving import one_after_the_other
from voucher.ledger.models import Voucher

ORGANISER = Actor("organiser", "1")
KIND = """
[achievements.kind]
name = "Kind"
all = [{ by_hand = true }]
reward = { channel = "voucher", perk = "pin" }
"""


@pytest.fixture
def there(engine_url: str, tmp_path: Path) -> Iterator[World]:
    with clock.standing_at(LATER):
        yield (
            world := World(
                make_installation(tmp_path, engine_url, PROGRAMME + SOURCES + MIXED + KIND)
            )
        )
        world.installation.close()


@pytest.fixture
def elsewhere(there: World, tmp_path: Path) -> World:
    """Another community, with the same programme."""
    return another(there, tmp_path, PROGRAMME + SOURCES + MIXED)


@pytest.fixture
def mine(there: World) -> int:
    """Somebody on Discord to whom an account of the forum is linked that wrote two posts."""
    there.take(chat("1"), source="discord")
    there.take(post("1", 1), post("2", 30), source="forum")
    member = id_of(there, "100", "discord")
    link(there, member)
    return member


def unlink_own(world: World, member_id: int, source: str = "forum") -> None:
    with world.installation.unit_of_work() as session:
        member = session.get_one(Member, member_id)
        unlinking.unlink_own(session, member, source, now=clock.now())


def unlink(world: World, account: str = "ann", source: str = "forum") -> int:
    with world.installation.unit_of_work() as session:
        how: dict[str, Any] = {"reason": "a mistake", "actor": ORGANISER, "now": clock.now()}
        return unlinking.unlink(session, world.community_id, source, account, **how).id


def vouchers(world: World) -> dict[int, int]:
    """How many each member of a community has."""
    with world.installation.reading() as session:
        rows = session.execute(
            select(Voucher.member_id, func.count())
            .where(Voucher.community_id == world.community_id)
            .group_by(Voucher.member_id)
        )
        return {row[0]: row[1] for row in rows}


def facts(world: World) -> list[tuple[str, Any]]:
    with world.installation.reading() as session:
        rows = session.scalars(select(AuditEntry).where(AuditEntry.kind == "member.unlinked"))
        return [(row.actor, row.data) for row in rows]


def test_what_it_did_stays_and_what_it_does_next_is_a_members_of_its_own(
    there: World, mine: int
) -> None:
    before = counts(there, mine)
    unlink_own(there, mine)
    there.take(post("3", 60), post("1"), source="forum")
    assert counts(there, mine) == before
    assert counts(there, id_of(there, "ann", "forum"))["post"] == 1
    assert facts(there) == [(f"member:{mine}", {"member": mine, "source": "forum", "reason": None})]
    # Linked anew, all of it is theirs again.
    link(there, mine)
    assert counts(there, mine)["post"] == before["post"] + 1
    with there.installation.reading() as session:
        assert session.scalars(select(UnlinkedAccount)).all() == []


def test_who_unlinked_one_links_no_other_from_there_until_an_organiser_lets_go(
    there: World, mine: int
) -> None:
    there.take(post("9", 90, member="bob"), source="forum")
    unlink_own(there, mine)
    with pytest.raises(TwoPeople, match="only that one can be linked again"):
        link(there, mine, "bob")
    # Nor by way of another member who has one.
    unknown = id_of(there, "bob", "forum")
    there.take(post("s1", member="sue"), source="stream")
    with there.installation.unit_of_work() as session:
        account = Account("stream", "sue")
        joining.link(session, there.community_id, unknown, account, actor=ACTOR, now=clock.now())
    with pytest.raises(TwoPeople, match="forum"):
        link(there, mine, "sue", "stream")
    assert unlink(there) == mine
    assert not link(there, mine, "bob").was_linked
    digest = facts(there)[1][1]["reason"]
    assert facts(there)[1][0] == "organiser:1" and "mistake" not in digest


def test_by_unlinking_and_linking_in_turns_nothing_is_granted_twice(
    there: World, mine: int
) -> None:
    def granted() -> list[tuple[int, str]]:
        with there.installation.reading() as session:
            rows = session.scalars(select(Grant).order_by(Grant.id)).all()
            # Each with its voucher, and no other one.
            assert session.scalar(select(func.count()).select_from(Voucher)) == len(rows)
            return [(row.member_id, row.achievement) for row in rows]

    there.take(*[post(f"p{number}", 100 * number) for number in range(3)], source="forum")
    had = granted()
    assert sorted(had) == [(mine, "both"), (mine, "writer")]
    for turn in range(2):
        unlink_own(there, mine)
        there.take(*[post(f"{turn}-{n}", 400 + turn + 60 * n) for n in range(4)], source="forum")
        link(there, mine)
    assert granted() == had
    unlink(there)
    there.take(*[post(f"free-{n}", 900 + 60 * n) for n in range(4)], source="forum")
    # An organiser let go of it: it is somebody of its own.
    assert {key for who, key in granted() if who != mine} == {"both", "writer"}


def test_nor_by_unlinking_in_one_community_and_linking_in_another(
    there: World, mine: int, elsewhere: World
) -> None:
    elsewhere.take(chat("1"), source="discord")
    mine_there = id_of(elsewhere, "100", "discord")
    elsewhere.take(*[post(f"p{n}", 100 + 60 * n) for n in range(4)], source="forum")
    had = vouchers(elsewhere)
    assert had == {mine_there: 2}
    for turn in range(2):
        unlink_own(there, mine)
        again = [post(f"{turn}-{n}", 400 + 300 * turn + 60 * n) for n in range(4)]
        elsewhere.take(*again, post("b1", 90, member="bob"), source="forum")
        with pytest.raises(TwoPeople, match="only that one can be linked again"):
            link(elsewhere, mine_there, "bob")
        assert vouchers(elsewhere) == had
        assert not link(elsewhere, mine_there).was_linked
        assert vouchers(elsewhere) == had
    assert counts(elsewhere, mine_there)["post"] == 12
    # Where it did nothing alone, it is linked again wherever they take part.
    unlink_own(elsewhere, mine_there)
    assert not link(there, mine).was_linked
    with there.installation.reading() as session:
        assert session.scalars(select(UnlinkedAccount)).all() == []


def test_it_holds_where_they_take_part_only_later(
    there: World, mine: int, elsewhere: World
) -> None:
    unlink_own(there, mine)
    elsewhere.take(*[post(f"p{n}", n) for n in range(3)], source="forum")
    # Where they are nobody, it is somebody of its own.
    had = {id_of(elsewhere, "ann", "forum"): 1}
    assert vouchers(elsewhere) == had
    elsewhere.take(chat("1", 200), source="discord")
    more = [post(f"q{n}", 300 + 60 * n) for n in range(4)]
    elsewhere.take(*more, post("b1", 90, member="bob"), source="forum")
    assert vouchers(elsewhere) == had
    mine_there = id_of(elsewhere, "100", "discord")
    with pytest.raises(TwoPeople):
        link(elsewhere, mine_there, "bob")
    link(elsewhere, mine_there)
    assert vouchers(elsewhere) == {mine_there: 2}


def test_whoever_links_it_is_granted_what_is_theirs(there: World, mine: int) -> None:
    unlink_own(there, mine)
    posts = [post(f"p{n}", 100 + 60 * n) for n in range(4)]
    there.take(*posts, source="forum")
    other = on_discord(there, "200")
    assert other not in vouchers(there)
    link(there, other)
    assert vouchers(there)[other] == 2
    with pytest.raises(TwoPeople):
        link(there, mine)


def test_who_has_another_account_is_not_it_alone(there: World, mine: int) -> None:
    unlink_own(there, mine)
    third = on_discord(there, "300")
    link(there, third, "tom", "stream")
    unlink_own(there, third, "stream")
    there.take(post("s1", member="sue"), source="stream")
    sue = id_of(there, "sue", "stream")
    link(there, sue)
    there.take(*[post(f"p{n}", 100 + 60 * n) for n in range(4)], source="forum")
    assert vouchers(there)[sue] == 2
    # Two who unlinked the same one become one who did.
    unlink_own(there, sue)
    link(there, mine, "sue", "stream")
    with there.installation.reading() as session:
        assert len(let_go.told(session, session.get_one(Member, mine))) == 1


def test_an_organiser_unlinks_by_command_with_a_reason(there: World, mine: int) -> None:
    told = CliRunner().invoke(
        command_line(there.installation),
        ["members", "unlink", "ann", "--source", "forum", "--reason", "theirs it is not"],
        obj=there.installation,
    )
    assert "ann of forum is no longer " in told.output and "stays theirs" in told.output
    assert facts(there)[0][0] == "system:command-line"
    with pytest.raises(NotLinked, match="No member has an account ann of forum"):
        unlink(there)
    there.take(post("3", 60), source="forum")
    link(there, on_discord(there, "200"))
    assert unlink(there) == id_of(there, "200", "discord")


def test_what_a_member_is_known_by_stays(there: World, mine: int) -> None:
    with pytest.raises(NotLinked, match="all that they are known by"):
        unlink_own(there, mine, "discord")
    alone = on_discord(there, "200")
    with pytest.raises(NotLinked):
        unlink_own(there, alone)
    there.take(post("7", member="cid"), source="forum")
    with pytest.raises(NotLinked, match="all that they are known by"):
        unlink(there, "cid")
    assert facts(there) == []


def test_who_takes_part_elsewhere_unlinks_themselves_alone(there: World, mine: int) -> None:
    with there.installation.unit_of_work() as session:
        values = {"timezone": "UTC", "primary_colour": "#000000", "accent_colour": "#000000"}
        other = Community(key="other", name="Other", quiet_hours="never", **values)
        session.add(other)
        session.flush()
        person = session.get_one(Member, mine).person_id
        more = {"display_name": "D", "sought": "", "first_seen_at": LATER}
        session.add(Member(community_id=other.id, person_id=person, **more))
    with pytest.raises(KnownElsewhere):
        unlink(there)
    unlink_own(there, mine)


def test_it_is_told_handed_on_and_erased(there: World, mine: int) -> None:
    unlink_own(there, mine)
    with there.installation.reading() as session:
        [told] = let_go.told(session, session.get_one(Member, mine))
        assert told["source"] == "forum" and "ann" not in str(told)
    there.take(post("w", member="pat"), source="stream")
    staying = id_of(there, "pat", "stream")
    with there.installation.unit_of_work() as session:
        account = Account("discord", "100")
        joining.link(session, there.community_id, staying, account, actor=ACTOR, now=clock.now())
        assert [one["source"] for one in let_go.told(session, session.get_one(Member, staying))]
        erase(session, session.get_one(Member, staying), Erasing("asked", ACTOR, clock.now()))
        assert session.scalars(select(UnlinkedAccount)).all() == []


def test_who_is_erased_in_one_community_has_it_held_against_them_in_the_others(
    there: World, mine: int, elsewhere: World
) -> None:
    elsewhere.take(chat("1"), source="discord")
    mine_there = id_of(elsewhere, "100", "discord")
    unlink_own(there, mine)
    how = Erasing("asked", ACTOR, clock.now())
    with there.installation.unit_of_work() as session:
        erase(session, session.get_one(Member, mine), how)
        assert let_go.told(session, session.get_one(Member, mine)) == []
        assert let_go.told(session, session.get_one(Member, mine_there))
    posts = [post(f"p{n}", 100 + 60 * n) for n in range(4)]
    elsewhere.take(*posts, source="forum")
    assert vouchers(elsewhere) == {}
    with there.installation.unit_of_work() as session:
        erase(session, session.get_one(Member, mine_there), how)
        assert session.scalars(select(UnlinkedAccount)).all() == []


@pytest.mark.parametrize("unlink_first", [True, False])
def test_an_event_that_comes_in_meanwhile_is_whose_the_account_is_then(
    there: World, mine: int, unlink_first: bool
) -> None:
    def unlinking_it(session: Any) -> None:
        unlinking.unlink_own(session, session.get_one(Member, mine), "forum", now=clock.now())

    def taking(session: Any) -> None:
        from app.achievements.intake.taking_in import take_in

        events = [post("3", 60)]
        take_in(session, there.community_id, "forum", events, now=clock.now())

    both = (unlinking_it, taking) if unlink_first else (taking, unlinking_it)
    assert one_after_the_other(there.installation, *both) == [None, None]
    assert counts(there, mine)["post"] == (2 if unlink_first else 3)


def test_who_is_erased_leaves_nothing_that_says_why(there: World, mine: int) -> None:
    unlink(there)
    [(_, fact)] = facts(there)
    with there.installation.unit_of_work() as session:
        how: dict[str, Any] = {"reason": "for kindness", "actor": ORGANISER, "now": clock.now()}
        by_hand.give(session, there.community_id, mine, "kind", **how)
    with there.installation.unit_of_work() as session:
        given = select(AuditEntry).where(AuditEntry.kind == "achievement.given_by_hand")
        reasons = [fact["reason"], session.scalars(given).one().data["reason"]]
        assert [journal.remark_text(session, one) for one in reasons] == [
            "a mistake",
            "for kindness",
        ]
        erase(session, session.get_one(Member, mine), Erasing("asked", ACTOR, clock.now()))
        assert [journal.remark_text(session, one) for one in reasons] == [None, None]


def test_erasing_who_was_linked_erases_all_of_their_names(there: World) -> None:
    there.take(post("1"), source="forum")
    mine, other = on_discord(there), id_of(there, "ann", "forum")
    link(there, mine)
    code_for(there)
    with there.installation.unit_of_work() as session:
        how = Erasing("asked", ACTOR, clock.now())
        erase(session, session.get_one(Member, mine), how)
    with there.installation.reading() as session:
        names = session.scalars(select(Member.display_name).where(Member.id.in_([mine, other])))
        assert set(names) == {ERASED}
        assert session.scalars(select(Identity)).all() == []
        assert session.scalars(select(LinkCode)).all() == []
