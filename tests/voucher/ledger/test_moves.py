"""What can be done with a voucher, and what members, staff and the record learn of it."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.actor import COMMAND_LINE
from app.audit.models import AuditEntry, Remark
from app.audit.remarks import digest_of
from tests.support.installations import NOON, PROGRAMME, World, world_of
from voucher.ledger import panels
from voucher.ledger.changes import extending, renewing, replacing, withdrawing
from voucher.ledger.finding import Held, by_reference
from voucher.ledger.issuance.issuing import Issued
from voucher.ledger.models import Voucher
from voucher.ledger.moves import ALLOWED, Move, MoveRefused, Standing
from voucher.scans.follow_ups.undoing import last_redemption, undo

DRINKS = PROGRAMME + '\n[perks.drinks]\nname = "Drink card"\nuses = 3\n'
HOUR = timedelta(hours=1)


world = world_of(DRINKS)


@pytest.fixture(autouse=True)
def at_noon() -> Iterator[None]:
    with clock.standing_at(NOON):
        yield


def do(world: World, reference: str, move: Callable[..., Any], *given: Any, **more: Any) -> Any:
    how = {"reason": "because", "actor": COMMAND_LINE, "now": clock.now()} | more
    with world.installation.unit_of_work() as session:
        held = by_reference(session, world.community_id, reference)
        return move(session, held.voucher, *given, **how)


def take_back(session: Session, voucher: Voucher, **how: Any) -> None:
    undo(session, last_redemption(session, voucher), **how)


def held(world: World, reference: str) -> Held:
    with world.installation.reading() as session:
        return by_reference(session, world.community_id, reference)


def facts(session: Session, kind: str) -> list[dict[str, Any]]:
    return list(session.scalars(select(AuditEntry.data).where(AuditEntry.kind == kind)))


def test_a_void_voucher_is_refused_and_can_be_restored(world: World) -> None:
    scanner, _ = world.add_device()
    voucher = world.issue()
    do(world, voucher.reference, withdrawing.void)
    assert held(world, voucher.reference).state(NOON) == "void"
    ways: list[dict[str, Any]] = [{"token": voucher.token}, {"code": voucher.code}]
    for shown in ways:
        answer = world.scan(scanner, **shown)
        assert answer["verdict"] == "void"
        assert answer["message"].startswith("Withdrawn today 13:00. An organiser")
    do(world, voucher.reference, withdrawing.restore)
    assert world.scan(scanner, token=voucher.token)["verdict"] == "redeemed"


def test_a_reissued_voucher_has_another_code_and_the_same_window(world: World) -> None:
    scanner, _ = world.add_device()
    old = world.issue("drinks")
    world.scan(scanner, token=old.token)
    with clock.standing_at(NOON + HOUR):
        new: Issued = do(world, old.reference, replacing.reissue)
        assert (new.valid_from, new.valid_until) == (old.valid_from, old.valid_until)
        assert new.code != old.code
        refused = world.scan(scanner, token=old.token)
        assert refused["verdict"] == "superseded"
        assert refused["message"].startswith("Replaced today 14:00. Ask for the new card")
        taken = world.scan(scanner, token=new.token, uses=2)
    assert (taken["verdict"], taken["voucher"]["uses_left"]) == ("redeemed", 0)


def test_a_refund_gives_what_was_faulty_and_what_is_left(world: World) -> None:
    scanner, _ = world.add_device()
    old = world.issue("drinks")
    world.scan(scanner, token=old.token, uses=2)
    with clock.standing_at(NOON + HOUR):
        new = do(world, old.reference, replacing.refund, 1).new
        assert new.valid_until == old.valid_until + HOUR
        assert world.scan(scanner, token=old.token)["verdict"] == "refunded"
        assert world.scan(scanner, token=new.token, uses=2)["voucher"]["uses_left"] == 0


def test_no_more_is_refunded_than_was_redeemed(world: World) -> None:
    scanner, _ = world.add_device()
    old = world.issue("drinks")
    world.scan(scanner, token=old.token)
    with pytest.raises(MoveRefused, match="has 1 redeemed of the 2 that are to be refunded"):
        do(world, old.reference, replacing.refund, 2)
    assert held(world, old.reference).state(NOON) == "active"


def test_an_extension_holds_against_the_signed_window(world: World) -> None:
    scanner, _ = world.add_device()
    voucher = world.issue()
    later = voucher.valid_until + 2 * HOUR
    do(world, voucher.reference, extending.extend, until=later)
    with clock.standing_at(later - timedelta(seconds=1)):
        assert world.scan(scanner, token=voucher.token, mode="check")["verdict"] == "valid"
    with clock.standing_at(later):
        assert world.scan(scanner, token=voucher.token)["verdict"] == "expired"
    with world.installation.reading() as session:
        told = facts(session, "voucher.extended")
    assert [(one["was_until"], one["valid_until"]) for one in told] == [
        (clock.as_text(voucher.valid_until), clock.as_text(later))
    ]


def test_what_has_ended_can_be_extended(world: World) -> None:
    scanner, _ = world.add_device()
    voucher = world.issue()
    with clock.standing_at(voucher.valid_until + HOUR):
        do(world, voucher.reference, extending.extend, until=clock.now() + HOUR)
        assert world.scan(scanner, token=voucher.token)["verdict"] == "redeemed"


@pytest.mark.parametrize("hours", [-1, 0, 72, 72 + 366 * 24 + 1])
def test_an_extension_must_be_later_and_within_a_year(world: World, hours: int) -> None:
    voucher = world.issue()
    with pytest.raises(MoveRefused):
        do(world, voucher.reference, extending.extend, until=NOON + hours * HOUR)
    assert held(world, voucher.reference).voucher.valid_until == voucher.valid_until


def test_a_station_is_extended_and_nothing_else(world: World) -> None:
    scanner, _ = world.add_device()
    here, anywhere, elsewhere = world.issue(), world.issue("drinks"), world.issue("elsewhere")
    used, void = world.issue(), world.issue()
    world.scan(scanner, token=used.token)
    do(world, void.reference, withdrawing.void)
    with world.installation.unit_of_work() as session:
        how: dict[str, Any] = {"reason": "rain", "actor": COMMAND_LINE, "now": clock.now()}
        extended = extending.extend_station(session, world.community_id, "popup", by=HOUR, **how)
        assert {one.reference for one in extended} == {here.reference, anywhere.reference}
    for one, by in ((here, HOUR), (anywhere, HOUR), (elsewhere, 0 * HOUR), (void, 0 * HOUR)):
        assert held(world, one.reference).voucher.valid_until == one.valid_until + by
    with world.installation.reading() as session:
        told = {one["voucher"]: one for one in facts(session, "voucher.extended")}
        assert set(told) == {here.reference, anywhere.reference}
        assert told[here.reference]["was_until"] == clock.as_text(here.valid_until)
        assert told[here.reference]["valid_until"] == clock.as_text(here.valid_until + HOUR)
        rain = select(Remark.digest).where(Remark.text == "rain")
        assert {one["reason"] for one in told.values()} == set(session.scalars(rain))


@pytest.mark.parametrize("by", [timedelta(0), -HOUR, timedelta(days=367)])
def test_a_station_is_extended_by_some_time_and_at_most_a_year(world: World, by: timedelta) -> None:
    voucher = world.issue()
    how: dict[str, Any] = {"reason": "rain", "actor": COMMAND_LINE, "now": clock.now()}
    with world.installation.unit_of_work() as session, pytest.raises(MoveRefused):
        extending.extend_station(session, world.community_id, "popup", by=by, **how)
    assert held(world, voucher.reference).voucher.valid_until == voucher.valid_until


@pytest.mark.parametrize("standing", list(Standing))
@pytest.mark.parametrize("move", [move for move in Move if move is not Move.REDEEM])
def test_the_table_decides_each_move(world: World, move: Move, standing: Standing) -> None:
    scanner, _ = world.add_device()
    voucher = world.issue("drinks")
    world.scan(scanner, token=voucher.token)
    ways: dict[Standing, tuple[Any, ...]] = {
        Standing.VOID: (withdrawing.void,),
        Standing.SUPERSEDED: (replacing.reissue,),
        Standing.REFUNDED: (replacing.refund, 1),
    }
    if way := ways.get(standing):
        do(world, voucher.reference, *way)
    moves: dict[Move, Callable[[], Any]] = {
        Move.UNDO: lambda: do(world, voucher.reference, take_back),
        Move.VOID: lambda: do(world, voucher.reference, withdrawing.void),
        Move.RESTORE: lambda: do(world, voucher.reference, withdrawing.restore),
        Move.SUPERSEDE: lambda: do(world, voucher.reference, replacing.reissue),
        Move.REFUND: lambda: do(world, voucher.reference, replacing.refund, 1),
        Move.RENEW: lambda: do(world, voucher.reference, renewing.renew, now=voucher.valid_until),
        Move.EXTEND: lambda: do(
            world, voucher.reference, extending.extend, until=voucher.valid_until + HOUR
        ),
    }
    if ALLOWED[move].before == standing:
        moves[move]()
        assert held(world, voucher.reference).voucher.standing == ALLOWED[move].after
    else:
        with pytest.raises(MoveRefused, match=voucher.reference):
            moves[move]()
        assert held(world, voucher.reference).voucher.standing == standing


def test_of_many_who_replace_a_voucher_at_once_one_does(world: World) -> None:
    voucher = world.issue()

    def reissue(_number: int) -> bool:
        try:
            do(world, voucher.reference, replacing.reissue)
        except MoveRefused:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(reissue, range(8)))
    assert done.count(True) == 1
    with world.installation.reading() as session:
        counts = panels.count(session, world.community_id, now=NOON)
    assert (counts.issued, counts.active, counts.withdrawn) == (2, 1, 1)


def test_the_reason_is_kept_apart_from_the_record(world: World) -> None:
    voucher = world.issue()
    do(world, voucher.reference, withdrawing.void, reason="seen twice at the fair")
    with world.installation.reading() as session:
        fact = facts(session, "voucher.voided")[0]
        kept = session.scalars(select(Remark)).one()
        assert kept.text == "seen twice at the fair"
        assert kept.salt is not None
        assert fact["reason"] == kept.digest == digest_of(kept.salt, kept.text)
        assert "fair" not in str(fact)


def test_a_reissue_keeps_the_code_out_of_the_record(world: World) -> None:
    voucher = world.issue()
    new = do(world, voucher.reference, replacing.reissue)
    with world.installation.reading() as session:
        everything = str([entry.data for entry in session.scalars(select(AuditEntry))])
    for secret in (voucher.code, new.code, voucher.token[:39], new.token[:39]):
        assert secret not in everything
