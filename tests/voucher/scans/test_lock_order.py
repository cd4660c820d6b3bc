"""Who judges a batch, and who moves a voucher meanwhile, wait for each other in one order."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from app import clock
from app.actor import COMMAND_LINE
from app.factory import create_app
from tests.support.installations import NOON, World, world_of
from tests.support.interleaving import one_after_the_other
from tests.support.waiting import Meanwhile
from tests.voucher.scans.test_held_elsewhere import MUGS, hold, receive
from voucher.ledger import redeeming
from voucher.ledger.changes import extending, withdrawing
from voucher.ledger.finding import by_reference
from voucher.ledger.issuance.issuing import Issued
from voucher.scans import views
from voucher.scans.attempts import Attempt
from voucher.scans.follow_ups import confirming
from voucher.scans.judgement import judging
from voucher.scans.judgement.judging import judge_all
from voucher.scans.requests import ScanRequest
from voucher.scans.scanners import Scanner

SYNCED = NOON - timedelta(hours=1)
LATER = NOON + timedelta(minutes=1)


world = world_of(MUGS, at=NOON)


@pytest.fixture
def here(world: World) -> Scanner:
    return world.add_device("popup")[0]


@pytest.fixture
def both(world: World) -> tuple[Issued, Issued]:
    """Two vouchers, the first of which has the lower id."""
    receive(world, "popup", 4)
    return world.issue("mug"), world.issue("mugs", member="2")


def claimed(
    one: Issued,
    attempt: UUID | None = None,
    at: datetime = NOON,
    verdict: str = "redeemed",
    **more: Any,
) -> ScanRequest:
    """What a device decided by itself."""
    decided = {
        "verdict": verdict,
        "judged_at": at.isoformat(),
        "synced_at": SYNCED.isoformat(),
        "skew_ms": 0,
    }
    asked = {"mode": "redeem", "scanned_at": at.isoformat(), "offline": decided, **more}
    return ScanRequest.read({**asked, "attempt_id": str(attempt or uuid4()), "token": one.token})


def judged(world: World, scanner: Scanner, *asked: ScanRequest) -> list[Any]:
    """The verdicts of a batch; what the database ended is not tried again here."""
    attempts = [Attempt(scanner, one) for one in asked]
    with world.installation.unit_of_work() as session:
        outcomes = judge_all(session, attempts, now=LATER)
    return [one["verdict"] if isinstance(one, dict) else one for one in outcomes]


def voiding(world: World, one: Issued) -> Callable[[], str]:
    def void() -> str:
        with world.installation.unit_of_work() as session:
            voucher = by_reference(session, world.community_id, one.reference).voucher
            withdrawing.void(session, voucher, reason="r", actor=COMMAND_LINE, now=NOON)
        return "void"

    return void


def before_call(
    monkeypatch: pytest.MonkeyPatch,
    world: World,
    at: tuple[Any, str],
    number: int,
    does: Callable[[], Any],
) -> list[Meanwhile]:
    """Lets something else begin right before that call of a function, and come as far as it can."""
    real, meanwhile, calls = getattr(*at), [], []

    def spy(*args: Any, **how: Any) -> Any:
        calls.append(1)
        if len(calls) == number:
            meanwhile.append(Meanwhile(world, does))
        return real(*args, **how)

    monkeypatch.setattr(*at, spy)
    return meanwhile


def test_two_claims_of_holds_have_both_vouchers_before_stock(
    world: World, here: Scanner, both: tuple[Issued, Issued], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = [claimed(one, hold(world, here, one.token)[0]) for one in both]
    at = (judging, "claim_again")
    meanwhile = before_call(monkeypatch, world, at, 2, voiding(world, both[1]))
    assert judged(world, here, *asked) == ["redeemed", "redeemed"]
    assert meanwhile[0].outcome() == "void"


def test_a_claim_of_a_hold_and_a_fresh_redemption_have_both_vouchers_before_stock(
    world: World, here: Scanner, both: tuple[Issued, Issued], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = [claimed(both[0], hold(world, here, both[0].token)[0]), claimed(both[1])]
    meanwhile = before_call(monkeypatch, world, (judging, "decide"), 1, voiding(world, both[1]))
    assert judged(world, here, *asked) == ["redeemed", "redeemed"]
    assert meanwhile[0].outcome() == "void"


def test_a_second_round_has_its_vouchers_before_the_first_takes_stock(
    world: World, here: Scanner, both: tuple[Issued, Issued], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = [
        claimed(both[0]),
        claimed(both[1], verdict="identity_required"),
        claimed(both[1], identity_confirmed=True),
    ]
    meanwhile = before_call(monkeypatch, world, (judging, "decide"), 2, voiding(world, both[1]))
    assert judged(world, here, *asked) == ["redeemed", "identity_required", "redeemed"]
    assert meanwhile[0].outcome() == "void"


def test_vouchers_of_several_moments_are_locked_by_their_ids(
    world: World, here: Scanner, both: tuple[Issued, Issued], monkeypatch: pytest.MonkeyPatch
) -> None:
    def extend_station() -> int:
        how: dict[str, Any] = {"reason": "rain", "actor": COMMAND_LINE, "now": NOON}
        hour = timedelta(hours=1)
        with world.installation.unit_of_work() as session:
            extended = extending.extend_station(
                session, world.community_id, "popup", by=hour, **how
            )
        return len(extended)

    meanwhile = before_call(monkeypatch, world, (redeeming, "take_uses"), 2, extend_station)
    asked = [claimed(both[1], at=NOON), claimed(both[0], at=NOON + timedelta(seconds=30))]
    with clock.standing_at(LATER):
        assert judged(world, here, *asked) == ["redeemed", "redeemed"]
        # The second one has a use left.
        assert meanwhile[0].outcome() == 1


def test_vouchers_that_one_statement_takes_are_locked_by_their_ids_too(
    world: World, both: tuple[Issued, Issued]
) -> None:
    with world.installation.unit_of_work() as session:
        first, second = (
            by_reference(session, world.community_id, one.reference).voucher.id for one in both
        )
        # The first one lies behind the second now, and an index says so: PostgreSQL finds it later.
        session.execute(text("UPDATE voucher SET look_at = NULL WHERE id = :id"), {"id": first})

    def take_both() -> dict[int, int]:
        with world.installation.unit_of_work() as session:
            return redeeming.take_uses(session, {first, second}, 1, now=NOON)

    with world.installation.unit_of_work() as session:
        redeeming.locked(session, first)
        taking = Meanwhile(world, take_both)
        redeeming.locked(session, second)
    assert taking.outcome() == {first: 0, second: 1}


def test_of_two_batches_that_take_the_same_vouchers_the_second_sees_what_the_first_took(
    world: World, both: tuple[Issued, Issued]
) -> None:
    with world.installation.reading() as session:
        ids = {by_reference(session, world.community_id, one.reference).voucher.id for one in both}

    def take(session: Any) -> dict[int, int]:
        return redeeming.take_uses(session, ids, 1, now=NOON)

    first, second = one_after_the_other(world.installation, take, take)
    one, other = sorted(ids)
    assert first == {one: 0, other: 1}
    assert second == {other: 0}


def test_what_the_database_ended_for_anothers_sake_is_done_once_more(
    world: World, both: tuple[Issued, Issued], monkeypatch: pytest.MonkeyPatch
) -> None:
    device, bearer = world.add_device("popup", "Two")
    attempt, _ = hold(world, device, both[0].token)
    real, calls = confirming.confirm, []

    def confirm(session: Any, *args: Any, **how: Any) -> Any:
        answer = real(session, *args, **how)
        calls.append(1)
        if len(calls) == 1:
            _end_as_victim(world, session)
        return answer

    monkeypatch.setattr(views, "confirm", confirm)
    answer = (
        create_app(world.installation)
        .test_client()
        .post(
            f"/api/v1/scans/{attempt}/confirm",
            json={},
            headers={"Authorization": f"Bearer {bearer}"},
        )
    )
    assert (answer.status_code, answer.get_json()["verdict"]) == (200, "redeemed")


def _end_as_victim(world: World, session: Any) -> None:
    """PostgreSQL says that it was a deadlock; SQLite knows none."""
    if not world.installation.database.is_sqlite:
        session.execute(text("DO $$ BEGIN RAISE SQLSTATE '40P01'; END $$"))
