"""A voucher's history: each step in words, with its entry, and a proof that anybody can check."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from app import clock
from app.actor import COMMAND_LINE
from app.audit import entries, keys, proofs, sealing
from app.audit.models import AuditEntry
from app.cli import command_line
from tests.support.installations import World
from tests.support.pages import Visitor
from tests.voucher.wallet.conftest import wallet_of
from voucher.ledger.changes import withdrawing
from voucher.ledger.finding import by_reference
from voucher.ledger.issuance.issuing import Issued


@pytest.fixture
def issued(world: World) -> Issued:
    return world.issue()


@pytest.fixture
def member(world: World, issued: Issued) -> Visitor:
    return wallet_of(world)


def page(member: Visitor, issued: Issued) -> str:
    return member.get(f"/wallet/{issued.reference}").text


def first_entry(world: World, issued: Issued) -> str:
    with world.installation.reading() as session:
        return str(entries.about(session, world.community_id, issued.reference)[0].id)


def check(world: World, proof: str, folder: Path) -> Result:
    file = folder / "proof.json"
    file.write_text(proof, "utf-8")
    words = ["audit", "check", str(file), "--json"]
    commands = command_line(world.installation)
    return CliRunner().invoke(commands, words, obj=world.installation)


def test_each_step_is_told_and_those_of_others_are_not(
    world: World, member: Visitor, issued: Issued
) -> None:
    other = world.issue()
    scanner, _ = world.add_device()
    elsewhere, _ = world.add_device("other")
    world.scan(elsewhere, token=issued.token)
    world.scan(scanner, token=issued.token)
    world.scan(scanner, token=issued.token)
    told = page(member, issued)
    steps = [
        "Shown at Pop-up and refused: it had been redeemed",
        "Redeemed at Pop-up",
        "Shown at Other place and refused: it was the wrong station",
        "Issued to you",
    ]
    places = [told.index(step) for step in steps]
    assert places == sorted(places)
    assert told.count('class="quiet-details"') == 4
    assert "Redeemed" not in page(member, other)


def test_a_step_that_is_not_sealed_yet_says_so(
    world: World, member: Visitor, issued: Issued
) -> None:
    entry = first_entry(world, issued)
    told = page(member, issued)
    assert "Recorded, not sealed yet" in told
    assert "Download the proof" not in told
    address = f"/wallet/{issued.reference}/proofs/{entry}"
    assert member.get(address).status_code == 409
    sealing.seal_due(world.installation)
    told = page(member, issued)
    assert "not sealed yet" not in told
    assert address in told
    assert member.get(address).status_code == 200


def test_a_proof_is_checked_by_the_command(
    world: World, member: Visitor, issued: Issued, tmp_path: Path
) -> None:
    for _ in range(4):
        world.issue(member="2")
        sealing.seal_due(world.installation)
    proof = member.get(f"/wallet/{issued.reference}/proofs/{first_entry(world, issued)}").text
    told = json.loads(check(world, proof, tmp_path).stdout)
    assert told["ok"] is True
    assert told["entry"]["data"]["voucher"] == issued.reference
    assert issued.code not in proof


def change(where: str, value: Any) -> Any:
    def changed(proof: dict[str, Any]) -> None:
        proof[where] = value(proof[where]) if callable(value) else value

    return changed


def test_each_entry_of_a_grown_record_is_proven(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As in a record of many thousand entries, of which most roots are remembered.
    monkeypatch.setattr(proofs, "KEPT_LEVEL", 1)
    for count in (3, 1, 7):
        for _ in range(count):
            world.issue()
        sealing.seal_due(world.installation)
    with world.installation.reading() as session:
        key = keys.public_key(session, world.installation.settings)
        every = session.scalars(select(AuditEntry).order_by(AuditEntry.number)).all()
        proven = [proofs.check(proofs.prove(session, entry), key).number for entry in every]
    assert proven == list(range(1, len(every) + 1))
    assert len(every) > 11


SPOILT = [
    lambda proof: proof["entry"]["data"].update(uses=99),
    change("number", lambda number: number + 1),
    change("number", 10**9),
    change("path", lambda path: path[:-1]),
    change("path", lambda path: [*path, "00" * 32]),
    change("checkpoint", lambda note: note.replace("\n", "\n1", 1)),
    change("checkpoint", ""),
    change("entry", None),
    lambda proof: proof.pop("path"),
]


def test_a_proof_that_was_changed_does_not_hold(
    world: World, member: Visitor, issued: Issued, tmp_path: Path
) -> None:
    for _ in range(3):
        world.issue(member="2")
    sealing.seal_due(world.installation)
    text = member.get(f"/wallet/{issued.reference}/proofs/{first_entry(world, issued)}").text
    for spoil in SPOILT:
        proof = json.loads(text)
        spoil(proof)
        answer = check(world, json.dumps(proof), tmp_path)
        assert (answer.exit_code, answer.stdout) == (1, "")
    assert check(world, text, tmp_path).exit_code == 0


def test_an_entry_of_another_voucher_is_not_proven_here(
    world: World, member: Visitor, issued: Issued
) -> None:
    other = world.issue(member="2")
    sealing.seal_due(world.installation)
    entry = first_entry(world, other)
    assert member.get(f"/wallet/{issued.reference}/proofs/{entry}").status_code == 404


def test_entries_are_found_by_what_they_are_about(world: World, issued: Issued) -> None:
    with world.installation.unit_of_work() as session:
        voucher = by_reference(session, world.community_id, issued.reference).voucher
        withdrawing.void(session, voucher, reason="x", actor=COMMAND_LINE, now=clock.now())
    world.issue(member="2")
    with world.installation.reading() as session:
        about = entries.about(session, world.community_id, issued.reference)
    assert [entry.kind for entry in about] == ["voucher.issued", "voucher.voided"]
