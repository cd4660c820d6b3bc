"""What the wallet says of a voucher that ended, and a new one by its button."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from app import clock
from app.actor import COMMAND_LINE
from tests.support.installations import NOON, PROGRAMME, World, world_of
from tests.support.pages import Visitor
from tests.voucher.wallet.conftest import wallet_of
from voucher.ledger.changes import renewing
from voucher.ledger.finding import by_reference
from voucher.ledger.issuance.issuing import Issued

LATER = NOON + timedelta(hours=80)
MORE = """
[perks.second]
name = "Second chance"
missed = "renew"

[perks.gone]
name = "Gone"
missed = "lost"
"""


world = world_of(PROGRAMME + MORE)


def seen(world: World, path: str, member: str = "1", now: datetime = LATER) -> Any:
    with clock.standing_at(now):
        return wallet_of(world, member).get(path)


def press(world: World, reference: str, member: str = "1", now: datetime = LATER) -> Any:
    with clock.standing_at(now):
        return wallet_of(world, member).post(f"/wallet/{reference}/renew")


@pytest.fixture
def missed(world: World) -> Issued:
    return world.issue("second", now=NOON)


@pytest.mark.parametrize(
    ("perk", "said", "offered"),
    [
        ("second", "You can still have it", True),
        ("pin", "they can give you more time", False),
        ("gone", "nothing is handed over for it any more", False),
    ],
)
def test_what_ended_says_what_its_perk_offers(
    world: World, perk: str, said: str, offered: bool
) -> None:
    voucher = world.issue(perk, now=NOON)
    page = seen(world, f"/wallet/{voucher.reference}").text
    assert said in page
    assert (f'action="/wallet/{voucher.reference}/renew"' in page) is offered
    assert ("Get a new one" in seen(world, "/wallet/").text) is offered
    assert said not in seen(world, f"/wallet/{voucher.reference}", now=NOON).text


def test_a_member_gets_a_new_one_and_a_second_press_leads_to_it(
    world: World, missed: Issued
) -> None:
    first, second = press(world, missed.reference), press(world, missed.reference)
    assert (first.status_code, first.location) == (303, second.location)
    new = str(first.location).removeprefix("/wallet/")
    with world.installation.reading() as session:
        held = by_reference(session, world.community_id, new)
    assert held.voucher.cause == f"renewal:{missed.reference}"
    assert held.state(LATER) == "active"
    old = seen(world, f"/wallet/{missed.reference}").text
    assert f'<a href="/wallet/{new}">show {new}</a>' in old
    assert f"It had ended: {new} is in its place" in old
    assert f"Issued to you in place of {missed.reference}" in seen(world, f"/wallet/{new}").text


def test_a_renewal_by_an_organiser_is_found_as_well(world: World) -> None:
    voucher = world.issue(now=NOON)
    with clock.standing_at(LATER), world.installation.unit_of_work() as session:
        old = by_reference(session, world.community_id, voucher.reference).voucher
        new = renewing.renew(session, old, actor=COMMAND_LINE, now=LATER, reason="ill")
    assert f"show {new.reference}" in seen(world, f"/wallet/{voucher.reference}").text


def test_a_renewed_one_that_ended_again_offers_nothing(world: World, missed: Issued) -> None:
    new = str(press(world, missed.reference).location)
    again = LATER + timedelta(hours=80)
    page = seen(world, new, now=again).text
    assert "It was a second chance already" in page
    assert "Get a new one" not in page
    refused = press(world, new.removeprefix("/wallet/"), now=again)
    assert (refused.status_code, "done once" in refused.text) == (409, True)


def test_nobody_gets_anothers(world: World, missed: Issued) -> None:
    world.issue(member="2", now=NOON)
    assert press(world, missed.reference, member="2").status_code == 404
    with clock.standing_at(LATER):
        own = wallet_of(world)
        elsewhere = own.post(f"/wallet/{missed.reference}/renew", origin="https://evil.example")
    assert elsewhere.status_code == 403
    with world.installation.reading() as session:
        held = by_reference(session, world.community_id, missed.reference)
    assert held.voucher.standing == "open"


def test_who_is_in_no_wallet_is_told_how_to_come_in(world: World, missed: Issued) -> None:
    assert Visitor(world.installation).post(f"/wallet/{missed.reference}/renew").status_code == 401
