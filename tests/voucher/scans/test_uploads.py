"""What devices decided without a network: judged by its moment and the record, never lost."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient

from app import clock
from app.actor import COMMAND_LINE
from app.audit.models import AuditEntry
from app.clock import as_text
from app.factory import create_app
from app.stock import levels, moving
from app.stock.levels import Sort
from kiosk.operators import roster
from tests.support.installations import NOON, PROGRAMME, World, world_of
from voucher.ledger.changes import withdrawing
from voucher.ledger.finding import by_reference
from voucher.ledger.moves import MoveRefused
from voucher.scans.conflicts import conflicts
from voucher.scans.conflicts.conflicts import ConflictStands, Resolution, UnknownConflict
from voucher.scans.requests import AttemptDiffers, ScanUnreadable

MUGS = PROGRAMME + '\n[perks.mug]\nname = "Mug"\nitem = "mug"\n\n[items.mug]\nname = "Mug"\n'
SCANS = "https://keepsake.example/api/v1/scans"
LATER = NOON + timedelta(hours=2)


world = world_of(MUGS, at=NOON)


def claim(
    verdict: str = "redeemed", at: datetime = NOON + timedelta(hours=1), **more: Any
) -> dict[str, Any]:
    told = {"verdict": verdict, "judged_at": as_text(at), "synced_at": as_text(NOON), "skew_ms": 0}
    return {"offline": told | more}


def unresolved(world: World) -> list[dict[str, Any]]:
    with world.installation.reading() as session:
        return conflicts.unresolved(session, world.community_id)


def void(world: World, reference: str) -> None:
    with world.installation.unit_of_work() as session:
        voucher = by_reference(session, world.community_id, reference).voucher
        withdrawing.void(session, voucher, reason="r", actor=COMMAND_LINE, now=NOON)


def resolve(world: World, conflict: str, resolution: Resolution) -> None:
    with world.installation.unit_of_work() as session:
        how: dict[str, Any] = {"reason": "talked to them", "actor": COMMAND_LINE, "now": LATER}
        conflicts.resolve(session, world.community_id, UUID(conflict), resolution, **how)


def test_what_was_good_then_counts_though_its_window_is_over(world: World) -> None:
    scanner, _ = world.add_device()
    pin = world.issue()
    at = NOON + timedelta(hours=71)
    answer = world.scan(scanner, NOON + timedelta(hours=90), token=pin.token, **claim(at=at))
    assert (answer["verdict"], answer["conflict"]) == ("redeemed", None)


def test_its_own_clock_is_corrected(world: World) -> None:
    scanner, _ = world.add_device()
    pin = world.issue()
    at = NOON + timedelta(hours=72, minutes=5)
    wrong = claim(at=at, skew_ms=10 * 60 * 1000)  # ten minutes ahead: it was 71:55
    answer = world.scan(scanner, NOON + timedelta(hours=90), token=pin.token, **wrong)
    assert answer["verdict"] == "redeemed"
    late = claim(at=at)
    answer = world.scan(scanner, NOON + timedelta(hours=90), token=world.issue().token, **late)
    assert (answer["verdict"], answer["conflict"] is None) == ("expired", False)


def test_what_was_withdrawn_meanwhile_is_a_conflict(world: World) -> None:
    scanner, _ = world.add_device()
    pin = world.issue()
    void(world, pin.reference)
    answer = world.scan(scanner, LATER, token=pin.token, **claim())
    assert answer["verdict"] == "void"
    [conflict] = unresolved(world)
    assert (conflict["id"], conflict["reason"]) == (answer["conflict"], "void")
    assert conflict["came_first"] is None


def test_a_redemption_is_never_reversed_by_an_earlier_one(world: World) -> None:
    scanner, _ = world.add_device()
    other, _ = world.add_device(name="Door 2")
    pin = world.issue()
    world.scan(other, NOON + timedelta(minutes=90), token=pin.token)
    answer = world.scan(scanner, LATER, token=pin.token, **claim(at=NOON + timedelta(minutes=30)))
    assert answer["verdict"] == "already_redeemed"
    assert answer["first_redemption"]["device"] == "Door 2"
    [conflict] = unresolved(world)
    assert conflict["handed_over"]["at"] == "2026-11-18T12:30:00Z"
    assert conflict["came_first"]["device"] == "Door 2"


@pytest.mark.parametrize(
    "wrong",
    [
        claim(at=NOON - timedelta(minutes=1)),
        claim(at=LATER + timedelta(minutes=1)),
        claim(at=NOON + timedelta(minutes=1), skew_ms=120_000),
    ],
)
def test_a_time_that_cannot_be_is_a_conflict(world: World, wrong: dict[str, Any]) -> None:
    scanner, _ = world.add_device()
    answer = world.scan(scanner, LATER, token=world.issue(now=NOON).token, **wrong)
    assert answer["verdict"] == "impossible_time"
    assert [one["reason"] for one in unresolved(world)] == ["impossible_time"]


def test_what_the_device_refused_stays_refused(world: World) -> None:
    scanner, _ = world.add_device()
    pin = world.issue()
    answer = world.scan(scanner, LATER, token=pin.token, **claim("online_required"))
    assert (answer["verdict"], answer["conflict"]) == ("online_required", None)
    assert world.scan(scanner, LATER, token=pin.token)["verdict"] == "redeemed"
    assert unresolved(world) == []


def test_what_was_only_checked_changes_nothing(world: World) -> None:
    scanner, _ = world.add_device()
    pin = world.issue()
    answer = world.scan(scanner, LATER, token=pin.token, mode="check", **claim("valid"))
    assert answer["verdict"] == "valid"
    assert world.scan(scanner, LATER, token=pin.token)["verdict"] == "redeemed"


@pytest.mark.parametrize(
    ("mode", "verdict"),
    [("check", "redeemed"), ("redeem", "valid"), ("hold", "redeemed"), ("redeem", "reserved")],
)
def test_a_claim_that_its_mode_cannot_come_to_is_refused(
    world: World, mode: str, verdict: str
) -> None:
    scanner, _ = world.add_device()
    with pytest.raises(ScanUnreadable):
        world.scan(scanner, LATER, token=world.issue().token, mode=mode, **claim(verdict))


def test_an_accepted_attempt_that_timed_out_is_replayed(world: World) -> None:
    scanner, _ = world.add_device()
    asked = {"attempt_id": str(uuid4()), "token": world.issue().token}
    first = world.scan(scanner, NOON + timedelta(hours=1), **asked)
    again = world.scan(scanner, LATER, **asked, **claim())
    assert again == {**first, "replayed": True}
    assert unresolved(world) == []


def test_a_refused_attempt_that_was_handed_over_becomes_one_conflict(world: World) -> None:
    scanner, _ = world.add_device()
    pin = world.issue()
    void(world, pin.reference)
    asked = {"attempt_id": str(uuid4()), "token": pin.token}
    world.scan(scanner, NOON + timedelta(hours=1), **asked)
    again = world.scan(scanner, LATER, **asked, **claim())
    assert (again["verdict"], again["replayed"]) == ("void", True)
    once_more = world.scan(scanner, LATER, **asked, **claim())
    assert once_more["conflict"] == again["conflict"] is not None
    assert [one["id"] for one in unresolved(world)] == [again["conflict"]]


def test_a_claim_after_a_hold_is_its_confirmation(world: World) -> None:
    scanner, _ = world.add_device()
    asked = {"attempt_id": str(uuid4()), "token": world.issue().token}
    world.scan(scanner, NOON, **asked, mode="hold")
    answer = world.scan(scanner, LATER, **asked, **claim())
    assert answer["verdict"] == "redeemed"
    assert world.scan(scanner, LATER, **asked, **claim()) == {**answer, "replayed": True}
    with pytest.raises(AttemptDiffers):
        world.scan(scanner, LATER, **asked | {"token": world.issue().token}, **claim())


def test_a_claim_after_a_hold_that_was_refused_is_a_conflict(world: World) -> None:
    scanner, _ = world.add_device()
    pin = world.issue()
    void(world, pin.reference)
    asked = {"attempt_id": str(uuid4()), "token": pin.token}
    world.scan(scanner, NOON, **asked, mode="hold")
    answer = world.scan(scanner, LATER, **asked, **claim())
    assert (answer["verdict"], answer["replayed"]) == ("void", True)
    assert [one["id"] for one in unresolved(world)] == [answer["conflict"]]


def test_a_withdrawn_operator_loses_no_hand_over(world: World) -> None:
    scanner, _ = world.add_device()
    mia = world.add_operator()
    with world.installation.unit_of_work() as session:
        how: dict[str, Any] = {"actor": COMMAND_LINE, "now": NOON}
        roster.withdraw(session, world.community_id, mia, **how)
    answer = world.scan(scanner, LATER, token=world.issue().token, operator=mia, **claim())
    assert (answer["verdict"], answer["scanned_by"]["operator"]) == ("redeemed", "Mia")


def test_a_conflict_is_resolved_once_and_recorded(world: World) -> None:
    scanner, _ = world.add_device()
    pin = world.issue()
    void(world, pin.reference)
    conflict = world.scan(scanner, LATER, token=pin.token, **claim())["conflict"]
    with pytest.raises(UnknownConflict):
        resolve(world, str(uuid4()), Resolution.ACCEPTED)
    with pytest.raises(MoveRefused, match="is withdrawn"):
        resolve(world, conflict, Resolution.VOIDED)
    with pytest.raises(ConflictStands, match="not counted in stock"):
        resolve(world, conflict, Resolution.CHARGED)
    resolve(world, conflict, Resolution.ACCEPTED)
    with pytest.raises(ConflictStands, match="resolved before: accepted"):
        resolve(world, conflict, Resolution.ACCEPTED)
    assert unresolved(world) == []
    with world.installation.reading() as session:
        newest = session.query(AuditEntry).order_by(AuditEntry.id.desc()).first()
        assert newest is not None
        assert (newest.kind, newest.data["resolution"]) == ("conflict.resolved", "accepted")
        assert "talked" not in str(newest.data)


def test_a_voided_and_a_charged_conflict(world: World) -> None:
    scanner, _ = world.add_device()
    with world.installation.unit_of_work() as session:
        sort = Sort(world.community_id, "mug", "")
        how: dict[str, Any] = {"reason": "r", "actor": COMMAND_LINE, "now": NOON}
        moving.receive(session, sort, "popup", 2, **how)
    first, second = world.issue("mug"), world.issue("mug")
    wrong = claim(at=NOON - timedelta(minutes=5))
    charged = world.scan(scanner, LATER, token=first.token, **wrong)["conflict"]
    voided = world.scan(scanner, LATER, token=second.token, **wrong)["conflict"]
    resolve(world, charged, Resolution.CHARGED)
    resolve(world, voided, Resolution.VOIDED)
    assert world.scan(scanner, NOON, code=second.code)["verdict"] == "void"
    with world.installation.reading() as session:
        rows = levels.of_community(session, world.community_id, now=NOON)
        assert [level.on_hand for level, _ in rows if level.place == "popup"] == [1]


@pytest.fixture
def client(world: World) -> FlaskClient:
    return create_app(world.installation).test_client()


def post(client: FlaskClient, bearer: str, path: str, body: Any) -> Any:
    return client.post(f"{SCANS}{path}", json=body, headers={"Authorization": f"Bearer {bearer}"})


def request(token: str, **more: Any) -> dict[str, Any]:
    body = {"attempt_id": str(uuid4()), "mode": "redeem", "token": token}
    return body | {"scanned_at": as_text(clock.now())} | more


def test_a_batch_is_answered_one_by_one_and_one_bad_row_blocks_none(
    world: World, client: FlaskClient
) -> None:
    _, bearer = world.add_device()
    good = [request(world.issue().token) for _ in range(3)]
    twice = {**good[0], "token": good[1]["token"]}
    rows = [good[0], {"attempt_id": "x"}, None, good[1], twice, good[0]]
    rows.append(request("NONSENSE", operator="nobody"))
    answer = post(client, bearer, "/batch", {"scans": [*rows, good[2]]})
    assert answer.status_code == 200
    told = answer.get_json()["answers"]
    assert [one.get("verdict") or one["title"] for one in told] == [
        "redeemed",
        "unprocessable_scan",
        "unprocessable_scan",
        "redeemed",
        "attempt_differs",
        "redeemed",
        "unknown_operator",
        "redeemed",
    ]
    assert told[5]["replayed"]


@pytest.mark.parametrize("body", [{}, {"scans": "many"}, {"scans": [{}] * 501}])
def test_a_batch_that_is_none_is_refused(
    world: World, client: FlaskClient, body: dict[str, Any]
) -> None:
    _, bearer = world.add_device()
    answer = post(client, bearer, "/batch", body)
    assert (answer.status_code, answer.get_json()["title"]) == (422, "bad_request")


def test_five_hundred_are_uploaded_at_once(world: World, client: FlaskClient) -> None:
    _, bearer = world.add_device()
    drinks = [request("NONSENSE", mode="redeem", **claim("malformed", NOON)) for _ in range(500)]
    answer = post(client, bearer, "/batch", {"scans": drinks})
    assert len(answer.get_json()["answers"]) == 500


def test_holds_end_by_http(world: World, client: FlaskClient) -> None:
    _, bearer = world.add_device()
    held = request(world.issue().token, mode="hold")
    assert post(client, bearer, "", held).get_json()["verdict"] == "reserved"
    path = f"/{held['attempt_id']}"
    assert post(client, bearer, f"{path}/release", {}).get_json()["verdict"] == "released"
    assert post(client, bearer, f"{path}/confirm", {}).get_json()["verdict"] == "redeemed"
    problem = post(client, bearer, f"{path}/release", {})
    assert (problem.status_code, problem.get_json()["title"]) == (409, "nothing_held")
    missing = post(client, bearer, f"/{uuid4()}/confirm", {})
    assert (missing.status_code, missing.get_json()["title"]) == (404, "unknown_attempt")


def test_an_unknown_operator_is_422(world: World, client: FlaskClient) -> None:
    _, bearer = world.add_device()
    answer = post(client, bearer, "", request(world.issue().token, operator="op_nobody"))
    assert (answer.status_code, answer.get_json()["key"]) == (422, "operator")


def test_who_guesses_is_slowed_down_and_nobody_else(world: World, client: FlaskClient) -> None:
    _, bearer = world.add_device()
    _, other = world.add_device(name="Door 2")
    pin = world.issue()
    for number in range(30):
        guess = request("", code=f"0000-0000-{number:05}")
        guess.pop("token")
        told = post(client, bearer, "", guess).get_json()
        assert told["verdict"] in ("unknown_voucher", "malformed")
    refused = post(client, bearer, "", request(pin.token))
    assert (refused.status_code, refused.get_json()["title"]) == (429, "too_many_guesses")
    assert post(client, other, "", request(pin.token, mode="check")).status_code == 200
    with clock.standing_at(NOON + timedelta(seconds=61)):
        assert post(client, bearer, "", request(pin.token)).get_json()["verdict"] == "redeemed"


def test_guesses_in_one_batch_are_counted_as_well(world: World, client: FlaskClient) -> None:
    _, bearer = world.add_device()
    guesses = [request(f"NONSENSE{number}") for number in range(40)]
    told = post(client, bearer, "/batch", {"scans": guesses}).get_json()["answers"]
    assert sum(one.get("verdict") == "malformed" for one in told) == 30
    assert {one["title"] for one in told if "title" in one} == {"too_many_guesses"}


def test_what_a_device_refused_by_itself_is_kept_and_counts_as_no_guess(
    world: World, client: FlaskClient
) -> None:
    _, bearer = world.add_device()
    refused = [request("NONSENSE", **claim("malformed", NOON)) for _ in range(40)]
    told = post(client, bearer, "/batch", {"scans": refused}).get_json()["answers"]
    assert [one["verdict"] for one in told] == ["malformed"] * 40
    assert post(client, bearer, "", request(world.issue().token)).status_code == 200


def test_refusals_that_tell_of_no_guess_cost_nothing(world: World, client: FlaskClient) -> None:
    _, bearer = world.add_device()
    pin = world.issue()
    verdicts = [
        post(client, bearer, "", request(pin.token)).get_json()["verdict"] for _ in range(35)
    ]
    assert verdicts == ["redeemed"] + ["already_redeemed"] * 34


def test_a_clock_whose_battery_is_dead_loses_no_hand_over(world: World) -> None:
    scanner, _ = world.add_device()
    dead = datetime(1970, 1, 1, 0, 5, tzinfo=UTC)
    moment = NOON + timedelta(hours=1)
    skew = round((dead - moment) / timedelta(milliseconds=1))
    told = claim(at=dead, skew_ms=skew) | {"scanned_at": as_text(dead)}
    answer = world.scan(scanner, LATER, token=world.issue().token, **told)
    assert (answer["verdict"], answer["conflict"]) == ("redeemed", None)
    online = world.scan(scanner, LATER, token=world.issue().token, scanned_at=as_text(dead))
    assert online["verdict"] == "redeemed"
