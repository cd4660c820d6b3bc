"""Organisers close what members dispute, with what they did about it, which the member reads."""

import json
import re
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import UUID, uuid4

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select, update

from app import clock
from app.actor import COMMAND_LINE
from app.audit.models import AuditEntry, Remark
from app.cli import command_line
from app.communities import members
from app.notices.models import Notice
from app.worker import do_everything
from tests.support.installations import NOON, World
from tests.support.interleaving import one_after_the_other
from tests.support.pages import Visitor
from tests.voucher.scans.test_disputes import redeem, say, shown, take_back
from tests.voucher.wallet.conftest import wallet_of
from voucher.scans.answering import answers
from voucher.scans.answering.answers import DisputeIsClosed, UnknownDispute
from voucher.scans.disputes.disputing import dispute

DID = "We spoke to Tent & Bar, and gave you a new one."


def disputed(world: World, member: str = "1") -> tuple[UUID, str]:
    scan, reference = redeem(world, member)
    say(world, scan, member)
    return scan, reference


def close(world: World, scan: UUID, reason: str = DID) -> None:
    with world.installation.unit_of_work() as session:
        how: dict[str, Any] = {"reason": reason, "actor": COMMAND_LINE, "now": clock.now()}
        answers.close(session, world.community_id, scan, **how)


def facts(world: World) -> list[AuditEntry]:
    with world.installation.reading() as session:
        return list(session.scalars(select(AuditEntry).where(AuditEntry.kind == "dispute.closed")))


def panel(visitor: Visitor) -> str:
    return panel_of(visitor.get("/console").text)


def run(world: World, *words: str) -> Result:
    every = command_line(world.installation)
    return CliRunner().invoke(every, ["disputes", *words], obj=world.installation)


def test_it_is_closed_once_with_a_fact_that_has_no_text(world: World) -> None:
    scan, reference = disputed(world)
    close(world, scan)
    [fact] = facts(world)
    assert (fact.data["redemption"], fact.data["voucher"]) == (str(scan), reference)
    assert fact.data["reason"].startswith("sha256:")
    with pytest.raises(DisputeIsClosed):
        close(world, scan)
    assert len(facts(world)) == 1


def test_of_two_organisers_at_once_one_closes_it(world: World) -> None:
    scan, _ = disputed(world)
    how: dict[str, Any] = {"reason": DID, "actor": COMMAND_LINE, "now": clock.now()}

    def closing(session: Any) -> Any:
        return answers.close(session, world.community_id, scan, **how)

    first, second = one_after_the_other(world.installation, closing, closing)
    assert first.redemption == scan
    assert isinstance(second, DisputeIsClosed)
    assert len(facts(world)) == 1


def test_what_nobody_disputed_cannot_be_closed(world: World) -> None:
    scan, _ = redeem(world)
    for other in (scan, uuid4()):
        with pytest.raises(UnknownDispute):
            close(world, other)
    assert facts(world) == []


def test_open_ones_stay_on_top_the_oldest_first(world: World) -> None:
    scans = []
    for hour, member in enumerate(("1", "2", "3", "4")):
        with clock.standing_at(NOON + timedelta(hours=hour)):
            scans.append(disputed(world, member)[0])
    close(world, scans[1])
    take_back(world, scans[3])
    told = shown(world)
    assert [one.id for one in told["open"]] == [scans[0], scans[2]]
    assert told["total"] == 2
    assert [one.id for one in told["settled"]] == [scans[3], scans[1]]
    assert told["settled"][1].answer == DID


def test_an_organiser_closes_one_by_its_form(world: World) -> None:
    scan, reference = disputed(world)
    visitor = Visitor(world.installation).sign_in()
    assert f"Look at it Pin {reference}" in panel(visitor)
    refused = visitor.post(f"/console/disputes/{scan}", reason="  ")
    assert refused.status_code == 422
    assert refused.text.count("Say why, in at most 1000 characters.") == 1
    elsewhere = visitor.post(f"/console/disputes/{scan}", "https://evil.example", reason=DID)
    assert (elsewhere.status_code, facts(world)) == (403, [])
    closed = visitor.post(f"/console/disputes/{scan}", reason=f" {DID} ")
    assert (closed.status_code, closed.location) == (303, "/console#panel-disputes")
    assert "Nothing is to be looked at." in panel(visitor)
    assert f"“{DID}”" in panel(visitor)
    assert facts(world)[0].actor.startswith("organiser:")
    again = visitor.post(f"/console/disputes/{scan}", reason=DID)
    assert again.status_code == 409
    assert "closed before" in panel_of(again.text)


def panel_of(page: str) -> str:
    (section,) = re.findall(r'<section id="panel-disputes".*?</section>', page, re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", section)).split())


def test_the_commands_list_and_close_them(world: World) -> None:
    scan, reference = disputed(world)
    [row] = json.loads(run(world, "list", "--json").output)
    assert (row["redemption"], row["voucher"]) == (str(scan), reference)
    assert row["handed_over"]["station"] == "Pop-up"
    assert "1 to be looked at." in run(world, "list").output
    told = json.loads(run(world, "close", str(scan), "--reason", DID, "--json").output)
    assert told["redemption"] == str(scan)
    assert json.loads(run(world, "list", "--json").output) == []
    assert run(world, "close", str(scan), "--reason", DID).exit_code != 0
    other, _ = disputed(world, "2")
    said = run(world, "close", str(other), "--reason", DID).output
    assert said == f"{other}  closed; its member is told.\n"


def test_its_member_is_told_once(world: World) -> None:
    voucher = world.issue(member="7", source=members.DISCORD)
    world.scan(world.add_device()[0], token=voucher.token)
    with world.installation.unit_of_work() as session:
        found = members.find(session, world.community_id, members.DISCORD, "7")
        [entry] = session.scalars(select(AuditEntry).where(AuditEntry.kind == "voucher.redeemed"))
        scan = UUID(entry.data["redemption"])
        dispute(session, scan, member_id=found.id, now=clock.now())
    close(world, scan)
    for _ in range(2):
        do_everything(world.installation)
    with world.installation.reading() as session:
        told = select(Notice).where(Notice.kind == "dispute_closed")
        [notice] = session.scalars(told)
    assert (notice.subject, notice.recipient) == (voucher.reference, "7")


def test_the_wallet_has_the_answer_until_it_is_erased(world: World) -> None:
    scan, reference = disputed(world)
    member = wallet_of(world)
    page = member.get(f"/wallet/{reference}").text
    assert "You need to do nothing more" in page
    close(world, scan)
    page = unescape(member.get(f"/wallet/{reference}").text)
    assert f"and wrote: “{DID}”" in page
    assert "An organiser looked at what you had said" in page
    assert "You need to do nothing more" not in page
    with world.installation.unit_of_work() as session:
        session.execute(update(Remark).values(text=None, salt=None))
    page = unescape(member.get(f"/wallet/{reference}").text)
    assert "and wrote" not in page
    assert "looked at it" in page


def test_a_members_export_has_what_they_said_and_were_answered(world: World) -> None:
    scan, reference = disputed(world)
    disputed(world, "2")
    words = ["members", "show", "1", "--json"]

    def exported() -> Any:
        every = command_line(world.installation)
        said = CliRunner().invoke(every, words, obj=world.installation).output
        return json.loads(said)["disputes"]

    [before] = exported()
    assert (before["voucher"], before["closed_at"], before["answer"]) == (reference, None, None)
    close(world, scan)
    [after] = exported()
    assert after["answer"] == DID
    assert after["closed_at"] is not None
