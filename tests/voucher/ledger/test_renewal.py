"""A new voucher for who missed the end: once, by the perk's policy, for what was left."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from app import clock
from app.actor import COMMAND_LINE
from app.audit.models import AuditEntry
from app.cli import command_line
from app.communities import members
from app.programme.applying import ready_community
from tests.support.installations import NOON, PROGRAMME, World, world_of
from voucher.ledger.changes import extending, replacing
from voucher.ledger.changes.renewing import renew, renew_own
from voucher.ledger.finding import Held, UnknownVoucher, by_reference
from voucher.ledger.issuance.issuing import Issued
from voucher.ledger.moves import MoveRefused

HOUR = timedelta(hours=1)
WINDOW = 72 * HOUR
LATER = NOON + 100 * HOUR
MORE = """
[perks.drinks]
name = "Drink card"
uses = 3
missed = "renew"
"""


world = world_of(PROGRAMME + MORE)


@pytest.fixture(autouse=True)
def after_the_end() -> Iterator[None]:
    with clock.standing_at(LATER):
        yield


@pytest.fixture
def missed(world: World) -> Issued:
    voucher = world.issue("drinks", now=NOON)
    scanner, _ = world.add_device()
    assert world.scan(scanner, NOON, token=voucher.token)["verdict"] == "redeemed"
    return voucher


def own(world: World, reference: str, member: str = "1") -> Issued:
    with world.installation.unit_of_work() as session:
        found = members.find(session, world.community_id, "sample", member)
        return renew_own(
            session, world.community_id, reference, member_id=found.id, now=clock.now()
        )


def do(world: World, reference: str, move: Callable[..., Any], *given: Any, **more: Any) -> Any:
    how = {"reason": "x", "actor": COMMAND_LINE, "now": clock.now()} | more
    with world.installation.unit_of_work() as session:
        held = by_reference(session, world.community_id, reference)
        return move(session, held.voucher, *given, **how)


def held(world: World, reference: str) -> Held:
    with world.installation.reading() as session:
        return by_reference(session, world.community_id, reference)


def test_a_member_gets_what_was_left_with_a_window_from_now(world: World, missed: Issued) -> None:
    new = own(world, missed.reference)
    old, now_held = held(world, missed.reference).voucher, held(world, new.reference).voucher
    assert (old.standing, old.stood_since) == ("superseded", LATER)
    assert (now_held.uses, now_held.valid_from, now_held.valid_until) == (2, LATER, LATER + WINDOW)
    assert now_held.cause == f"renewal:{missed.reference}"
    with world.installation.reading() as session:
        entry = session.scalars(
            select(AuditEntry).where(AuditEntry.kind == "voucher.renewed")
        ).one()
    assert entry.data == {
        "voucher": missed.reference,
        "member": old.member_id,
        "by": new.reference,
        "reason": None,
    }
    assert entry.actor == f"member:{old.member_id}"
    scanner, _ = world.add_device(name="Other")
    assert world.scan(scanner, token=new.token)["voucher"]["uses_left"] == 1


def test_a_renewal_is_not_renewed_again_whatever_it_was_replaced_by(
    world: World, missed: Issued
) -> None:
    new = own(world, missed.reference)
    with clock.standing_at(LATER + HOUR):
        again = do(world, new.reference, replacing.reissue)
    with clock.standing_at(LATER + 2 * WINDOW):
        for reference in (missed.reference, new.reference, again.reference):
            with pytest.raises(MoveRefused):
                own(world, reference)
        assert held(world, again.reference).state(clock.now()) == "expired"


def test_of_many_presses_one_wins(world: World, missed: Issued) -> None:
    def press(_number: int) -> str:
        try:
            return own(world, missed.reference).reference
        except MoveRefused as refused:
            return str(refused)

    with ThreadPoolExecutor(8) as pool:
        got = list(pool.map(press, range(8)))
    assert got.count(f"{missed.reference} was replaced: it cannot be renewed.") == 7
    [new] = [one for one in got if one.startswith("V-") and " " not in one]
    assert held(world, new).state(LATER) == "active"


@pytest.mark.parametrize(("perk", "now"), [("drinks", NOON), ("pin", LATER)])
def test_only_what_ended_and_may_be_is_renewed_by_its_member(
    world: World, perk: str, now: Any
) -> None:
    voucher = world.issue(perk, now=NOON)
    with clock.standing_at(now), pytest.raises(MoveRefused, match=voucher.reference):
        own(world, voucher.reference)
    assert held(world, voucher.reference).voucher.standing == "open"


def test_nobody_renews_another_members(world: World, missed: Issued) -> None:
    world.issue(member="2")
    with pytest.raises(UnknownVoucher):
        own(world, missed.reference, member="2")


def test_what_was_extended_or_used_up_is_not_renewed(world: World, missed: Issued) -> None:
    do(world, missed.reference, extending.extend, until=LATER + HOUR)
    with pytest.raises(MoveRefused, match="has not ended"):
        own(world, missed.reference)
    scanner, _ = world.add_device(name="Other")
    world.scan(scanner, code=missed.code, uses=2)
    with clock.standing_at(LATER + 2 * HOUR), pytest.raises(MoveRefused, match="used up"):
        own(world, missed.reference)


def test_a_perk_that_is_no_longer_given_is_not_renewed(world: World, missed: Issued) -> None:
    file = world.installation.settings.programme_file
    file.write_text(PROGRAMME, "utf-8")
    ready_community(world.installation)
    with pytest.raises(MoveRefused, match="not given any more"):
        own(world, missed.reference)


def test_an_organiser_renews_by_the_command_line_whatever_members_may(world: World) -> None:
    voucher = world.issue("pin", now=NOON)
    arguments = ["vouchers", "renew", voucher.reference, "--reason", "was ill"]
    command = command_line(world.installation)
    said = CliRunner().invoke(command, arguments, obj=world.installation).output.splitlines()
    assert said[0].startswith(f"{voucher.reference}  superseded")
    with world.installation.reading() as session:
        entry = session.scalars(
            select(AuditEntry).where(AuditEntry.kind == "voucher.renewed")
        ).one()
    assert entry.data["by"] in said[1]
    assert len(entry.data["reason"]) > 20
    with pytest.raises(MoveRefused):
        do(world, voucher.reference, renew)
