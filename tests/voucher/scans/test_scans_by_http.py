"""`POST /api/v1/scans`: what it answers, and to whom."""

from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from werkzeug.test import TestResponse

from app import clock
from app.communities.models import Station
from app.factory import create_app
from kiosk.devices import pairing
from kiosk.devices.models import Device
from tests.support.installations import World
from voucher.scans.models import Scan
from voucher.scans.scanners import Scanner

SITE = "https://keepsake.example"
SCANS = f"{SITE}/api/v1/scans"


@pytest.fixture
def client(world: World) -> FlaskClient:
    return create_app(world.installation).test_client()


def asked(**request: Any) -> dict[str, Any]:
    now = clock.now().isoformat()
    return {"attempt_id": str(uuid4()), "mode": "redeem", "scanned_at": now, **request}


def post(client: FlaskClient, bearer: str, **request: Any) -> TestResponse:
    headers = {"Authorization": f"Bearer {bearer}"}
    return client.post(SCANS, json=asked(**request), headers=headers)


def post_from_page(client: FlaskClient, **request: Any) -> TestResponse:
    return client.post(SCANS, json=asked(**request), headers={"Origin": SITE})


def pair(world: World, client: FlaskClient, scanner: Scanner, name: str = "") -> None:
    """Gives the device's place to this browser."""
    with world.installation.unit_of_work() as session:
        secret = pairing.renew_pairing(session, scanner.device_id, now=clock.now())
    answer = client.post(
        f"{SITE}/kiosk/pair/{secret}", data={"name": name}, headers={"Origin": SITE}
    )
    assert answer.status_code == 303


def change(world: World, model: Any, **values: Any) -> None:
    with world.installation.unit_of_work() as session:
        session.execute(update(model).values(**values))


def scans_kept(world: World) -> int:
    with world.installation.reading() as session:
        return session.scalar(select(func.count()).select_from(Scan)) or 0


def problem(answer: TestResponse) -> tuple[int, str]:
    assert answer.content_type == "application/problem+json"
    found = answer.get_json()
    assert found["status"] == answer.status_code
    assert found["detail"]
    return answer.status_code, found["title"]


def test_a_redemption_has_all_that_the_contract_names(world: World, client: FlaskClient) -> None:
    scanner, bearer = world.add_device()
    voucher = world.issue(name="Mia Member")
    answer = post(client, bearer, token=voucher.token)
    assert answer.status_code == 200
    told = answer.get_json()
    assert set(told) >= {
        "verdict",
        "live",
        "message",
        "voucher",
        "member",
        "first_redemption",
        "audit_entry",
        "server_time",
        "skew_ms",
        "replayed",
    }
    assert told["verdict"] == "redeemed"
    assert told["voucher"]["reference"] == voucher.reference
    assert told["voucher"]["uses_left"] == 0
    assert told["member"] == {"display_name": "Mia Member"}
    again = post(client, bearer, code=voucher.code)
    assert again.status_code == 200
    first = again.get_json()["first_redemption"]
    assert (first["station"], first["device"]) == ("Pop-up", scanner.device_name)


def test_the_code_of_no_voucher_is_an_answer_and_is_kept(world: World, client: FlaskClient) -> None:
    answer = post(client, world.add_device()[1], token="no token at all")
    assert answer.status_code == 200
    told = answer.get_json()
    assert told["verdict"] == "malformed"
    assert told["voucher"] is told["member"] is None
    assert scans_kept(world) == 1


def test_an_attempt_that_asks_for_something_else_is_a_conflict(
    world: World, client: FlaskClient
) -> None:
    _, bearer = world.add_device()
    attempt, token = str(uuid4()), world.issue().token
    assert post(client, bearer, attempt_id=attempt, token=token).status_code == 200
    other = post(client, bearer, attempt_id=attempt, token=token, mode="check")
    assert problem(other) == (409, "attempt_differs")


@pytest.mark.parametrize("bearer", ["", "nobody's", "\N{SNOWMAN}".encode().decode("latin-1")])
def test_an_unknown_bearer_is_not_signed_in(world: World, client: FlaskClient, bearer: str) -> None:
    assert problem(post(client, bearer, token=world.issue().token)) == (401, "not_signed_in")
    assert scans_kept(world) == 0


def test_a_cookie_is_no_bearer_and_a_bearer_no_cookie(world: World, client: FlaskClient) -> None:
    scanner, bearer = world.add_device()
    pair(world, client, scanner)
    cookie = client.get_cookie("keepsake_device", domain="keepsake.example", path="/")
    assert cookie is not None
    assert post_from_page(client, token=world.issue().token).status_code == 200
    fresh = create_app(world.installation).test_client()
    assert post(fresh, cookie.value, token=world.issue().token).status_code == 401
    assert post(fresh, bearer, token=world.issue().token).status_code == 200
    fresh.set_cookie("keepsake_device", bearer, domain="keepsake.example")
    assert post_from_page(fresh, token=world.issue().token).status_code == 401


def test_a_device_is_named_by_what_can_be_shown(world: World, client: FlaskClient) -> None:
    scanner, _ = world.add_device()
    pair(world, client, scanner, name=" Till\0 2\n")
    told = client.get(f"{SITE}/kiosk/status").get_json()
    assert told["device"]["name"] == "Till 2"


def test_a_browsers_write_must_come_from_our_page(world: World, client: FlaskClient) -> None:
    pair(world, client, world.add_device()[0])
    foreign = client.post(SCANS, json=asked(), headers={"Origin": "https://evil.example"})
    assert problem(foreign) == (403, "foreign_origin")


def test_a_device_that_was_known_and_is_revoked_scans_no_more(
    world: World, client: FlaskClient
) -> None:
    _, bearer = world.add_device()
    assert post(client, bearer, token=world.issue().token).status_code == 200
    change(world, Device, revoked_at=clock.now())
    for mode in ("redeem", "check"):
        refused = post(client, bearer, token=world.issue().token, mode=mode)
        assert problem(refused) == (401, "not_signed_in")
    assert scans_kept(world) == 1


def test_a_browser_that_was_known_and_lost_its_place_scans_no_more(
    world: World, client: FlaskClient
) -> None:
    scanner, _ = world.add_device()
    pair(world, client, scanner)
    assert post_from_page(client, token=world.issue().token).status_code == 200
    other = create_app(world.installation).test_client()
    pair(world, other, scanner)
    assert problem(post_from_page(client, token=world.issue().token)) == (401, "not_signed_in")
    assert post_from_page(other, token=world.issue().token).status_code == 200


def test_a_station_that_the_programme_no_longer_has_redeems_nothing(
    world: World, client: FlaskClient
) -> None:
    _, bearer = world.add_device()
    assert post(client, bearer, token=world.issue().token).status_code == 200
    change(world, Station, withdrawn_at=clock.now())
    refused = post(client, bearer, token=world.issue().token)
    assert problem(refused) == (403, "not_allowed")
    assert "Pop-up" in refused.get_json()["detail"]
    assert scans_kept(world) == 1


def test_a_station_that_was_renamed_is_named_as_it_is_now(
    world: World, client: FlaskClient
) -> None:
    _, bearer = world.add_device()
    voucher = world.issue()
    assert post(client, bearer, token=voucher.token, mode="check").status_code == 200
    change(world, Station, name="New hall")
    assert post(client, bearer, token=voucher.token).status_code == 200
    assert "New hall" in post(client, bearer, token=voucher.token).get_json()["message"]


@pytest.mark.parametrize(
    "request_",
    [
        {},
        {"token": "x", "code": "y"},
        {"token": "x", "mode": "eat"},
        {"code": "y", "extra": 1},
        {"code": "y", "operator": "a\0"},
        {"code": "y", "scanned_at": "0001-01-01T00:00:00+14:00"},
        {"code": "y", "scanned_at": "9999-12-31T23:59:59-14:00"},
        {"code": "y", "scanned_at": "2026-11-25T12:00:00"},
    ],
)
def test_what_cannot_be_judged_names_the_key(
    world: World, client: FlaskClient, request_: dict[str, Any]
) -> None:
    refused = post(client, world.add_device()[1], **request_)
    assert problem(refused) == (422, "unprocessable_scan")


def test_no_json_at_all_cannot_be_judged(world: World, client: FlaskClient) -> None:
    headers = {"Authorization": f"Bearer {world.add_device()[1]}"}
    for body in (b"", b"{", b"[]", b"null", b"[" * 200_000):
        assert problem(client.post(SCANS, data=body, headers=headers)) == (422, "bad_request")


def test_a_used_pairing_link_leads_a_paired_browser_to_the_kiosk(
    world: World, client: FlaskClient
) -> None:
    scanner, _ = world.add_device()
    with world.installation.unit_of_work() as session:
        secret = pairing.renew_pairing(session, scanner.device_id, now=clock.now())
    address = f"{SITE}/kiosk/pair/{secret}"
    assert client.post(address, headers={"Origin": SITE}).status_code == 303
    page = client.get(address)
    assert page.status_code == 200
    assert "This browser is paired with Pop-up" in page.text
    stranger = create_app(world.installation).test_client()
    assert "does not work any more" in stranger.get(address).text
