"""A member is erased: nothing in the database says who they were, and the record still verifies."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from app import clock
from app.access import doors
from app.actor import COMMAND_LINE
from app.audit import checkpoints, keys, sealing
from app.audit.verification import verify
from app.communities import members, zones
from app.communities.avatars import noting
from app.communities.erasing import ERASED, Erasing, erase, find_ever
from app.communities.members import DISCORD, UnknownMember
from app.communities.models import Member
from app.database import Base
from app.installation import Installation
from app.notices.models import Notice
from fulfilment.orders.models import FulfilmentOrder
from tests.fulfilment.pickup_desks import PICKUPS, PickupDesk, work
from tests.support.installations import message
from voucher.ledger.changes import withdrawing
from voucher.ledger.finding import by_reference
from voucher.ledger.models import Voucher
from voucher.scans.models import Scan

SNOWFLAKE, NAME, FACE = "81234567890123456", "Zoë Quandt-Öz", "a1b2c3d4e5f6a7b8"
STAYS_AS_FIGURES = {"accounts", "counters", "grants", "disputes", "owed", "struck", "timezone"}
"""Parts of the export whose rows name nobody, or go with another part: see docs/erasing.md."""


@pytest.fixture
def programme() -> str:
    return PICKUPS + '\n[metrics.messages]\nkinds = ["message"]\n'


@pytest.fixture
def desk(installation: Installation) -> PickupDesk:
    return PickupDesk(installation)


def everything(installation: Installation) -> Iterator[tuple[str, str]]:
    """Every value in the database, with the table it stands in."""
    with installation.database.engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            for row in connection.execute(select(table)):
                for value in row:
                    is_bytes = isinstance(value, bytes)
                    yield table.name, value.decode("utf-8", "replace") if is_bytes else str(value)


def traces(installation: Installation) -> set[str]:
    """The tables in which something says who it is."""
    known = (SNOWFLAKE, NAME, NAME.casefold(), FACE, "quandt", "a friend of hers")
    return {
        table
        for table, text in everything(installation)
        if any(one in text or one in text.casefold() for one in known)
    }


def live(desk: PickupDesk) -> int:
    """A member of whom much is known; returns their number."""
    world = desk.world
    world.take(message("e1", SNOWFLAKE, clock.now(), member_name=NAME), source=DISCORD)
    who: dict[str, Any] = {"member": SNOWFLAKE, "source": DISCORD}
    pin, old, pack = (world.issue(perk, **who) for perk in ("pin", "sticker", "pack"))
    trophy = world.issue("trophy", **who)
    asked = world.scan(desk.scanner, code=trophy.code)
    assert (asked["verdict"], NAME in asked["message"]) == ("identity_required", True)
    assert world.scan(desk.scanner, code=pack.code)["verdict"] == "redeemed"
    held = world.scan(desk.scanner, code=pin.code, mode="hold")
    assert held["verdict"] == "reserved"
    work(desk.installation)
    with desk.installation.unit_of_work() as session:
        member = members.find(session, world.community_id, DISCORD, SNOWFLAKE)
        how: dict[str, Any] = {"actor": COMMAND_LINE, "now": clock.now()}
        voucher = by_reference(session, world.community_id, old.reference).voucher
        withdrawing.void(session, voucher, reason="a friend of hers has it", **how)
        zones.keep(session, member, "Europe/Madrid")
        doors.new_link(session, doors.MEMBERS, member.id, now=clock.now())
        doors.start_session(session, doors.MEMBERS, member.id, now=clock.now())
        seen = {SNOWFLAKE: f"avatars/{SNOWFLAKE}/{FACE}"}
        noting.note(session, world.community_id, DISCORD, seen, holders=set, now=clock.now())
        number = member.id
    work(desk.installation)
    return number


def erase_now(desk: PickupDesk, name: str) -> None:
    with desk.installation.unit_of_work() as session:
        member = find_ever(session, desk.world.community_id, DISCORD, name)
        erase(session, member, Erasing("they asked for it", COMMAND_LINE, clock.now()))
    work(desk.installation)


def entries(installation: Installation) -> dict[str, Any]:
    sealing.seal_due(installation)
    notes = checkpoints.read(checkpoints.path_of(installation.settings))
    with installation.reading() as session:
        community = session.scalars(select(Member.community_id).limit(1)).one()
        finding = verify(session, community, keys.public_key(session, installation.settings), notes)
    return {"problems": finding.problems, "verified_to": finding.verified_to}


def test_nothing_says_who_they_were_and_the_record_still_verifies(desk: PickupDesk) -> None:
    number = live(desk)
    before = entries(desk.installation)
    assert before["problems"] == []
    assert {"identity", "member", "scan", "notice", "member_avatar", "job", "remark"} <= traces(
        desk.installation
    )
    erase_now(desk, SNOWFLAKE)
    assert traces(desk.installation) == set()
    after = entries(desk.installation)
    assert after["problems"] == []
    assert after["verified_to"] > before["verified_to"]
    with desk.installation.reading() as session:
        member = session.get_one(Member, number)
        assert (member.display_name, member.sought) == (ERASED, "")
        standings = session.scalars(select(Voucher.standing).where(Voucher.member_id == number))
        assert set(standings) == {"void"}
        assert session.scalars(select(FulfilmentOrder.state)).all() == ["cancelled"]
        assert session.scalar(select(func.count()).where(Scan.verdict == "redeemed")) == 1
        assert session.scalars(select(Notice.id).where(Notice.settled_at.is_(None))).all() == []
        with pytest.raises(UnknownMember):
            members.find(session, desk.world.community_id, DISCORD, SNOWFLAKE)


def test_it_is_repeatable_and_every_part_of_the_export_is_accounted_for(desk: PickupDesk) -> None:
    number = live(desk)
    plugins = desk.installation.plugins
    assert set(plugins.member_parts) <= set(plugins.member_erasures) | STAYS_AS_FIGURES
    erase_now(desk, SNOWFLAKE)
    entries_before = entries(desk.installation)["verified_to"]
    with clock.standing_at(clock.now() + timedelta(days=1)):
        erase_now(desk, f"member:{number}")
    assert entries(desk.installation)["verified_to"] == entries_before
    with desk.installation.reading() as session:
        member = find_ever(session, desk.world.community_id, DISCORD, f"member:{number}")
        left = {name: part(session, member) for name, part in plugins.member_parts.items()}
    assert (left["timezone"], left["avatar"], left["owed"]) == (None, None, [])
    assert SNOWFLAKE not in str(left)
    assert left["counters"] == {}
    # Who writes again is somebody new, of whom nothing is known.
    desk.world.take(message("e2", SNOWFLAKE, clock.now()), source=DISCORD)
    with desk.installation.reading() as session:
        again = members.find(session, desk.world.community_id, DISCORD, SNOWFLAKE)
        assert again.id != number
