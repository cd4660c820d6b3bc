"""“This was not me”: kept once for each redemption, by its member alone, and seen by organisers."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from app import clock
from app.actor import COMMAND_LINE
from app.audit.models import AuditEntry
from app.communities import members
from tests.support.installations import World
from tests.support.pages import Visitor
from voucher.scans.disputes import panel
from voucher.scans.disputes.disputing import Disputed, NothingToDispute, UnknownRedemption, dispute
from voucher.scans.follow_ups.undoing import undo
from voucher.scans.models import Scan


def redeem(world: World, member: str = "1") -> tuple[UUID, str]:
    voucher = world.issue(member=member)
    scanner, _ = world.add_device(name=f"Door {member}")
    assert world.scan(scanner, token=voucher.token)["verdict"] == "redeemed"
    return redemption(world), voucher.reference


def redemption(world: World) -> UUID:
    with world.installation.reading() as session:
        return session.scalars(select(Scan.id).order_by(Scan.id.desc()).limit(1)).one()


def say(world: World, scan: UUID, member: str = "1") -> Disputed:
    with world.installation.unit_of_work() as session:
        found = members.find(session, world.community_id, "sample", member)
        return dispute(session, scan, member_id=found.id, now=clock.now())


def facts(world: World) -> list[dict[str, Any]]:
    with world.installation.reading() as session:
        kind = AuditEntry.kind == "voucher.disputed"
        return list(session.scalars(select(AuditEntry.data).where(kind)))


def shown(world: World) -> Any:
    with world.installation.reading() as session:
        return panel.content(session, world.community_id, clock.now())


def take_back(world: World, scan: UUID) -> None:
    with world.installation.unit_of_work() as session:
        row = session.get_one(Scan, scan)
        undo(session, row, reason="x", actor=COMMAND_LINE, now=clock.now())


def test_it_is_recorded_once_and_takes_nothing_back(world: World) -> None:
    scan, reference = redeem(world)
    assert say(world, scan) == Disputed(reference, 0, first=True)
    assert say(world, scan) == Disputed(reference, 0, first=False)
    [fact] = facts(world)
    assert (fact["redemption"], fact["voucher"], fact["station"]) == (
        str(scan),
        reference,
        "Pop-up",
    )
    with world.installation.reading() as session:
        assert session.get_one(Scan, scan).undone_at is None


def test_of_many_presses_at_once_one_is_recorded(world: World) -> None:
    scan, _ = redeem(world)
    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(lambda _: say(world, scan).first, range(8)))
    assert said.count(True) == 1
    assert len(facts(world)) == 1


def test_nobody_disputes_anothers_nor_what_never_was(world: World) -> None:
    scan, _ = redeem(world)
    world.issue(member="2")
    for other in (scan, uuid4()):
        with pytest.raises(UnknownRedemption, match="No hand-over of yours"):
            say(world, other, member="2")
    assert facts(world) == []


def test_a_refused_scan_is_no_redemption(world: World) -> None:
    _, reference = redeem(world)
    scanner, _ = world.add_device(name="Elsewhere")
    with world.installation.reading() as session:
        kept = session.scalars(select(Scan.answer)).one()
    assert kept["voucher"]["reference"] == reference
    voucher = world.issue("elsewhere")
    assert world.scan(scanner, token=voucher.token)["verdict"] == "wrong_station"
    with pytest.raises(UnknownRedemption):
        say(world, redemption(world))


def test_what_was_taken_back_leaves_nothing_to_dispute(world: World) -> None:
    scan, reference = redeem(world)
    take_back(world, scan)
    with pytest.raises(NothingToDispute, match=reference):
        say(world, scan)


def test_organisers_see_them_until_they_are_undone(world: World) -> None:
    scan, reference = redeem(world)
    visitor = Visitor(world.installation).sign_in()
    assert "Nobody has said" in visitor.get("/console").text
    say(world, scan)
    [one] = shown(world)["open"]
    assert (one.reference, one.perk, one.station, one.device) == (
        reference,
        "Pin",
        "Pop-up",
        "Door 1",
    )
    page = visitor.get("/console").text
    assert f"<code>{reference}</code>" in page
    assert "1 to look at" in page
    take_back(world, scan)
    told = shown(world)
    assert (told["total"], told["open"], told["settled"][0].undone) == (0, [], True)
