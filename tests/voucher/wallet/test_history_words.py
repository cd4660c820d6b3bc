"""Every kind of step has words of its own, and what is between organisers and desks is left out."""

from dataclasses import fields
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from app import clock
from app.audit import sealing
from app.audit.models import AuditEntry
from app.journal import Fact
from tests.support.installations import World
from tests.voucher.wallet.conftest import revoke_key, wallet_of
from voucher.scans.follow_ups.confirming import confirm, release
from voucher.scans.requests import EndRequest
from voucher.scans.scanners import Scanner
from voucher.wallet.pages.history import NOT_FOR_MEMBERS, WORDS


def kinds_about_vouchers(base: type[Fact] = Fact) -> set[str]:
    """The kinds of all facts of this package that are found by a voucher's reference."""
    found = set()
    for one in base.__subclasses__():
        if one.__module__.startswith("voucher.") and "voucher" in {f.name for f in fields(one)}:
            found.add(one.kind)
        found |= kinds_about_vouchers(one)
    return found


def test_each_kind_of_step_has_words(world: World) -> None:
    kinds = kinds_about_vouchers()
    assert {"voucher.issued", "voucher.signed_anew_quietly", "conflict.found"} <= kinds
    assert kinds <= set(WORDS) | set(NOT_FOR_MEMBERS)


def test_a_member_reads_what_a_supervisor_decided() -> None:
    at = {"station": "popup", "rules": "closed_now,expired"}
    told = [
        WORDS[kind](at, {"popup": "Pop-up"}) for kind in ("scan.overridden", "scan.by_reference")
    ]
    assert told == [
        "A supervisor at Pop-up served you all the same, though the station was closed and it was"
        " too late, or an old picture was shown",
        "A supervisor at Pop-up found it by your name, without its code",
    ]


def end(world: World, scanner: Scanner, how: Any, attempt: str, late: int = 0) -> Any:
    now = clock.now() + timedelta(minutes=late)
    with world.installation.unit_of_work() as session:
        return how(session, scanner, UUID(attempt), EndRequest.read({}), now=now)


def test_what_was_held_and_signed_anew_is_told_and_a_conflict_is_not(world: World) -> None:
    voucher = world.issue()
    scanner, other = world.add_device()[0], world.add_device(name="Bar")[0]
    attempts = [str(uuid4()) for _ in range(2)]
    for attempt in attempts:
        world.scan(scanner, mode="hold", token=voucher.token, attempt_id=attempt)
        end(world, scanner, release, attempt)
    revoke_key(world, 1)
    world.scan(other, code=voucher.code)
    assert end(world, scanner, confirm, attempts[0])["conflict"]
    page = wallet_of(world).get(f"/wallet/{voucher.reference}").text
    assert page.count("Kept at Pop-up while staff hand it over") == 2
    assert page.count("Not handed over after all: it is free again") == 2
    assert "You got a new card: the key that had signed the old one is withdrawn" in page
    assert "onflict" not in page
    sealing.seal_due(world.installation)
    with world.installation.reading() as session:
        found = select(AuditEntry.id).where(AuditEntry.kind == "conflict.found")
        entry = session.scalars(found).one()
    proof = wallet_of(world).get(f"/wallet/{voucher.reference}/proofs/{entry}")
    assert proof.status_code == 404
