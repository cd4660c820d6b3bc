"""What waits together is judged together, and comes out as if it had come one after another."""

import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import event, func, select, update
from sqlalchemy.exc import OperationalError

from app import clock
from app.audit.models import AuditEntry
from app.installation import Installation
from tests.support.installations import World
from voucher.keys.keyring import remembered
from voucher.keys.models import SigningKey
from voucher.ledger.models import Voucher
from voucher.scans.attempts import Attempt, see
from voucher.scans.judgement import desk
from voucher.scans.judgement.desk import Desk, Waiting
from voucher.scans.judgement.judging import Outcome, judge_all
from voucher.scans.looking import Known, look_up
from voucher.scans.models import Scan
from voucher.scans.requests import AttemptDiffers, ScanRequest
from voucher.scans.scanners import Scanner


def attempt(scanner: Scanner, **request: Any) -> Attempt:
    body = {"attempt_id": str(uuid4()), "mode": "redeem", "scanned_at": clock.now().isoformat()}
    return Attempt(scanner, ScanRequest.read(body | request))


def judged(world: World, attempts: Sequence[Attempt]) -> list[Outcome]:
    with world.installation.unit_of_work() as session:
        return judge_all(session, attempts, now=clock.now())


def verdicts(outcomes: Sequence[Outcome]) -> list[str]:
    return [one["verdict"] if isinstance(one, dict) else one.code for one in outcomes]


def test_one_voucher_twice_in_a_batch_is_redeemed_by_the_first(world: World) -> None:
    here, there = world.add_device()[0], world.add_device(name="Door 2")[0]
    voucher, other = world.issue(), world.issue()
    outcomes = judged(
        world,
        [
            attempt(here, token=voucher.token),
            attempt(there, code=voucher.code),
            attempt(there, token=other.token),
            attempt(here, token=voucher.token, mode="check"),
        ],
    )
    assert verdicts(outcomes) == ["redeemed", "already_redeemed", "redeemed", "already_redeemed"]
    assert isinstance(outcomes[1], dict)
    assert outcomes[1]["first_redemption"]["device"] == "Door"


def test_one_attempt_twice_in_a_batch_is_judged_once(world: World) -> None:
    scanner, _ = world.add_device()
    asked = {"attempt_id": str(uuid4()), "token": world.issue().token}
    outcomes = judged(
        world,
        [
            attempt(scanner, **asked),
            attempt(scanner, **asked),
            attempt(scanner, **asked | {"mode": "check"}),
        ],
    )
    assert verdicts(outcomes) == ["redeemed", "redeemed", "attempt_differs"]
    assert isinstance(outcomes[1], dict)
    assert outcomes[1]["replayed"]
    with world.installation.reading() as session:
        assert session.scalar(select(func.count()).select_from(Scan)) == 1


def test_the_same_attempt_id_of_another_device_is_another_attempt(world: World) -> None:
    here, there = world.add_device()[0], world.add_device(name="Door 2")[0]
    shared = str(uuid4())
    outcomes = judged(
        world,
        [
            attempt(here, attempt_id=shared, token=world.issue().token),
            attempt(there, attempt_id=shared, token=world.issue().token),
        ],
    )
    assert verdicts(outcomes) == ["redeemed", "redeemed"]


@pytest.mark.parametrize("verdict", ["redeemed", "already_redeemed"])
def test_a_batch_takes_as_many_statements_as_one_attempt(world: World, verdict: str) -> None:
    scanner, _ = world.add_device()
    judged(world, [attempt(scanner, token=world.issue().token)])  # loads the keys
    counts = []
    for size in (1, 12):
        tokens = [world.issue().token for _ in range(size)]
        if verdict == "already_redeemed":
            judged(world, [attempt(scanner, token=token) for token in tokens])
        batch = [attempt(scanner, token=token) for token in tokens]
        statements: list[str] = []

        def keep(_c: Any, _k: Any, text: str, *_rest: Any, into: list[str] = statements) -> None:
            into.append(text)

        event.listen(world.installation.database.engine, "before_cursor_execute", keep)
        assert set(verdicts(judged(world, batch))) == {verdict}
        event.remove(world.installation.database.engine, "before_cursor_execute", keep)
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_what_spoils_one_attempt_spoils_no_other(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    scanner, _ = world.add_device()
    good, bad = world.issue(), world.issue()
    spoiled = attempt(scanner, token=bad.token)

    def judge(session: Any, attempts: Sequence[Attempt], **how: Any) -> list[Outcome]:
        outcomes = judge_all(session, attempts, **how)
        if spoiled in attempts:
            raise ValueError("spoiled")
        return outcomes

    monkeypatch.setattr(desk, "judge_all", judge)
    batch = [Waiting(one, clock.now()) for one in (attempt(scanner, token=good.token), spoiled)]
    Desk(world.installation)._judge_all(batch)
    assert isinstance(batch[0].outcome, dict)
    assert batch[0].outcome["verdict"] == "redeemed"
    assert isinstance(batch[1].outcome, ValueError)
    with world.installation.reading() as session:
        assert session.scalar(select(func.sum(Voucher.uses_taken))) == 1
        kinds = select(func.count()).where(AuditEntry.kind == "voucher.redeemed")
        assert session.scalar(kinds) == 1


def test_a_key_that_was_revoked_after_the_token_was_read_counts_as_revoked(world: World) -> None:
    scanner, _ = world.add_device()
    plain = attempt(scanner, token=world.issue().token)
    read = Attempt(scanner, plain.request, see(plain.request, remembered(world.installation)))
    assert read.seen is not None
    assert read.seen.refusal is None
    with world.installation.unit_of_work() as session:
        session.execute(update(SigningKey).values(revoked_at=clock.now()))
    world.installation.plugins.memory.clear()  # as after five seconds
    assert verdicts(judged(world, [read])) == ["revoked_key"]


def test_an_attempt_that_another_process_kept_meanwhile_is_replayed(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    scanner, _ = world.add_device()
    twice = attempt(scanner, token=world.issue().token)
    first = Desk(world.installation).judge(twice, now=clock.now())

    def sees_nothing(*told: Any) -> Known:
        return look_up(*told)._replace(attempts={})

    monkeypatch.setattr("voucher.scans.judgement.judging.look_up", sees_nothing)
    assert Desk(world.installation).judge(twice, now=clock.now()) == {**first, "replayed": True}


def test_who_asks_for_something_else_is_told_so(world: World) -> None:
    scanner, _ = world.add_device()
    asked = {"attempt_id": str(uuid4()), "token": world.issue().token}
    own = Desk(world.installation)
    own.judge(attempt(scanner, **asked), now=clock.now())
    with pytest.raises(AttemptDiffers):
        own.judge(attempt(scanner, **asked | {"mode": "check"}), now=clock.now())


def test_nobody_waits_for_company_that_was_not_there(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    scanner, _ = world.add_device()
    own = Desk(world.installation)
    monkeypatch.setattr(own._enough, "wait", lambda _seconds: pytest.fail("it waited"))
    for _ in range(2):
        told = own.judge(attempt(scanner, token=world.issue().token), now=clock.now())
        assert told["verdict"] == "redeemed"


def test_those_who_came_in_turns_are_judged_together(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four that always come back are judged in one batch, and not in two halves."""
    scanner, _ = world.add_device()
    own, sizes = Desk(world.installation), list[int]()
    monkeypatch.setattr(desk, "COMPANY_SECONDS", 30)
    monkeypatch.setattr(desk, "EXPECTED_SECONDS", 30)
    rounds = [[attempt(scanner, token=world.issue().token) for _ in range(n)] for n in (4, 3, 3, 3)]
    threads = ThreadPoolExecutor(4)

    def scan_all(attempts: list[Attempt]) -> None:
        for one in attempts:
            own.judge(one, now=clock.now())

    def judge(session: Any, attempts: Sequence[Attempt], **how: Any) -> list[Outcome]:
        sizes.append(len(attempts))
        if sizes == [1]:  # the others come while the first one is judged
            others.extend(threads.submit(scan_all, one) for one in rounds[1:])
            while len(own._waiting) < 3:
                time.sleep(0.001)
        return judge_all(session, attempts, **how)

    monkeypatch.setattr(desk, "judge_all", judge)
    others = list[Future[None]]()
    with threads:
        threads.submit(scan_all, rounds[0]).result()
        for other in others:
            other.result()
    assert sizes == [1, 4, 4, 4]


def test_a_database_that_is_away_is_asked_once_for_all(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    scanner, _ = world.add_device()
    asked: list[int] = []

    def away(_session: Any, attempts: Sequence[Attempt], **_how: Any) -> list[Outcome]:
        asked.append(len(attempts))
        raise OperationalError("SELECT 1", {}, Exception("database is locked"))

    monkeypatch.setattr(desk, "judge_all", away)
    batch = [Waiting(attempt(scanner, code="x"), clock.now()) for _ in range(5)]
    Desk(world.installation)._judge_all(batch)
    assert asked == [5]
    assert all(isinstance(one.outcome, OperationalError) for one in batch)


def test_a_leader_that_is_ended_leaves_the_desk_to_others(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    scanner, _ = world.add_device()
    here = Desk(world.installation)

    def ends(*_: Any, **__: Any) -> Any:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(Installation, "unit_of_work", ends)
        with pytest.raises(SystemExit):
            here.judge(attempt(scanner, token=world.issue().token), now=clock.now())
    with ThreadPoolExecutor(1) as pool:
        told = pool.submit(here.judge, attempt(scanner, token=world.issue().token), now=clock.now())
        assert told.result(timeout=20)["verdict"] == "redeemed"
