"""The page under a QR's address: the record's window, and nothing of the member."""

from datetime import UTC, datetime, timedelta
from typing import Any

from app import clock
from app.actor import COMMAND_LINE
from tests.support.installations import World
from tests.support.pages import Visitor
from tests.voucher.wallet.conftest import wallet_of
from voucher.ledger.changes import extending
from voucher.ledger.finding import by_reference
from voucher.ledger.issuance.issuing import Issued

START = datetime(2026, 11, 25, 12, tzinfo=UTC)


def extend(world: World, issued: Issued) -> None:
    with world.installation.unit_of_work() as session:
        voucher = by_reference(session, world.community_id, issued.reference).voucher
        how: dict[str, Any] = {"reason": "rain", "actor": COMMAND_LINE, "now": START}
        extending.extend(session, voucher, until=issued.valid_until + timedelta(hours=6), **how)


def test_an_extended_voucher_shows_its_new_end(world: World, visitor: Visitor) -> None:
    issued = world.issue(now=START)
    assert "28 Nov 2026, 13:00" in visitor.get(f"/V/{issued.token}").text
    extend(world, issued)
    page = visitor.get(f"/V/{issued.token}").text
    assert "28 Nov 2026, 19:00" in page
    assert "28 Nov 2026, 13:00" not in page


def test_a_live_codes_page_shows_the_vouchers_window_and_not_its_minute(
    world: World, visitor: Visitor
) -> None:
    issued = world.issue("backstage", now=START)
    with clock.standing_at(START):
        token = wallet_of(world).get(f"/wallet/{issued.reference}/live").get_json()["tokens"][4]
    page = visitor.get(f"/V/{token}").text
    assert "25 Nov 2026, 13:00" in page and "28 Nov 2026, 13:00" in page


def test_it_says_the_same_whether_it_was_used_or_not(world: World, visitor: Visitor) -> None:
    issued = world.issue(name="Robin Reader")
    before = visitor.get(f"/V/{issued.token}").text
    world.scan(world.add_device()[0], token=issued.token)
    assert visitor.get(f"/V/{issued.token}").text == before
    assert "Robin" not in before and issued.reference not in before and issued.code not in before
