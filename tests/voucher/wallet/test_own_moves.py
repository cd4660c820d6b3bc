"""What a member does by themselves: a new code, and “this was not me”."""

import re

import pytest
from sqlalchemy import select

from app import clock
from app.audit.models import AuditEntry
from app.communities import members, zones
from app.console.panels import filled
from tests.support.installations import World
from tests.support.pages import Visitor
from tests.voucher.wallet.conftest import wallet_of
from voucher.ledger.finding import by_reference
from voucher.ledger.issuance.issuing import Issued
from voucher.scans.disputes.panel import DISPUTES
from voucher.scans.models import Dispute


@pytest.fixture
def issued(world: World) -> Issued:
    return world.issue("drinks")


@pytest.fixture
def member(world: World, issued: Issued) -> Visitor:
    return wallet_of(world)


def facts(world: World, kind: str) -> list[AuditEntry]:
    with world.installation.reading() as session:
        return list(session.scalars(select(AuditEntry).where(AuditEntry.kind == kind)))


def replace(member: Visitor, reference: str) -> str:
    answer = member.post(f"/wallet/{reference}/reissue")
    assert answer.status_code == 303
    assert answer.location is not None
    return answer.location.removeprefix("/wallet/")


def test_a_replaced_code_stops_working_and_the_new_one_works(
    world: World, member: Visitor, issued: Issued
) -> None:
    new = replace(member, issued.reference)
    scanner, _ = world.add_device()
    assert world.scan(scanner, token=issued.token)["verdict"] == "superseded"
    with world.installation.reading() as session:
        found = by_reference(session, world.community_id, new).voucher
    assert (found.valid_until, found.uses) == (issued.valid_until, 3)
    assert world.scan(scanner, token=found.token)["verdict"] == "redeemed"
    [fact] = facts(world, "voucher.superseded")
    assert fact.actor == "member:1"
    assert f'href="/wallet/{new}"' in member.get(f"/wallet/{issued.reference}").text


def test_a_second_press_leads_to_the_same_new_one(
    world: World, member: Visitor, issued: Issued
) -> None:
    assert replace(member, issued.reference) == replace(member, issued.reference)
    assert len(facts(world, "voucher.superseded")) == 1


def test_after_three_times_an_organiser_is_asked(
    world: World, member: Visitor, issued: Issued
) -> None:
    reference = issued.reference
    for _ in range(3):
        assert "Replace the code now" in member.get(f"/wallet/{reference}").text
        reference = replace(member, reference)
    assert "Replace the code now" not in member.get(f"/wallet/{reference}").text
    refused = member.post(f"/wallet/{reference}/reissue")
    assert refused.status_code == 409
    assert "Ask an organiser" in refused.text
    assert len(facts(world, "voucher.superseded")) == 3


def test_another_sites_page_replaces_and_disputes_nothing(
    world: World, member: Visitor, issued: Issued
) -> None:
    world.scan(world.add_device()[0], token=issued.token)
    for move in ("reissue", "dispute"):
        answer = member.post(f"/wallet/{issued.reference}/{move}", origin="https://evil.example")
        assert answer.status_code == 403
    assert facts(world, "voucher.superseded") == facts(world, "voucher.disputed") == []


def redemption_on(page: str) -> str:
    found = re.search(r'name="redemption" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def test_a_dispute_reaches_organisers_once_and_its_member_is_told_what_follows(
    world: World, member: Visitor, issued: Issued
) -> None:
    world.scan(world.add_device()[0], token=issued.token)
    address = f"/wallet/{issued.reference}"
    redemption = redemption_on(member.get(address).text)
    for _ in range(2):
        assert member.post(f"{address}/dispute", redemption=redemption).status_code == 303
    page = member.get(address).text
    assert "that this was not you" in page
    assert 'name="redemption"' not in page
    [fact] = facts(world, "voucher.disputed")
    assert (fact.actor, fact.data["redemption"]) == ("member:1", redemption)
    with world.installation.reading() as session:
        assert len(session.scalars(select(Dispute)).all()) == 1
        [shown] = filled(session, [DISPUTES], world.community_id, clock.now())
    [told] = shown.content["open"]
    assert (told.reference, told.station) == (issued.reference, "Pop-up")
    console = Visitor(world.installation).sign_in().get("/console").text
    assert issued.reference in console.split('id="panel-disputes"')[1]
    assert issued.code not in console


def test_only_a_redemption_of_this_voucher_can_be_disputed(
    world: World, member: Visitor, issued: Issued
) -> None:
    other = world.issue("drinks", member="2")
    scanner, _ = world.add_device()
    world.scan(scanner, token=other.token)
    [theirs] = facts(world, "voucher.redeemed")
    for named in (theirs.data["redemption"], "00000000-0000-7000-8000-000000000000", "x", ""):
        answer = member.post(f"/wallet/{issued.reference}/dispute", redemption=named)
        assert answer.status_code == 404
    assert facts(world, "voucher.disputed") == []


def test_the_phones_zone_is_kept_and_told_and_nothing_else_is_taken_for_one(world: World) -> None:
    world.issue(name="Robin")
    browser = wallet_of(world)
    assert "at night" not in browser.get("/wallet/").text
    for odd in ("", "Mars/Olympus", "../../etc/passwd", "Europe/Berlin\x00", "x" * 65):
        assert browser.post("/wallet/zone", zone=odd).status_code == 422
    assert browser.post("/wallet/zone", zone="America/New_York").status_code == 204
    page = browser.get("/wallet/").text
    assert "You are not reminded at night in America/New York." in page
    assert 'data-zone="America/New_York"' in page
    with world.installation.reading() as session:
        member = members.find(session, world.community_id, "sample", "1")
        assert zones.nights_of(session, member.id) == ("22:00-08:00", "America/New_York")
        assert world.installation.plugins.member_parts["timezone"](session, member) is not None
