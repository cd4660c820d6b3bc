"""A lost phone: whoever has it sees no new code, as other browsers are signed out with it."""

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from app import clock, http
from app.access import doors
from app.access.doors import MEMBERS, LinkSpent
from app.audit.models import AuditEntry
from app.cli import command_line
from tests.support.installations import World
from tests.support.interleaving import one_after_the_other
from tests.support.pages import Visitor
from tests.voucher.wallet.conftest import link_for, wallet_of
from voucher.ledger.issuance.issuing import Issued


@pytest.fixture
def issued(world: World) -> Issued:
    return world.issue("drinks")


@pytest.fixture
def own(world: World, issued: Issued) -> Visitor:
    return wallet_of(world)


@pytest.fixture
def lost(world: World, issued: Issued) -> Visitor:
    return wallet_of(world)


def is_open(browser: Visitor) -> bool:
    return browser.get("/wallet/").status_code == 200


def closed(world: World) -> list[tuple[str, int]]:
    with world.installation.reading() as session:
        every = select(AuditEntry).where(AuditEntry.kind == "wallet.closed")
        return [(one.actor, one.data["browsers"]) for one in session.scalars(every)]


def command(world: World, *arguments: str) -> Result:
    every = command_line(world.installation)
    return CliRunner().invoke(every, ["wallet", "sign-out", *arguments], obj=world.installation)


def test_whoever_has_the_lost_phone_does_not_see_the_new_code(
    world: World, own: Visitor, lost: Visitor, issued: Issued
) -> None:
    world.issue(member="2")
    others = wallet_of(world, "2")
    new = own.post(f"/wallet/{issued.reference}/reissue").location
    assert new is not None
    assert own.get(new).status_code == 200
    assert lost.get(new).status_code == 401
    assert lost.get("/wallet/").headers["Keepsake-Wallet"] == "none"
    assert is_open(others)
    assert closed(world) == [("member:1", 1)]


def test_a_link_from_before_the_reissue_opens_nothing(
    world: World, own: Visitor, issued: Issued, visitor: Visitor
) -> None:
    link = link_for(world)
    own.post(f"/wallet/{issued.reference}/reissue")
    assert visitor.post(link).status_code == 410
    assert visitor.post(link_for(world)).status_code == 303


def test_a_reissue_that_is_refused_signs_nobody_out(
    own: Visitor, lost: Visitor, issued: Issued, world: World
) -> None:
    world.scan(world.add_device()[0], mode="hold", token=issued.token)
    refused = own.post(f"/wallet/{issued.reference}/reissue")
    assert refused.status_code == 409
    assert "is being handed out just now" in refused.text
    assert is_open(lost)


def test_a_member_signs_out_everywhere_else_and_reads_that_it_happened(
    world: World, own: Visitor, lost: Visitor, visitor: Visitor
) -> None:
    link = link_for(world)
    assert "Sign out everywhere else" in own.get("/wallet/").text
    said = own.post("/wallet/sign-out-elsewhere")
    assert "1 other browser was signed out." in said.text
    assert (is_open(own), is_open(lost)) == (True, False)
    assert visitor.post(link).status_code == 410
    assert "No other browser was signed in." in own.post("/wallet/sign-out-elsewhere").text


def test_another_sites_page_signs_nobody_out(own: Visitor, lost: Visitor) -> None:
    answer = own.post("/wallet/sign-out-elsewhere", origin="https://evil.example")
    assert answer.status_code == 403
    assert is_open(lost)


@pytest.mark.parametrize("by", ["reference", "member"])
def test_an_organiser_signs_a_member_out_everywhere(
    world: World, own: Visitor, lost: Visitor, issued: Issued, by: str
) -> None:
    link = link_for(world)
    said = command(world, issued.reference.lower() if by == "reference" else "1", "--json")
    assert json.loads(said.output) == {"member": "Member …1", "browsers": 2}
    assert not is_open(own)
    assert not is_open(lost)
    assert Visitor(world.installation).post(link).status_code == 410
    assert closed(world) == [("system:command-line", 2)]
    again = command(world, "1").output
    assert again.startswith("Member …1 is signed out in 0 browsers.")


@pytest.mark.parametrize("named", ["V-NOSUCHONE", "robin"])
def test_whom_nobody_knows_is_told(world: World, issued: Issued, named: str) -> None:
    said = command(world, named)
    assert said.exit_code != 0
    assert closed(world) == []


def test_a_session_that_ended_by_itself_is_not_counted(world: World, own: Visitor) -> None:
    with clock.standing_at(clock.now() + timedelta(days=91)):
        assert json.loads(command(world, "1", "--json").output)["browsers"] == 0


def test_a_link_that_is_used_at_the_same_moment_opens_nothing_for_long(
    world: World, issued: Issued
) -> None:
    now = clock.now()
    with world.installation.unit_of_work() as session:
        secret = doors.new_link(session, MEMBERS, 1, now=now)
    cookie, browsers = one_after_the_other(
        world.installation,
        lambda session: doors.use_link(session, MEMBERS, secret, now=now),
        lambda session: doors.end_all(session, MEMBERS, 1, now=now),
    )
    assert browsers == 1
    with world.installation.reading() as session:
        assert doors.holder_of(session, MEMBERS, cookie, now=now) is None


def test_a_link_that_waits_for_the_signing_out_opens_nothing(world: World, issued: Issued) -> None:
    now = clock.now()
    with world.installation.unit_of_work() as session:
        secret = doors.new_link(session, MEMBERS, 1, now=now)
    _, spent = one_after_the_other(
        world.installation,
        lambda session: doors.end_all(session, MEMBERS, 1, now=now),
        lambda session: doors.use_link(session, MEMBERS, secret, now=now),
    )
    assert isinstance(spent, LinkSpent)


@pytest.mark.parametrize("deed", ["live", "reissue", "sign-out-elsewhere"])
def test_what_was_let_in_before_it_was_signed_out_is_not_done(
    world: World, monkeypatch: pytest.MonkeyPatch, deed: str
) -> None:
    issued = world.issue("backstage")
    own, lost = wallet_of(world), wallet_of(world)
    admit = http._admit

    def ended_just_then(admission: http.Admission) -> None:
        admit(admission)
        monkeypatch.setattr(http, "_admit", admit)
        assert own.post("/wallet/sign-out-elsewhere").status_code == 200

    monkeypatch.setattr(http, "_admit", ended_just_then)
    if deed == "live":
        assert lost.get(f"/wallet/{issued.reference}/live").status_code == 401
    elif deed == "reissue":
        assert lost.post(f"/wallet/{issued.reference}/reissue").status_code == 401
    else:
        assert lost.post("/wallet/sign-out-elsewhere").status_code == 401
    assert is_open(own)
    assert "Ready to show" in own.get(f"/wallet/{issued.reference}").text
