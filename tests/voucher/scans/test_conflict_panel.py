"""Conflicts on the organisers' overview: told in words, and resolved by a form."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from html import unescape
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.actor import COMMAND_LINE
from app.audit.models import AuditEntry
from app.clock import as_text
from app.factory import create_app
from app.stock import levels, moving
from app.stock.levels import Sort
from tests.support.browser import open_browser
from tests.support.installations import NOON, PROGRAMME, World, world_of
from tests.support.pages import Visitor, new_link, served, with_settings
from voucher.ledger.changes import withdrawing
from voucher.ledger.finding import by_reference
from voucher.ledger.issuance.issuing import Issued
from voucher.scans.conflicts import panel as conflict_panel
from voucher.scans.conflicts.conflicts import Resolution
from voucher.scans.judgement.claims import IMPOSSIBLE_TIME, NOT_ALLOWED, REVOKED_DEVICE
from voucher.scans.rules import REFUSALS

MUGS = PROGRAMME + '\n[perks.mug]\nname = "Mug"\nitem = "mug"\n\n[items.mug]\nname = "Mug"\n'
LATER = NOON + timedelta(hours=2)
SOON = 10_000
"""Milliseconds: a few times as long as the page waits between two looks."""


world = world_of(MUGS, at=NOON)


@pytest.fixture
def visitor(world: World) -> Visitor:
    return Visitor(world.installation).sign_in()


def claim(minutes: int) -> dict[str, Any]:
    at = as_text(NOON + timedelta(minutes=minutes))
    told = {"verdict": "redeemed", "judged_at": at, "synced_at": as_text(NOON), "skew_ms": 0}
    return {"offline": told}


def void(world: World, issued: Issued) -> None:
    with world.installation.unit_of_work() as session:
        voucher = by_reference(session, world.community_id, issued.reference).voucher
        withdrawing.void(session, voucher, reason="r", actor=COMMAND_LINE, now=NOON)


def handed_over_twice(world: World) -> tuple[Issued, str]:
    """A pin that Door 2 redeemed at 12:10, and that Ada's tent had handed over at 12:05."""
    first, _ = world.add_device(name="Door 2")
    tent, _ = world.add_device(name="Tent")
    pin = world.issue()
    world.scan(first, NOON + timedelta(minutes=10), token=pin.token)
    ada = world.add_operator("Ada")
    answer = world.scan(tent, LATER, token=pin.token, operator=ada, **claim(5))
    return pin, answer["conflict"]


def impossible(world: World, perk: str = "mug") -> tuple[Issued, str]:
    """Something that a device says it handed over before its last word from us."""
    scanner, _ = world.add_device(name=f"Clock {uuid4().hex[:4]}")
    issued = world.issue(perk)
    return issued, world.scan(scanner, LATER, token=issued.token, **claim(-5))["conflict"]


def receive(world: World, quantity: int) -> None:
    with world.installation.unit_of_work() as session:
        how: dict[str, Any] = {"reason": "r", "actor": COMMAND_LINE, "now": NOON}
        moving.receive(session, Sort(world.community_id, "mug", ""), "popup", quantity, **how)


def told(page: str) -> str:
    """The panel's text, as people read it."""
    (section,) = re.findall(r'<section id="panel-conflicts".*?</section>', page, re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", section)).split())


def shown(visitor: Visitor) -> str:
    return told(visitor.get("/console").text)


def press(visitor: Visitor, conflict: str, button: str, reason: str = "spoke to them") -> Any:
    return visitor.post(f"/console/conflicts/{conflict}", resolution=button, reason=reason)


def resolutions(world: World) -> list[tuple[str, str]]:
    with world.installation.reading() as session:
        rows = select(AuditEntry).where(AuditEntry.kind == "conflict.resolved")
        return [(row.actor, row.data["resolution"]) for row in session.scalars(rows)]


def test_without_any_it_says_so(world: World, visitor: Visitor) -> None:
    assert "Nothing is to be looked at." in shown(visitor)


def test_it_tells_what_was_handed_over_and_what_had_come_first(
    world: World, visitor: Visitor
) -> None:
    pin, _ = handed_over_twice(world)
    text = shown(visitor)
    assert f"It had been redeemed already Pin {pin.reference}" in text
    assert "Handed over Pop-up , Tent, Ada, 13:05:00" in text
    assert "Had come first Pop-up , Door 2, 13:10:00" in text
    page = visitor.get("/console").text
    for secret in (pin.code, pin.code.replace("-", ""), pin.token):
        assert secret not in page


def test_only_what_can_be_done_is_offered(world: World, visitor: Visitor) -> None:
    handed_over_twice(world)
    assert "Accept the loss Void the voucher Accepting" in shown(visitor)
    assert "Charge the stock" not in shown(visitor)
    receive(world, 1)
    impossible(world)
    assert "Charge the stock" in shown(visitor)


def test_a_code_that_nobody_knows_can_only_be_accepted(world: World, visitor: Visitor) -> None:
    scanner, _ = world.add_device()
    conflict = world.scan(scanner, LATER, code="0ABC-1DEF-2GHJK", **claim(5))["conflict"]
    text = shown(visitor)
    assert "No such voucher is known here Something Handed over" in text
    assert "Void the voucher" not in text
    assert press(visitor, conflict, "accepted").status_code == 303


def test_the_loss_is_accepted_in_the_organisers_name(world: World, visitor: Visitor) -> None:
    pin, conflict = handed_over_twice(world)
    answer = press(visitor, conflict, "accepted")
    assert (answer.status_code, answer.location) == (303, "/console#panel-conflicts")
    text = shown(visitor)
    assert "Nothing is to be looked at." in text
    assert f"Last resolved Loss accepted Pin {pin.reference}" in text
    [(actor, resolution)] = resolutions(world)
    assert actor.startswith("organiser:") and resolution == "accepted"


def test_the_voucher_is_voided(world: World, visitor: Visitor) -> None:
    pin, conflict = impossible(world, "pin")
    assert press(visitor, conflict, "voided").status_code == 303
    assert "Last resolved Voucher withdrawn" in shown(visitor)
    with world.installation.reading() as session:
        assert by_reference(session, world.community_id, pin.reference).state(NOON) == "void"


def test_the_stock_is_charged(world: World, visitor: Visitor) -> None:
    receive(world, 2)
    _, conflict = impossible(world)
    assert press(visitor, conflict, "charged").status_code == 303
    assert "Last resolved Stock charged" in shown(visitor)
    with world.installation.reading() as session:
        rows = levels.of_community(session, world.community_id, now=NOON)
        assert [level.on_hand for level, _ in rows if level.place == "popup"] == [1]


def test_what_refuses_it_is_told_at_its_form_with_the_reason_kept(
    world: World, visitor: Visitor
) -> None:
    pin, conflict = impossible(world, "pin")
    void(world, pin)
    answer = press(visitor, conflict, "voided", "a <thief>")
    assert answer.status_code == 409
    assert f"{pin.reference} is withdrawn: it cannot be withdrawn." in told(answer.text)
    assert f'<details id="resolve-{conflict}" open>' in answer.text
    assert "a &lt;thief&gt;</textarea>" in answer.text
    assert resolutions(world) == []


@pytest.mark.parametrize(
    ("button", "reason", "sentence"),
    [
        ("accepted", "  ", "Say why, in at most 1000 characters."),
        ("accepted", "x" * 1001, "Say why, in at most 1000 characters."),
        ("forgiven", "r", "Press one of the buttons."),
    ],
)
def test_a_form_that_says_too_little_changes_nothing(
    world: World, visitor: Visitor, button: str, reason: str, sentence: str
) -> None:
    _, conflict = impossible(world, "pin")
    answer = press(visitor, conflict, button, reason)
    assert answer.status_code == 422
    assert sentence in told(answer.text)
    assert resolutions(world) == []


def test_the_second_of_two_organisers_is_told(world: World, visitor: Visitor) -> None:
    _, conflict = impossible(world, "pin")
    press(visitor, conflict, "accepted")
    answer = press(Visitor(world.installation).sign_in("Noor"), conflict, "voided")
    assert answer.status_code == 409
    assert "This conflict was resolved before: accepted." in told(answer.text)


def test_one_that_is_not_there_is_told(world: World, visitor: Visitor) -> None:
    answer = press(visitor, str(uuid4()), "accepted")
    assert answer.status_code == 404
    assert "There is no such conflict." in told(answer.text)


def test_another_sites_page_resolves_nothing(world: World, visitor: Visitor) -> None:
    _, conflict = impossible(world, "pin")
    for origin in (None, "https://evil.example"):
        path, form = f"/console/conflicts/{conflict}", {"resolution": "accepted", "reason": "r"}
        assert visitor.post(path, origin, **form).status_code == 403
    assert resolutions(world) == []


def test_the_oldest_ten_are_shown_and_all_are_counted(world: World, visitor: Visitor) -> None:
    for _ in range(11):
        impossible(world, "pin")
    assert "11 to look at, the oldest first" in shown(visitor)
    assert shown(visitor).count("The device gave a time that cannot be") == 10


def test_every_reason_and_every_resolution_has_its_words() -> None:
    asked_for_a_network = {"online_required", "allowance_spent"}
    ours = {IMPOSSIBLE_TIME, REVOKED_DEVICE, NOT_ALLOWED}
    assert set(REFUSALS) | ours <= set(conflict_panel.REASONS) | asked_for_a_network
    assert set(conflict_panel.OUTCOMES) == set(Resolution)


@pytest.fixture
def open_page(world: World) -> Iterator[Page]:
    """The overview in a real browser, signed in."""
    app: Flask  # made as soon as its address is known
    with ExitStack() as stack:
        address = stack.enter_context(served(lambda *call: app(*call)))
        app = create_app(with_settings(world.installation, public_address=address))
        page = stack.enter_context(open_browser()).new_page()
        page.goto(address + new_link(world.installation))
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(f"{address}/console")
        yield page


def test_what_is_typed_outlives_what_happens_meanwhile(world: World, open_page: Page) -> None:
    pin, conflict = impossible(world, "pin")
    panel = open_page.locator("#panel-conflicts")
    expect(panel).to_contain_text(pin.reference, timeout=SOON)
    form = panel.locator(f"#resolve-{conflict}")
    form.locator("summary").click()
    impossible(world, "pin")  # an unfolded form stays so, when its panel changes
    expect(panel).to_contain_text("2 to look at", timeout=SOON)
    why = form.get_by_label("Why")
    expect(why).to_be_visible()
    why.fill("they showed")
    open_page.get_by_role("button", name="Pause").focus()
    impossible(world, "pin")
    world.issue()
    expect(open_page.locator("#panel-vouchers .figure").first).to_contain_text("4", timeout=SOON)
    expect(why).to_have_value("they showed")
    form.get_by_role("button", name="Accept the loss").click()
    expect(panel).to_contain_text("Loss accepted")
    expect(panel).to_contain_text("2 to look at")
    assert len(resolutions(world)) == 1
