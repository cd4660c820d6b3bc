"""A person links an account elsewhere by a code; what it did before counts from then on."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import insert, select

from app import clock
from app.achievements.evaluation.holding import grants_of
from app.achievements.linking import joining
from app.activity.counters import counting
from app.activity.limits import remembering
from app.audit.models import AuditEntry
from app.communities import members
from app.communities.erasing import find_ever
from app.communities.linking.codes import Account
from app.communities.merging import KnownElsewhere, TwoPeople
from app.communities.models import Community, Member
from app.database import Base, UtcDateTime
from app.notices.models import Notice
from app.programme.applying import apply_now
from app.programme.loading import load
from app.worker import do_everything
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
from tests.app.achievements.test_events_api import SOURCES
from tests.support.installations import (
    NOON,
    PROGRAMME,
    World,
    minutes,
    thread,
    world_of,
)
from tests.support.interleaving import one_after_the_other
from voucher.ledger.finding import of_member

there = world_of(PROGRAMME + SOURCES + MIXED, at=LATER)


def on_forum(world: World, member: str = "ann") -> int:
    with world.installation.unit_of_work() as session:
        names: dict[str, str | None] = {member: None}
        known = members.ids_of(session, world.community_id, "forum", names, first_seen=NOON)
        return known[member]


OF_MEMBERS = [table for table in Base.metadata.sorted_tables if "member_id" in table.c]


FROZEN = {"standing_row"}
"""What was final by then stays as it was published: its hash is in the record."""


def named_in(world: World, member_id: int) -> set[str]:
    """The tables that name a member."""
    with world.installation.reading() as session:
        return {
            table.name
            for table in OF_MEMBERS
            if session.execute(
                select(table.c.member_id).where(table.c.member_id == member_id).limit(1)
            ).first()
        }


def fill(world: World, member_id: int) -> None:
    """A row of this member in every table that has rows of members, also in those to come."""
    plain: dict[type, Any] = {
        int: 7,
        str: "x",
        bytes: b"x" * 32,
        bool: False,
        dict: {},
        UUID: UUID(int=7),
    }
    with world.installation.unit_of_work() as session:
        for table in OF_MEMBERS:
            row = {
                column.name: NOON
                if isinstance(column.type, UtcDateTime)
                else plain[column.type.python_type]
                for column in table.c
                if not column.nullable and column is not table.autoincrement_column
            }
            row |= {"member_id": member_id}
            row |= {"community_id": world.community_id} if "community_id" in table.c else {}
            session.execute(insert(table), row)


def test_nothing_names_who_was_merged_but_what_was_final(there: World) -> None:
    mine, other = on_discord(there), on_forum(there)
    fill(there, other)
    assert named_in(there, other) == {table.name for table in OF_MEMBERS}
    link(there, mine)
    assert named_in(there, other) == FROZEN


def test_what_an_account_did_before_counts_once_it_is_linked(there: World) -> None:
    there.take(chat("1"), chat("2", 20), source="discord")
    there.take(post("1", 1), post("2", 30), source="forum")
    mine = id_of(there, "100", "discord")
    linked = link(there, mine)
    # The post a minute after a message does not count, nor did anything before the link say so.
    assert counts(there, mine) == {
        "active_days": 1,
        "channels_joined": 1,
        "days_anywhere": 1,
        "message": 2,
        "post": 2,
        "calm_posts": 2,
        "calm": 3,
    }
    assert (linked.was_linked, linked.grants) == (False, 1)
    with there.installation.reading() as session:
        assert remembering.refusals(session, there.community_id, mine) == {"calm": {"cooldown": 1}}
    there.take(post("3", 60), source="forum")
    assert counts(there, mine)["post"] == 3


def test_who_is_older_by_a_linked_account_is_a_member_since_then(there: World) -> None:
    text = PROGRAMME + SOURCES + MIXED
    text += '[metrics.helpful]\nkinds = ["message"]\nlimits = { member_days = 30 }\n'
    file = there.installation.settings.programme_file
    file.write_text(text, "utf-8")
    apply_now(there.installation, load(file, there.installation.plugins))
    mine = on_discord(there)
    there.take(chat("1"), chat("2", 5), source="discord")
    there.take(post("1", -60 * 24 * 40), source="forum")
    assert "helpful" not in counts(there, mine)
    link(there, mine)
    assert counts(there, mine)["helpful"] == 2


def test_what_was_ignored_of_either_was_so_of_both(there: World) -> None:
    numbers = ((on_discord(there), 2), (on_forum(there), 3))
    with there.installation.unit_of_work() as session:
        for member_id, number in numbers:
            ignored = {(member_id, "post", remembering.IGNORED): number}
            remembering.add_refusals(session, there.community_id, ignored)
    link(there, on_discord(there))
    with there.installation.reading() as session:
        found = remembering.refusals(session, there.community_id, on_discord(there))
        assert found == {"post": {remembering.IGNORED: 5}}


def test_vouchers_are_moved_and_told_of_and_the_record_says_who_is_who(there: World) -> None:
    mine = on_discord(there)
    there.take(thread("1"), thread("2"), thread("3"), source="forum")
    other = id_of(there, "1", "forum")
    theirs = there.issue(member="1", source="forum")
    link(there, mine, "1")
    with there.installation.reading() as session:
        held = {one.voucher.reference for one in of_member(session, there.community_id, mine)}
        assert len(held) == 2
        assert theirs.reference in held
        told = session.scalars(select(Notice.subject).where(Notice.member_id == mine)).all()
        assert set(told) == held
        facts = session.scalars(select(AuditEntry).where(AuditEntry.kind == "member.linked")).all()
        assert [one.data for one in facts] == [{"member": mine, "source": "forum", "merged": other}]
        assert find_ever(session, there.community_id, "forum", f"member:{other}").id == mine
    # What waited to tell the other finds whose it is by now, and tells nobody twice.
    do_everything(there.installation)
    with there.installation.reading() as session:
        assert len(session.scalars(select(Notice)).all()) == 2


def test_of_two_equal_grants_the_earlier_is_kept_and_both_vouchers(there: World) -> None:
    early = [thread(f"e{number}", "ann", NOON + minutes(number)) for number in range(3)]
    late = [thread(f"l{number}", "100", NOON + minutes(9 + number)) for number in range(3)]
    there.take(*late, source="discord", dated_by_event=True)
    there.take(*early, source="forum", dated_by_event=True)
    mine = id_of(there, "100", "discord")
    assert link(there, mine).grants == 0
    with there.installation.reading() as session:
        [grant] = grants_of(session, there.community_id, mine)
        assert grant.granted_at == NOON + minutes(2)
        assert len(of_member(session, there.community_id, mine)) == 2


def test_an_account_that_did_nothing_yet_is_linked_as_well(there: World) -> None:
    mine = on_discord(there)
    assert not link(there, mine).was_linked
    assert link(there, mine).was_linked
    there.take(post("1"), source="forum")
    assert counts(there, mine)["post"] == 1
    with there.installation.reading() as session:
        parts = there.installation.plugins.member_parts
        shown = parts["accounts"](session, session.get_one(Member, mine))
    assert [(one["source"], one["id"]) for one in shown] == [("discord", "100"), ("forum", "ann")]


def test_two_people_are_not_merged(there: World) -> None:
    first, second = on_discord(there, "100"), on_discord(there, "200")
    link(there, first, "ann")
    code = code_for(there, "ann")
    with pytest.raises(TwoPeople, match="discord"):
        joining.enter_here(there.installation, there.community_id, second, code)
    with pytest.raises(TwoPeople, match="Another account of forum"):
        link(there, first, "bob")
    assert id_of(there, "ann", "forum") == first
    # Nothing was done by it, so the code can be entered by whom it is for.
    assert joining.enter_here(there.installation, there.community_id, first, code).was_linked


def test_who_takes_part_in_another_community_is_left_alone(there: World) -> None:
    mine = on_discord(there)
    there.take(post("1"), source="forum")
    with there.installation.unit_of_work() as session:
        values = {"timezone": "UTC", "primary_colour": "#000000", "accent_colour": "#000000"}
        other = Community(key="other", name="Other", quiet_hours="never", **values)
        session.add(other)
        session.flush()
        members.ids_of(session, other.id, "forum", {"ann": None, "eve": None}, first_seen=NOON)
    for account in ("ann", "eve"):
        with pytest.raises(KnownElsewhere):
            link(there, mine, account)


@pytest.mark.parametrize("link_first", [True, False])
def test_what_comes_in_while_an_account_is_linked_counts_for_who_has_it_then(
    there: World, link_first: bool
) -> None:
    there.take(post("1"), source="forum")
    mine, account = on_discord(there), Account("forum", "ann")

    def linking(session: Any) -> None:
        joining.link(session, there.community_id, mine, account, actor=ACTOR, now=clock.now())

    def taking(session: Any) -> None:
        from app.achievements.intake.taking_in import take_in

        take_in(session, there.community_id, "forum", [post("2", 5)], now=clock.now())

    both = (linking, taking) if link_first else (taking, linking)
    assert one_after_the_other(there.installation, *both) == [None, None]
    assert counts(there, mine)["post"] == 2
    with there.installation.reading() as session:
        assert counting.counts_of(session, there.community_id, [(mine, "post")])
        merged = session.scalars(select(Member).where(Member.merged_into == mine)).one()
    assert named_in(there, merged.id) == set()
