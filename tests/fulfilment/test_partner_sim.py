"""The demo's partner verifies what it gets, keeps it once, and shows it."""

import json
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from app import clock
from app.factory import create_app
from app.installation import Installation
from app.jobs.loop import do_due
from app.worker import do_everything
from fulfilment.partner_sim.models import PartnerSimDelivery
from fulfilment.partner_sim.reporting import shelf_of
from fulfilment.webhooks.models import WebhookAttempt, WebhookEndpoint
from fulfilment.webhooks.signing import SIGNATURE, new_secret, sign
from tests.fulfilment.conftest import Redeem
from tests.fulfilment.pickup_desks import PICKUPS, PickupDesk
from tests.support.accessible import fits
from tests.support.browser import open_browser

ADDRESS = "/demo/partner/webhooks"
START = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)


@pytest.fixture
def programme() -> str:
    return PICKUPS


@pytest.fixture
def webhook_url() -> str:
    return "{public_url}" + ADDRESS


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as found:
        yield found


@pytest.fixture
def public_url(listening: socket.socket) -> str:
    return f"http://127.0.0.1:{listening.getsockname()[1]}"


@pytest.fixture
def client(installation: Installation) -> FlaskClient:
    return create_app(installation).test_client()


@pytest.fixture
def site(installation: Installation, listening: socket.socket) -> Iterator[str]:
    """The site on a port of its own, as people and webhooks reach it."""
    app = create_app(installation)
    server = make_server("127.0.0.1", 0, app, threaded=True, fd=listening.fileno())
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield installation.settings.public_url
    server.shutdown()
    thread.join()
    server.server_close()


def message(**data: Any) -> bytes:
    told = {
        "order_id": "ful_1",
        "voucher": "V-7KQ2M9XD",
        "perk": {"key": "pin", "name": "Pin"},
        "station": "popup",
        "state": "requested",
        "created_at": "2026-11-24T14:00:00Z",
    }
    body = {"type": "order.created", "timestamp": "2026-11-24T14:00:00Z", "data": told | data}
    return json.dumps(body).encode()


def secret(installation: Installation) -> str:
    with installation.reading() as session:
        return session.scalars(select(WebhookEndpoint.secret)).one()


def received(installation: Installation) -> list[PartnerSimDelivery]:
    with installation.reading() as session:
        return list(session.scalars(select(PartnerSimDelivery)))


def bring(
    client: FlaskClient, key: str, body: bytes, at: datetime = START, message_id: str = "msg_1"
) -> TestResponse:
    headers = sign(key, message_id, body, at=at)
    with clock.standing_at(START):
        return client.post(ADDRESS, data=body, headers=headers)


def test_a_signed_message_is_kept(installation: Installation, client: FlaskClient) -> None:
    assert bring(client, secret(installation), message()).status_code == 204
    [kept] = received(installation)
    assert (kept.webhook_id, kept.partner, kept.duplicates) == ("msg_1", "Pinworks", 0)
    assert kept.webhook_timestamp == START.timestamp()
    assert kept.body.encode() == message()


def test_a_repeat_is_counted_and_not_kept_twice(
    installation: Installation, client: FlaskClient
) -> None:
    key = secret(installation)
    for _ in range(3):
        assert bring(client, key, message()).status_code == 204
    [kept] = received(installation)
    assert kept.duplicates == 2
    assert "Came 2 more times" in client.get("/demo/partner").text


def refused(answer: TestResponse) -> bool:
    assert answer.content_type == "application/problem+json"
    return (answer.status_code, answer.get_json()["title"]) == (401, "bad_signature")


def test_a_broken_signature_is_refused(installation: Installation, client: FlaskClient) -> None:
    assert refused(bring(client, new_secret(), message()))
    headers = sign(secret(installation), "msg_1", message(), at=START)
    with clock.standing_at(START):
        assert refused(client.post(ADDRESS, data=message(state="ready"), headers=headers))
        assert refused(client.post(ADDRESS, data=message(), headers=headers | {SIGNATURE: "v1"}))
        assert refused(client.post(ADDRESS, data=message()))
    assert received(installation) == []


def test_an_expired_signature_is_refused(installation: Installation, client: FlaskClient) -> None:
    late = START - timedelta(minutes=5, seconds=1)
    assert refused(bring(client, secret(installation), message(), at=late))
    assert received(installation) == []


@pytest.mark.parametrize("body", [b"", b"[]", b"\xff", b'{"type": "ping"}', message(perk="pin")])
def test_a_signed_message_that_is_none_is_refused(
    installation: Installation, client: FlaskClient, body: bytes
) -> None:
    assert bring(client, secret(installation), body).status_code == 400
    assert received(installation) == []
    assert client.get("/demo/partner").status_code == 200


def test_the_newest_stands_first_and_markup_is_only_text(
    installation: Installation, client: FlaskClient
) -> None:
    key = secret(installation)
    bring(client, key, message(perk={"key": "pin", "name": "<b>First</b>"}))
    bring(client, key, message(perk={"key": "pin", "name": "Second"}), message_id="msg_2")
    for address in ("/demo/partner", "/demo/partner/deliveries"):
        page = client.get(address).text
        assert page.index("Second</h2>") < page.index("&lt;b&gt;First&lt;/b&gt;</h2>")


class TestOutsideTheDemo:
    @pytest.fixture
    def discord_token(self) -> str:
        return "a token"

    @pytest.mark.parametrize("path", ["", "/", "/deliveries", "/static/partner.js"])
    def test_there_is_no_page(self, client: FlaskClient, path: str) -> None:
        assert client.get(f"/demo/partner{path}").status_code == 404

    def test_there_is_nobody_to_take_a_webhook(
        self, installation: Installation, client: FlaskClient
    ) -> None:
        assert bring(client, secret(installation), message()).status_code == 404

    def test_its_address_is_not_printed(self, installation: Installation) -> None:
        assert "Merch partner" not in addresses(installation)


def addresses(installation: Installation) -> dict[str, str]:
    return dict(pair for told in installation.plugins.addresses for pair in told(installation))


def test_its_address_is_printed_in_the_demo(installation: Installation) -> None:
    told = addresses(installation)["Merch partner"]
    assert told == f"{installation.settings.public_url}/demo/partner"


def test_a_redemption_arrives_at_the_demos_own_partner(
    installation: Installation, site: str, redeem: Redeem
) -> None:
    redemption = redeem()
    do_everything(installation)
    [kept] = received(installation)
    assert json.loads(kept.body)["data"]["redemption"] == str(redemption)
    with installation.reading() as session:
        assert session.scalars(select(WebhookAttempt.status)).all() == [204]


def test_the_demos_partner_brings_what_is_fetched_and_hears_what_became_of_it(
    installation: Installation, site: str
) -> None:
    desk = PickupDesk(installation)
    order, _ = desk.order()
    later = clock.now() + timedelta(seconds=10)
    do_everything(installation)
    with clock.standing_at(later):
        do_everything(installation)
    [found] = desk.get()[1]["orders"]
    assert found["lines"][0]["shelf"] == shelf_of(order)
    assert desk.do(order, "collect") == "collected"
    with clock.standing_at(later):
        do_everything(installation)
    told = [json.loads(one.body)["type"] for one in received(installation)]
    assert sorted(told) == ["order.collected", "order.created", "order.ready"]
    assert "handed over" in create_app(installation).test_client().get("/demo/partner").text


def test_the_page_renews_itself_and_keeps_what_was_opened(
    installation: Installation, site: str, redeem: Redeem
) -> None:
    with open_browser() as browser:
        page = browser.new_page(viewport={"width": 360, "height": 740})
        complaints: list[str] = []
        page.on("console", lambda told: complaints.append(told.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{site}/demo/partner")
        page.get_by_text("Nothing yet.").wait_for()
        for count in (1, 2):
            redeem()
            while do_due(installation, "worker") + do_due(installation, "webhooks"):
                pass
            page.locator(f"article:nth-of-type({count})").wait_for(timeout=10_000)
            if count == 1:
                page.get_by_text("The message as it arrived").click()
        assert page.locator("article details[open]").count() == 1
        assert page.locator("article:nth-of-type(2) details[open]").count() == 1
        assert page.get_by_text("Nothing yet.").count() == 0
        assert fits(page)
        assert complaints == []
