"""Scans: one redeems, the others are told; a repeated attempt is replayed."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from app import clock
from app.audit.models import AuditEntry
from app.communities import places
from tests.support.installations import World
from voucher.ledger.models import Voucher
from voucher.scans.models import Scan
from voucher.scans.requests import AttemptDiffers, ScanUnreadable


def test_a_valid_voucher_is_redeemed_by_token_and_by_code(world: World) -> None:
    scanner, _ = world.add_device()
    first, second = world.issue(), world.issue()
    assert world.scan(scanner, token=first.token)["verdict"] == "redeemed"
    typed = second.code.lower().replace("-", " ")
    assert world.scan(scanner, code=typed)["verdict"] == "redeemed"


def test_second_scan_is_refused_and_names_the_first(world: World) -> None:
    scanner, _ = world.add_device(name="Door 2")
    voucher = world.issue()
    world.scan(scanner, token=voucher.token)
    answer = world.scan(scanner, token=voucher.token)
    assert answer["verdict"] == "already_redeemed"
    assert answer["first_redemption"]["device"] == "Door 2"
    assert "Pop-up, device Door 2" in answer["message"]


def test_64_concurrent_scans_give_exactly_one_redemption(world: World) -> None:
    voucher = world.issue()
    scanners = [world.add_device(name=f"Door {i}")[0] for i in range(4)]
    with ThreadPoolExecutor(64) as threads:
        verdicts = list(
            threads.map(
                lambda i: world.scan(scanners[i % 4], token=voucher.token)["verdict"], range(64)
            )
        )
    assert sorted(set(verdicts)) == ["already_redeemed", "redeemed"]
    assert verdicts.count("redeemed") == 1
    with world.installation.reading() as session:
        assert session.scalar(select(Voucher.uses_taken)) == 1
        assert session.scalar(select(func.count()).select_from(Scan)) == 64


def test_the_same_attempt_gets_the_same_answer_and_changes_nothing(world: World) -> None:
    scanner, _ = world.add_device()
    attempt: dict[str, Any] = {"attempt_id": str(uuid4()), "token": world.issue().token}
    first = world.scan(scanner, **attempt)
    later = world.scan(scanner, clock.now() + timedelta(days=9), **attempt)
    assert later == {**first, "replayed": True}


def test_the_same_attempt_sent_many_times_at_once_is_one_redemption(world: World) -> None:
    scanner, _ = world.add_device()
    attempt: dict[str, Any] = {"attempt_id": str(uuid4()), "token": world.issue().token}
    with ThreadPoolExecutor(16) as threads:
        answers = list(threads.map(lambda _: world.scan(scanner, **attempt), range(16)))
    assert {answer["verdict"] for answer in answers} == {"redeemed"}
    assert [answer["replayed"] for answer in answers].count(False) == 1


@pytest.mark.parametrize("changed", [{"mode": "check"}, {"token": "other"}])
def test_an_attempt_that_asks_for_something_else_is_a_conflict(
    world: World, changed: dict[str, Any]
) -> None:
    scanner, _ = world.add_device()
    attempt: dict[str, Any] = {"attempt_id": str(uuid4()), "token": world.issue().token}
    world.scan(scanner, **attempt)
    with pytest.raises(AttemptDiffers):
        world.scan(scanner, **attempt | changed)


def test_checking_changes_nothing_and_has_no_entry(world: World) -> None:
    scanner, _ = world.add_device()
    voucher = world.issue()
    answer = world.scan(scanner, token=voucher.token, mode="check")
    assert (answer["verdict"], answer["audit_entry"]) == ("valid", None)
    assert world.scan(scanner, token=voucher.token)["verdict"] == "redeemed"


def test_refused_scans_are_kept_with_their_entry(world: World) -> None:
    scanner, _ = world.add_device()
    answer = world.scan(scanner, token="nothing")
    with world.installation.reading() as session:
        kept = session.scalars(select(Scan)).one()
        entry = session.get_one(AuditEntry, kept.audit_entry)
    assert (kept.verdict, entry.kind) == ("malformed", "scan.refused")
    assert str(entry.id) == answer["audit_entry"]


def test_the_window_the_station_and_unknown_codes_are_refused(world: World) -> None:
    scanner, _ = world.add_device()
    other, _ = world.add_device("other")
    voucher = world.issue()
    after, before = timedelta(hours=72), timedelta(seconds=-5)
    for moved, verdict in ((after, "expired"), (before, "not_yet_valid")):
        now = voucher.valid_from + moved
        assert world.scan(scanner, now, token=voucher.token)["verdict"] == verdict
    assert world.scan(other, token=voucher.token)["verdict"] == "wrong_station"
    unknown = world.scan(scanner, code="0000-0000-00000")
    assert unknown["verdict"] == "unknown_voucher"
    assert (unknown["voucher"], unknown["member"]) == (None, None)


def test_who_stands_at_the_wrong_station_is_sent_to_the_right_one(world: World) -> None:
    scanner, _ = world.add_device("other")
    voucher = world.issue()
    told = world.scan(scanner, token=voucher.token)
    assert told["message"] == "Not at this station. Send them to: Pop-up."
    with world.installation.unit_of_work() as session:
        place = places.station(session, world.community_id, "popup")
        place.withdrawn_at = clock.now()
    told = world.scan(scanner, token=voucher.token)
    assert told["message"].startswith("Not at this station, and its own is closed for good.")


def test_the_first_and_the_last_second_are_inside(world: World) -> None:
    scanner, _ = world.add_device()
    for moved in (timedelta(0), timedelta(hours=72, seconds=-1)):
        voucher = world.issue()
        now = voucher.valid_from + moved
        assert world.scan(scanner, now, token=voucher.token)["verdict"] == "redeemed"


@pytest.mark.parametrize(
    "broken",
    [
        {"attempt_id": "no"},
        {"scanned_at": "2026-11-25T12:00:00"},
        {"mode": "steal"},
        {"token": "a", "code": "b"},
        {"surprise": 1},
    ],
)
def test_a_request_that_cannot_be_judged_is_refused(world: World, broken: dict[str, Any]) -> None:
    scanner, _ = world.add_device()
    with pytest.raises(ScanUnreadable):
        world.scan(scanner, **{"code": "1"} | broken)


def test_the_code_is_in_no_audit_entry(world: World) -> None:
    scanner, _ = world.add_device()
    voucher = world.issue()
    world.scan(scanner, token=voucher.token)
    with world.installation.reading() as session:
        told = " ".join(str(entry.data) for entry in session.scalars(select(AuditEntry)))
    assert voucher.code not in told
    assert voucher.token not in told
