"""A pickup desk by HTTP, and orders that lie there."""

import json
from datetime import datetime
from typing import Any
from uuid import uuid4

from flask.testing import FlaskClient
from sqlalchemy import select

from app import clock
from app.actor import COMMAND_LINE
from app.clock import as_text
from app.factory import create_app
from app.installation import Installation
from app.jobs.loop import do_due
from fulfilment.orders.models import FulfilmentOrder
from fulfilment.webhooks.models import WebhookEndpoint, WebhookMessage
from fulfilment.webhooks.signing import sign
from kiosk.devices import permitting, scanners
from tests.fulfilment.conftest import PROGRAMME
from tests.support.installations import World
from voucher.ledger.issuance.issuing import Issued

PICKUPS = (
    PROGRAMME
    + """
[stations.other]
name = "Other place"

[perks.pack]
name = "Welcome pack"
kind = "pickup"
uses = 6
partner = "pinworks"
contents = [
  { item = "Poster", variant = "A2" },
  { item = "Sticker", quantity = 2 },
]

[perks.trophy]
name = "Trophy"
kind = "pickup"
partner = "pinworks"
identity = true
"""
)
SITE = "http://127.0.0.1:8000"


class PickupDesk:
    """A device that may hand out orders, at a station; and what partners and members do there."""

    def __init__(self, installation: Installation, station: str = "popup", *more: str):
        self.world = World(installation)
        self.installation = installation
        self.scanner, self.bearer = self.world.add_device(station, f"Shelf of {station}")
        self.allow("pickup", "undo", "redeem", *more)
        self.client: FlaskClient = create_app(installation).test_client()

    def allow(self, *may: str) -> None:
        with self.installation.unit_of_work() as session:
            how: dict[str, Any] = {"actor": COMMAND_LINE, "now": clock.now()}
            permitting.allow(session, self.world.community_id, self.scanner.device_id, may, **how)
        with self.installation.reading() as session:
            found = scanners.by_id(session, self.scanner.device_id)
        assert found is not None
        self.scanner = found

    def get(self, **query: str) -> tuple[int, dict[str, Any]]:
        headers = {"Authorization": f"Bearer {self.bearer}"}
        answer = self.client.get(SITE + "/api/v1/pickups", query_string=query, headers=headers)
        return answer.status_code, answer.get_json()

    def numbers(self, **query: str) -> list[str]:
        return [one["number"] for one in self.get(**query)[1]["orders"]]

    def post(self, path: str, **body: Any) -> tuple[int, dict[str, Any]]:
        headers = {"Authorization": f"Bearer {self.bearer}"}
        answer = self.client.post(SITE + f"/api/v1/pickups/{path}", json=body, headers=headers)
        return answer.status_code, answer.get_json()

    def do(self, order: str, deed: str, **body: Any) -> str:
        """The state that a deed leads to, or what kept it from that."""
        body.setdefault("attempt_id", str(uuid4()))
        status, answer = self.post(f"{order}/{deed}", **body)
        return str(answer["order"]["state"] if status == 200 else answer["title"])

    def order(
        self, perk: str = "pack", uses: int = 1, name: str = "Mia Member", member: str = "7"
    ) -> tuple[str, Issued]:
        """The id of an order that was made by a redemption here, and its voucher."""
        issued = self.world.issue(perk, member=member, name=name)
        more: dict[str, Any] = {"identity_confirmed": True} if perk == "trophy" else {}
        answer = self.world.scan(self.scanner, code=issued.code, uses=uses, **more)
        assert answer["verdict"] == "redeemed"
        work(self.installation)
        with self.installation.reading() as session:
            newest = select(FulfilmentOrder.id).order_by(FulfilmentOrder.id.desc()).limit(1)
            return session.scalars(newest).one(), issued

    def ready(self, shelf: str = "B2", **how: Any) -> tuple[str, Issued]:
        """As `order()`, and its partner brought it."""
        order, issued = self.order(**how)
        status, _ = self.report(order, shelf=shelf)
        assert status == 200
        return order, issued

    def report(
        self,
        order: str,
        message_id: str | None = None,
        key: str = "pinworks",
        at: datetime | None = None,
        **data: Any,
    ) -> tuple[int, dict[str, Any]]:
        """The partner reports an order ready, which it was at `at`."""
        now = clock.now()
        told = {"order_id": order, **data}
        said = {"type": "order.ready", "timestamp": as_text(at or now), "data": told}
        body = json.dumps(said).encode()
        headers = sign(self.secret, message_id or f"rep_{uuid4()}", body, at=now)
        path = f"{SITE}/api/v1/partners/{key}/events"
        answer = self.client.post(path, data=body, headers=headers)
        return answer.status_code, answer.get_json()

    @property
    def secret(self) -> str:
        with self.installation.reading() as session:
            return session.scalars(select(WebhookEndpoint.secret)).one()

    def messages(self, order: str) -> list[dict[str, Any]]:
        """What the partner is told of an order, in order."""
        work(self.installation)
        with self.installation.reading() as session:
            rows = (
                select(WebhookMessage.body)
                .where(WebhookMessage.order_id == order)
                .order_by(WebhookMessage.created_at, WebhookMessage.id)
            )
            return [json.loads(body) for body in session.scalars(rows)]


def work(installation: Installation) -> None:
    """Does all that follows, but for deliveries."""
    while do_due(installation, "worker"):
        pass
