"""Live codes: minted ahead, inside the voucher's window, for its member, and no longer."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app import clock
from app.actor import COMMAND_LINE
from app.keyfiles import KeyFileRefused
from tests.support.installations import World
from tests.support.pages import Visitor
from tests.voucher.wallet.conftest import revoke_key, wallet_of
from voucher.keys.keyring import key_set
from voucher.ledger.changes import extending, replacing, withdrawing
from voucher.ledger.finding import by_reference
from voucher.ledger.issuance.issuing import Issued
from voucher.token import Flag, Payload, read
from voucher.token.reading import take_apart
from voucher.wallet import live

START = datetime(2026, 11, 25, 12, 0, 10, tzinfo=UTC)
LIVE = "expired", "An old picture of a live code"


def take(visitor: Visitor, issued: Issued, at: datetime = START) -> Any:
    with clock.standing_at(at):
        answer = visitor.get(f"/wallet/{issued.reference}/live")
    assert answer.headers["Cache-Control"] == "no-store" or answer.status_code != 200
    return answer


def payloads(world: World, batch: dict[str, Any]) -> list[Payload]:
    with world.installation.reading() as session:
        keys = key_set(session)
    return [read(token, keys) for token in batch["tokens"]]


@pytest.fixture
def issued(world: World) -> Issued:
    return world.issue("backstage", now=START)


@pytest.fixture
def member(world: World, issued: Issued) -> Visitor:
    with clock.standing_at(START):
        return wallet_of(world)


def test_there_is_one_for_each_half_minute_of_twelve_hours(
    world: World, member: Visitor, issued: Issued
) -> None:
    batch = take(member, issued).get_json()
    assert (batch["every"], batch["lasts"], len(batch["tokens"])) == (30, 60, 1441)
    assert batch["server_time"] == "2026-11-25T12:00:10Z"
    assert batch["prefix"] == "HTTPS://KEEPSAKE.EXAMPLE/V/"
    made, static = payloads(world, batch), payloads(world, {"tokens": [issued.token]})[0]
    begins = batch["begins"]
    assert begins == int(START.timestamp()) // 30 * 30
    for place, payload in enumerate(made):
        assert payload.valid_from == max(begins + 30 * place, static.valid_from)
        assert payload.valid_until == begins + 30 * place + 60
    same = {(one.voucher, one.perk, one.flags) for one in made}
    assert same == {(static.voucher, static.perk, static.flags | Flag.LIVE)}


def test_none_reaches_past_the_records_window(
    world: World, member: Visitor, issued: Issued
) -> None:
    late = issued.valid_until - timedelta(seconds=100)
    made = payloads(world, take(member, issued, late).get_json())
    assert max(one.valid_until for one in made) == int(issued.valid_until.timestamp())
    assert 3 <= len(made) <= 5
    with world.installation.unit_of_work() as session:
        voucher = by_reference(session, world.community_id, issued.reference).voucher
        until = issued.valid_until + timedelta(hours=1)
        how: dict[str, Any] = {"reason": "rain", "actor": COMMAND_LINE, "now": late}
        extending.extend(session, voucher, until=until, **how)
    assert len(take(member, issued, late).get_json()["tokens"]) > 100


def void(session: Any, voucher: Any, **how: Any) -> None:
    withdrawing.void(session, voucher, **how)


def replace(session: Any, voucher: Any, **how: Any) -> None:
    replacing.reissue(session, voucher, **how)


@pytest.mark.parametrize("end", [void, replace])
def test_there_are_none_after_a_withdrawal_or_a_reissue(
    world: World, member: Visitor, issued: Issued, end: Callable[..., None]
) -> None:
    with world.installation.unit_of_work() as session:
        voucher = by_reference(session, world.community_id, issued.reference).voucher
        end(session, voucher, reason="x", actor=COMMAND_LINE, now=START)
    refused = take(member, issued)
    assert refused.status_code == 409
    assert "tokens" not in refused.text


def test_there_are_none_before_time_and_after_it_or_without_need(
    world: World, member: Visitor, issued: Issued
) -> None:
    assert take(member, issued, issued.valid_until).status_code == 409
    plain = world.issue("pin", now=START)
    assert take(member, plain).status_code == 409


def test_who_is_not_its_member_gets_none(world: World, issued: Issued, visitor: Visitor) -> None:
    world.issue(member="2", now=START)
    assert take(visitor, issued).status_code == 401
    with clock.standing_at(START):
        other = wallet_of(world, "2")
    assert take(other, issued).status_code == 404


def test_who_asks_too_often_waits_some_minutes(member: Visitor, issued: Issued) -> None:
    for _ in range(12):
        assert take(member, issued).status_code == 200
    assert take(member, issued).status_code == 429
    assert take(member, issued, START + timedelta(minutes=10)).status_code == 200


def test_a_live_code_is_redeemed_and_the_card_is_not(
    world: World, member: Visitor, issued: Issued
) -> None:
    scanner, _ = world.add_device()
    token = take(member, issued).get_json()["tokens"][0]
    refused = world.scan(scanner, START, token=issued.token)
    assert (refused["verdict"], refused["live"]) == ("live_required", False)
    told = world.scan(scanner, START, token=token)
    assert (told["verdict"], told["live"]) == ("redeemed", True)


def test_a_picture_of_one_is_called_so_by_the_kiosk(
    world: World, member: Visitor, issued: Issued
) -> None:
    scanner, _ = world.add_device()
    token = take(member, issued).get_json()["tokens"][0]
    told = world.scan(scanner, START + timedelta(seconds=90), token=token)
    assert (told["verdict"], told["live"]) == ("expired", True)
    assert "screenshot" in told["message"]
    early = world.scan(scanner, START - timedelta(seconds=9), token=token)
    assert "not_yet_valid" in early["verdict"]


def test_one_of_a_voucher_whose_time_is_over_is_told_as_that(
    world: World, member: Visitor, issued: Issued
) -> None:
    scanner, _ = world.add_device()
    token = take(member, issued).get_json()["tokens"][0]
    told = world.scan(scanner, issued.valid_until, token=token)
    assert told["verdict"] == "expired"
    assert told["message"].startswith("Too late: it was valid until")


def test_a_code_of_a_later_minute_is_told_as_a_clock_that_is_ahead(
    world: World, member: Visitor, issued: Issued
) -> None:
    scanner, _ = world.add_device()
    token = take(member, issued).get_json()["tokens"][20]
    told = world.scan(scanner, START, token=token)
    assert told["verdict"] == "not_yet_valid"
    assert "clock is ahead" in told["message"]


def test_the_page_shows_no_static_code_as_if_it_were_enough(
    member: Visitor, issued: Issued
) -> None:
    with clock.standing_at(START):
        page = member.get(f"/wallet/{issued.reference}").text
    assert f'data-live="/wallet/{issued.reference}/live"' in page
    assert '<path class="qr-dark" d=""' in page
    assert issued.token not in page
    assert "Staff want to type the code" in page.split(issued.code)[0]


def test_what_is_asked_for_is_counted_before_it_is_minted(
    member: Visitor, issued: Issued, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_given: Any) -> str:
        raise KeyFileRefused("The key is away.")

    with monkeypatch.context() as patched:
        patched.setattr(live, "mint_all", fails)
        for _ in range(12):
            assert take(member, issued).status_code != 200
    assert take(member, issued).status_code == 429


def test_a_batch_and_the_status_name_the_key_that_signed_until_another_does(
    world: World, member: Visitor, issued: Issued
) -> None:
    def status() -> Any:
        with clock.standing_at(START):
            return member.get("/wallet/status").get_json()

    used = world.issue("pin", now=START)
    world.scan(world.add_device()[0], START, token=used.token)
    assert take(member, issued).get_json()["key"] == 1
    assert status() == {"signing": 1, "vouchers": {issued.reference: 1}}
    with clock.standing_at(START):
        revoke_key(world, 1)
    assert status() == {"signing": 2, "vouchers": {issued.reference: 2}}
    batch = take(member, issued).get_json()
    assert batch["key"] == 2
    assert take_apart(batch["tokens"][0]).payload.key == 2
