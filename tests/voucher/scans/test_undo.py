"""Taking a redemption back: at the desk within ten minutes, later by an organiser."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app import clock
from app.audit.models import AuditEntry
from app.factory import create_app
from tests.support.installations import NOON, World
from voucher.scans import panels

SCANS = "https://keepsake.example/api/v1/scans"


@pytest.fixture
def client(world: World) -> FlaskClient:
    return create_app(world.installation).test_client()


def post(client: FlaskClient, bearer: str, path: str, body: dict[str, Any]) -> TestResponse:
    return client.post(f"{SCANS}{path}", json=body, headers={"Authorization": f"Bearer {bearer}"})


def redeem(client: FlaskClient, bearer: str, token: str, **more: Any) -> tuple[str, dict[str, Any]]:
    attempt = str(uuid4())
    asked = {"attempt_id": attempt, "mode": "redeem", "token": token, **more}
    answer = post(client, bearer, "", asked | {"scanned_at": clock.now().isoformat()})
    return attempt, answer.get_json()


def undo(client: FlaskClient, bearer: str, attempt: str, **more: Any) -> TestResponse:
    return post(client, bearer, f"/{attempt}/undo", {"reason": "the wrong card", **more})


def test_a_redemption_is_taken_back_and_can_be_made_again(
    world: World, client: FlaskClient
) -> None:
    scanner, bearer = world.add_device()
    voucher = world.issue()
    attempt, redeemed = redeem(client, bearer, voucher.token)
    answer = undo(client, bearer, attempt)
    assert answer.status_code == 200
    told = answer.get_json()
    assert (told["verdict"], told["voucher"]["uses_left"]) == ("undone", 1)
    assert told["voucher"]["reference"] == redeemed["voucher"]["reference"]
    assert world.scan(scanner, token=voucher.token)["verdict"] == "redeemed"
    with world.installation.reading() as session:
        entry = session.get_one(AuditEntry, UUID(told["audit_entry"]))
        assert entry.kind == "redemption.undone"
        assert "wrong card" not in str(entry.data)
        shown = panels.content(session, world.community_id, clock.now())["scans"]
    assert [one.words for one in shown] == ["Redeemed", "Redeemed, then undone"]


def test_asked_again_it_answers_the_same_and_gives_nothing_twice(
    world: World, client: FlaskClient
) -> None:
    _, bearer = world.add_device()
    attempt, _ = redeem(client, bearer, world.issue().token)
    first = undo(client, bearer, attempt).get_json()
    again = undo(client, bearer, attempt, reason="once more").get_json()
    assert again == {**first, "replayed": True}


def test_the_first_redemption_that_is_named_is_one_that_stands(
    world: World, client: FlaskClient
) -> None:
    scanner, bearer = world.add_device()
    voucher = world.issue()
    attempt, _ = redeem(client, bearer, voucher.token)
    undo(client, bearer, attempt)
    other, _ = world.add_device(name="Door 2")
    world.scan(other, token=voucher.token)
    answer = world.scan(scanner, token=voucher.token)
    assert answer["verdict"] == "already_redeemed"
    assert answer["first_redemption"]["device"] == "Door 2"


@pytest.mark.parametrize(
    ("after", "who", "status"),
    [
        (timedelta(minutes=9, seconds=59), "same", 200),
        (timedelta(minutes=10), "same", 403),
        (timedelta(minutes=1), "steward", 403),
        (timedelta(minutes=1), "nobody", 403),
        (timedelta(minutes=1), "supervisor", 200),
        (timedelta(days=3), "supervisor", 200),
    ],
)
def test_who_handed_over_may_undo_it_for_ten_minutes_and_a_supervisor_longer(
    world: World, client: FlaskClient, after: timedelta, who: str, status: int
) -> None:
    _, bearer = world.add_device()
    people = {"same": world.add_operator("Mia"), "steward": world.add_operator("Ben")}
    people["supervisor"] = world.add_operator("Ada", "supervisor")
    with clock.standing_at(NOON):
        attempt, _ = redeem(client, bearer, world.issue().token, operator=people["same"])
    named = {"operator": people[who]} if who in people else {}
    with clock.standing_at(NOON + after):
        answer = undo(client, bearer, attempt, **named)
    assert answer.status_code == status
    if status == 403:
        assert "supervisor" in answer.get_json()["detail"]


def test_another_devices_attempt_is_not_known(world: World, client: FlaskClient) -> None:
    _, bearer = world.add_device()
    _, other = world.add_device(name="Door 2")
    attempt, _ = redeem(client, bearer, world.issue().token)
    for who, which in ((other, attempt), (bearer, str(uuid4()))):
        answer = undo(client, who, which)
        assert (answer.status_code, answer.get_json()["title"]) == (404, "unknown_attempt")


def test_what_handed_nothing_over_cannot_be_undone(world: World, client: FlaskClient) -> None:
    _, bearer = world.add_device()
    attempt, _ = redeem(client, bearer, "NONSENSE")
    answer = undo(client, bearer, attempt)
    assert (answer.status_code, answer.get_json()["title"]) == (409, "nothing_to_undo")


@pytest.mark.parametrize("reason", [None, "", "  ", "x" * 1001, "a\x00b", 7])
def test_a_reason_is_required(world: World, client: FlaskClient, reason: Any) -> None:
    _, bearer = world.add_device()
    attempt, _ = redeem(client, bearer, world.issue().token)
    body = {} if reason is None else {"reason": reason}
    answer = post(client, bearer, f"/{attempt}/undo", body)
    assert (answer.status_code, answer.get_json()["key"]) == (422, "reason")
    with world.installation.reading() as session:
        kinds = set(session.scalars(select(AuditEntry.kind)))
    assert "redemption.undone" not in kinds
