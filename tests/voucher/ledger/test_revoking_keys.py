"""A signing key leaked: what it signed is refused, and its vouchers get new tokens, once."""

import json
import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from app import clock
from app.actor import COMMAND_LINE
from app.audit.models import AuditEntry
from app.cli import command_line
from app.communities import members
from app.factory import create_app
from app.jobs.models import Job
from app.notices.models import Notice
from app.worker import do_everything
from tests.support.installations import World
from voucher.keys import keyring
from voucher.keys.signers import path_of
from voucher.ledger.changes import extending, replacing, signing_anew, withdrawing
from voucher.ledger.finding import by_reference
from voucher.ledger.issuance.issuing import Issued, issue
from voucher.ledger.models import Voucher
from voucher.perks.settings import perk
from voucher.scans.follow_ups.undoing import last_redemption, undo
from voucher.scans.scanners import Scanner
from voucher.token import Payload, mint
from voucher.token.reading import take_apart


def run(world: World, *arguments: str) -> Result:
    command = command_line(world.installation)
    return CliRunner().invoke(command, ["keys", *arguments], obj=world.installation)


def revoke(world: World, number: int = 1) -> dict[str, Any]:
    done = run(world, "revoke", str(number), "--reason", "the laptop was stolen", "--json")
    assert done.exit_code == 0, done.output
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def sentence(world: World, number: str) -> str:
    done = run(world, "revoke", number, "--reason", "x")
    return f"{done.output}{done.exception or ''}"


def row(world: World, voucher: Issued) -> Voucher:
    with world.installation.reading() as session:
        return by_reference(session, world.community_id, voucher.reference).voucher


def payload(world: World, voucher: Issued) -> Payload:
    return take_apart(row(world, voucher).token).payload


def do(world: World, move: Any, voucher: Issued, *, now: datetime | None = None, **how: Any) -> Any:
    how = {"reason": "x", "actor": COMMAND_LINE, "now": now or clock.now()} | how
    with world.installation.unit_of_work() as session:
        held = by_reference(session, world.community_id, voucher.reference)
        return move(session, held.voucher, **how)


def facts(world: World, kind: str) -> list[dict[str, Any]]:
    with world.installation.reading() as session:
        chosen = select(AuditEntry.data).where(AuditEntry.kind == kind).order_by(AuditEntry.id)
        return list(session.scalars(chosen))


def notices(world: World, kind: str = "voucher_signed_anew") -> list[str]:
    do_everything(world.installation)
    with world.installation.reading() as session:
        return list(session.scalars(select(Notice.subject).where(Notice.kind == kind)))


@pytest.fixture
def scanner(world: World) -> Scanner:
    return world.add_device()[0]


def robins(world: World, **how: Any) -> Issued:
    return world.issue(member="1009", source=members.DISCORD, name="Robin", **how)


def test_an_open_voucher_gets_a_token_by_the_new_key_and_its_member_is_told_once(
    world: World, scanner: Scanner
) -> None:
    voucher = robins(world)
    before = payload(world, voucher)
    told = revoke(world)
    assert (told["key"], told["signing"], told["open"]) == (1, 2, [voucher.reference])
    assert (told["signed_anew"], told["told"]) == (1, 1)
    after = payload(world, voucher)
    assert after == Payload(**{**fields(before), "key": 2})
    assert row(world, voucher).was_signed_by == 1
    assert notices(world) == [voucher.reference]
    world.installation.plugins.memory.clear()  # as after five seconds
    old = world.scan(scanner, token=voucher.token)
    assert old["verdict"] == "revoked_key"
    assert "Ask for the new one" in old["message"]
    assert world.scan(scanner, token=row(world, voucher).token)["verdict"] == "redeemed"


def fields(of: Payload) -> dict[str, Any]:
    return {name: getattr(of, name) for name in of.__slots__}


def test_the_address_of_an_old_card_says_so(world: World) -> None:
    voucher = world.issue()
    revoke(world)
    world.installation.plugins.memory.clear()
    answer = create_app(world.installation).test_client().get(f"/V/{voucher.token}")
    assert answer.status_code == 404
    assert "This card is out of date" in answer.text
    assert "not one of our vouchers" not in answer.text


def test_the_code_on_the_old_card_still_counts(world: World, scanner: Scanner) -> None:
    voucher = world.issue()
    revoke(world)
    assert world.scan(scanner, code=voucher.code)["verdict"] == "redeemed"


def test_a_repeat_ends_in_the_same_state_and_tells_nobody_twice(world: World) -> None:
    vouchers = [robins(world), robins(world)]
    first = revoke(world)
    tokens = [row(world, voucher).token for voucher in vouchers]
    assert sorted(notices(world)) == sorted(first["open"])
    again = revoke(world)
    assert again == {**first, "signed_anew": 0, "told": 0}
    assert [row(world, voucher).token for voucher in vouchers] == tokens
    assert len(notices(world)) == 2
    assert len(facts(world, "key.revoked")) == 1
    assert len(facts(world, "voucher.signed_anew")) == 2
    assert "Signing key 1 was revoked 20" in sentence(world, "1")


def test_it_goes_on_where_it_was_interrupted(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signing_anew, "BATCH", 2)
    vouchers = [robins(world) for _ in range(5)]
    left = [3]

    def runs_out(*given: Any) -> str:
        left[0] -= 1
        if left[0] < 0:
            raise OSError("the machine went down")
        return mint(*given)

    with monkeypatch.context() as going_down:
        going_down.setattr(signing_anew, "mint", runs_out)
        done = run(world, "revoke", "1", "--reason", "x")
    assert isinstance(done.exception, OSError)
    assert len(facts(world, "voucher.signed_anew")) == 2
    told = revoke(world)
    assert told["open"] == [voucher.reference for voucher in vouchers]
    assert told["signed_anew"] == 3
    assert {payload(world, voucher).key for voucher in vouchers} == {2}
    assert sorted(notices(world)) == sorted(told["open"])


def test_a_file_of_a_making_that_was_cut_off_is_passed_over(world: World) -> None:
    settings = world.installation.settings
    path_of(settings, 2).write_text(path_of(settings, 1).read_text("ascii"), "ascii")
    assert revoke(world)["signing"] == 3


def test_a_withdrawn_voucher_is_renewed_quietly_and_comes_back_alive(
    world: World, scanner: Scanner
) -> None:
    voucher = robins(world)
    do(world, withdrawing.void, voucher)
    told = revoke(world)
    assert (told["open"], told["signed_anew"], told["told"]) == ([], 1, 0)
    assert notices(world) == []
    do(world, withdrawing.restore, voucher)
    assert world.scan(scanner, token=row(world, voucher).token)["verdict"] == "redeemed"


def test_what_is_used_up_or_over_comes_back_alive_as_well(world: World, scanner: Scanner) -> None:
    used, over = world.issue(), world.issue(now=clock.now() - timedelta(days=9))
    world.scan(scanner, token=used.token)
    assert revoke(world)["told"] == 0
    with world.installation.unit_of_work() as session:
        scan = last_redemption(session, row(world, used))
        undo(session, scan, reason="x", actor=COMMAND_LINE, now=clock.now())
    do(world, extending.extend, over, until=clock.now() + timedelta(hours=5))
    for voucher in (used, over):
        assert world.scan(scanner, token=row(world, voucher).token)["verdict"] == "redeemed"


def test_what_was_replaced_keeps_its_dead_token(world: World) -> None:
    voucher = world.issue()
    new = do(world, replacing.reissue, voucher)
    assert revoke(world)["open"] == [new.reference]
    assert row(world, voucher).token == voucher.token


def test_the_new_token_has_the_window_as_the_record_has_it(world: World) -> None:
    voucher = world.issue()
    until = voucher.valid_until + timedelta(days=3)
    do(world, extending.extend, voucher, until=until)
    revoke(world)
    assert payload(world, voucher).valid_until == int(until.timestamp())
    with world.installation.reading() as session:
        new = keyring.every(session)[1]
        assert new.last_until is not None
        assert new.last_until >= until


def test_the_record_has_the_keys_and_no_code_or_token(world: World) -> None:
    voucher = robins(world)
    revoke(world)
    [renewed] = facts(world, "voucher.signed_anew")
    member = row(world, voucher).member_id
    reference = voucher.reference
    assert renewed == {"voucher": reference, "member": member, "key": 2, "revoked_key": 1}
    [fact] = facts(world, "key.revoked")
    assert (fact["key"], fact["replaced_by"]) == (1, 2)
    with world.installation.reading() as session:
        said = [session.scalars(select(of)).all() for of in (AuditEntry.data, Job.payload)]
    secrets = (voucher.code, voucher.token, row(world, voucher).token, "stolen")
    assert not any(secret in str(said) for secret in secrets)


def test_a_scan_by_a_process_that_does_not_know_the_new_key_yet_is_no_refusal(
    world: World, scanner: Scanner
) -> None:
    voucher = world.issue()
    keyring.remembered(world.installation)  # for five seconds
    revoke(world)
    assert world.scan(scanner, token=row(world, voucher).token)["verdict"] == "redeemed"


def test_a_voucher_that_is_issued_at_the_same_moment_is_found(world: World) -> None:
    world.issue()
    issued, may_end = threading.Event(), threading.Event()
    told: list[dict[str, Any]] = []

    def issues() -> None:
        with world.installation.unit_of_work() as session:
            now = clock.now()
            known = members.ids_of(
                session, world.community_id, "sample", {"1": None}, first_seen=now
            )
            wanted = perk(session, world.community_id, "pin")
            issue(session, wanted, known["1"], cause="test", actor=COMMAND_LINE, now=now)
            issued.set()
            assert may_end.wait(20)

    issuing = threading.Thread(target=issues)
    revoking = threading.Thread(target=lambda: told.append(revoke(world)))
    issuing.start()
    assert issued.wait(20)
    revoking.start()
    revoking.join(0.5)
    assert not told  # it waits for who signs with the key just now
    may_end.set()
    issuing.join(20)
    revoking.join(20)
    assert len(told[0]["open"]) == 2


def test_a_key_that_waits_for_its_time_is_revoked_without_a_new_one(world: World) -> None:
    run(world, "rotate")
    voucher = world.issue()
    told = revoke(world, 2)
    assert (told["signing"], told["open"]) == (1, [])
    assert row(world, voucher).token == voucher.token
    assert run(world, "rotate").exit_code == 0  # another one may be published
    assert "Signing key 3 is revoked. It was not the one that signs." in sentence(world, "3")


def test_a_key_that_only_verifies_hands_its_vouchers_to_the_one_that_signs(world: World) -> None:
    voucher = world.issue()
    run(world, "rotate", "--at-once")
    told = revoke(world, 1)
    assert (told["signing"], told["open"]) == (2, [voucher.reference])
    assert payload(world, voucher).key == 2


def test_a_second_leak_is_answered_like_the_first(world: World, scanner: Scanner) -> None:
    voucher = robins(world)
    for number in (1, 2):
        assert revoke(world, number)["open"] == [voucher.reference]
    assert payload(world, voucher).key == 3
    assert notices(world) == [voucher.reference] * 2
    world.installation.plugins.memory.clear()
    assert world.scan(scanner, token=row(world, voucher).token)["verdict"] == "redeemed"


def test_a_number_that_no_key_has_is_told(world: World) -> None:
    assert "There is no signing key 9: `keepsake keys show` lists them." in sentence(world, "9")
    assert facts(world, "key.revoked") == []


def test_how_many_were_signed_anew_is_told_in_words(world: World) -> None:
    robins(world)
    said = sentence(world, "1")
    assert "Signed anew just now: 1, whose members are told, and 0 that are withdrawn" in said
