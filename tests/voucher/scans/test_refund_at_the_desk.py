"""An item was faulty, and its member stands at a desk: a supervisor gives another voucher."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app import clock
from app.audit.models import AuditEntry
from app.factory import create_app
from tests.support.installations import World
from voucher.ledger.models import Voucher
from voucher.scans.scanners import Scanner

SCANS = "https://keepsake.example/api/v1/scans"


class Till:
    """A device, as a script drives it."""

    def __init__(self, client: FlaskClient, scanner: Scanner, bearer: str):
        self.client, self.headers = client, {"Authorization": f"Bearer {bearer}"}
        self.scanner = scanner

    def sign_in(self, world: World, operator: str) -> None:
        """Draws a PIN for somebody, who signs in here with it."""
        world.admit(operator, self.scanner)
        body = {"operator": operator, "pin": world.draw_pin(operator)}
        path = SCANS.replace("scans", "operators/sign-in")
        assert self.client.post(path, json=body, headers=self.headers).status_code == 200

    def scan(self, token: str, **more: Any) -> str:
        """Scans, and returns the attempt's id."""
        attempt = str(uuid4())
        asked = {"attempt_id": attempt, "mode": "redeem", "token": token, **more}
        asked["scanned_at"] = clock.now().isoformat()
        assert self.client.post(SCANS, json=asked, headers=self.headers).status_code == 200
        return attempt

    def refund(self, attempt: str, **more: Any) -> TestResponse:
        body = {"reason": "the clasp is broken", **more}
        return self.client.post(f"{SCANS}/{attempt}/refund", json=body, headers=self.headers)


@pytest.fixture
def client(world: World) -> FlaskClient:
    return create_app(world.installation).test_client()


@pytest.fixture
def till(world: World, client: FlaskClient) -> Till:
    return Till(client, *world.add_device())


@pytest.fixture
def supervisor(world: World) -> str:
    return world.add_operator("Ada", "supervisor")


def vouchers(world: World) -> int:
    with world.installation.reading() as session:
        return session.scalar(select(func.count()).select_from(Voucher)) or 0


def test_a_supervisor_refunds_what_was_redeemed_here(
    world: World, till: Till, supervisor: str
) -> None:
    voucher = world.issue()
    told = till.refund(till.scan(voucher.token), operator=supervisor).get_json()
    assert (told["verdict"], told["owed"]) == ("refunded", None)
    assert told["voucher"] == {"reference": voucher.reference, "uses": 1}
    with world.installation.reading() as session:
        new = session.scalars(select(Voucher).filter_by(reference=told["replacement"])).one()
        entry = session.get_one(AuditEntry, UUID(told["audit_entry"]))
    assert (new.cause, new.uses) == (f"refund:{voucher.reference}", 1)
    assert (entry.kind, entry.actor) == ("voucher.refunded", f"operator:{supervisor}")
    assert "clasp" not in str(entry.data)
    assert new.token not in str(told)


def test_it_is_enough_to_show_it_again_wherever_it_was_redeemed(
    world: World, client: FlaskClient, till: Till, supervisor: str
) -> None:
    voucher = world.issue()
    till.scan(voucher.token)
    other = Till(client, *world.add_device("other", "Desk"))
    other.sign_in(world, supervisor)
    told = other.refund(other.scan(voucher.token), operator=supervisor).get_json()
    assert told["scanned_by"] == {"station": "Other place", "device": "Desk", "operator": "Ada"}
    assert vouchers(world) == 2


def test_asked_again_it_answers_the_same_and_gives_nothing_twice(
    world: World, till: Till, supervisor: str
) -> None:
    attempt = till.scan(world.issue().token)
    first = till.refund(attempt, operator=supervisor).get_json()
    again = till.refund(attempt, operator=supervisor, reason="once more").get_json()
    assert again == {**first, "replayed": True}
    assert vouchers(world) == 2


def test_another_attempt_about_it_gives_nothing_twice(
    world: World, till: Till, supervisor: str
) -> None:
    voucher = world.issue()
    first, second = till.scan(voucher.token), till.scan(voucher.token)
    till.refund(first, operator=supervisor)
    till.sign_in(world, supervisor)
    refused = till.refund(second, operator=supervisor)
    assert (refused.status_code, refused.get_json()["title"]) == (409, "move_refused")
    assert refused.get_json()["why"].startswith("refund_")
    assert vouchers(world) == 2


@pytest.mark.parametrize("who", ["nobody", "steward"])
def test_only_a_supervisor_gives_something_twice(world: World, till: Till, who: str) -> None:
    named = {} if who == "nobody" else {"operator": world.add_operator("Ben")}
    refused = till.refund(till.scan(world.issue().token), **named)
    assert (refused.status_code, refused.get_json()["title"]) == (403, "refund_not_allowed")
    assert vouchers(world) == 1


def test_what_showed_no_voucher_or_was_not_handed_over_is_not_refunded(
    world: World, client: FlaskClient, till: Till, supervisor: str
) -> None:
    nothing = till.refund(till.scan("NONSENSE"), operator=supervisor)
    assert (nothing.status_code, nothing.get_json()["title"]) == (409, "nothing_to_refund")
    till.sign_in(world, supervisor)
    checked = till.refund(till.scan(world.issue().token, mode="check"), operator=supervisor)
    assert (checked.status_code, checked.get_json()["title"]) == (409, "move_refused")
    attempt = till.scan(world.issue().token)
    other = Till(client, *world.add_device(name="Door 2"))
    unknown = other.refund(attempt, operator=supervisor)
    assert (unknown.status_code, unknown.get_json()["title"]) == (404, "unknown_attempt")


@pytest.mark.parametrize(
    ("more", "key"),
    [({"reason": " "}, "reason"), ({"uses": 0}, "uses"), ({"usable": "so"}, "usable")],
)
def test_what_is_asked_wrongly_is_named(
    world: World, till: Till, supervisor: str, more: dict[str, Any], key: str
) -> None:
    refused = till.refund(till.scan(world.issue().token), operator=supervisor, **more)
    assert (refused.status_code, refused.get_json()["key"]) == (422, key)
