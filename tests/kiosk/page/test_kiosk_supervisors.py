"""What a supervisor decides at the kiosk's page, from a refusal to the record."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app import clock
from app.actor import COMMAND_LINE
from app.communities import places
from kiosk.devices import pairing
from kiosk.devices.scanners import by_bearer
from tests.kiosk.hands import press_next, send, wait_verdict
from tests.support.accessible import broken
from tests.support.browser import open_browser
from tests.support.installations import PROGRAMME, World, make_installation
from tests.support.web import free_port, serving
from voucher.ledger.models import Voucher
from voucher.scans.models import Scan


def shut() -> str:
    """A programme whose pop-up opens on another day of the week."""
    other = (clock.now() + timedelta(days=3)).strftime("%a")
    hours = f'name = "Pop-up"\nhours = ["{other} 10:00-18:00"]'
    return (
        PROGRAMME.replace('name = "Pop-up"', hours)
        + '\n[perks.coffee]\nname = "Coffee"\nuses = 3\n'
    )


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    database = f"sqlite:///{tmp_path / 'keepsake.sqlite3'}"
    address = f"http://127.0.0.1:{free_port()}"
    installation = make_installation(tmp_path, database, shut(), address)
    yield World(installation)
    installation.close()


@pytest.fixture
def desk(world: World) -> Iterator[tuple[Page, str]]:
    """A paired kiosk on a phone, and the PIN of a supervisor who is admitted there."""
    with world.installation.unit_of_work() as session:
        station = places.station(session, world.community_id, "popup")
        added = pairing.add(session, station, "Door", actor=COMMAND_LINE, now=clock.now())
    scanner = by_bearer(world.installation, added.bearer)
    assert scanner is not None
    ada = world.add_operator("Ada", "supervisor")
    world.admit(ada, scanner)
    port = int(world.installation.settings.public_url.rpartition(":")[2])
    with serving(world.installation, port) as address, open_browser() as browser:
        page = browser.new_page(viewport={"width": 390, "height": 844}, locale="en-GB")
        page.goto(f"{address}/kiosk/pair/{added.pairing_secret}")
        page.get_by_role("button").click()
        page.wait_for_selector('body[data-reader="ready"]')
        yield page, world.draw_pin(ada)


def press(page: Page, name: str) -> None:
    # What comes right after an answer was meant for the page before: people are slower.
    page.wait_for_timeout(350)
    page.get_by_role("button", name=name, exact=True).click()


def voucher(world: World, reference: str) -> Voucher:
    with world.installation.reading() as session:
        return session.scalars(select(Voucher).where(Voucher.reference == reference)).one()


def test_a_supervisor_overrides_finds_and_refunds(world: World, desk: tuple[Page, str]) -> None:
    page, pin = desk
    shown, lost = world.issue(name="Bea"), world.issue("coffee", member="2", name="Cleo Night")
    # The page asks who is admitted once it is connected; until then nobody is offered.
    page.reload()
    expect(page.locator("#find-member")).to_be_visible()
    send(page, shown.code)
    wait_verdict(page, "closed_now")
    press(page, "Call a supervisor")
    dialog = page.locator("#decision")
    expect(dialog).to_contain_text("It is closed now.")
    assert broken(page) == []
    dialog.get_by_label("I have checked who it is").check()
    dialog.get_by_label("PIN").focus()
    page.keyboard.type("000000" if pin != "000000" else "111111")
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("alert")).to_have_text("Wrong PIN. 4 more tries.")
    assert voucher(world, shown.reference).uses_taken == 0
    page.keyboard.type(pin)
    page.keyboard.press("Enter")
    wait_verdict(page, "redeemed")
    assert voucher(world, shown.reference).uses_taken == 1
    press_next(page)

    press(page, "Find a member")
    finding = page.locator("#finding")
    finding.get_by_label("PIN").fill(pin)
    finding.get_by_label("Name or handle").fill("night")
    page.keyboard.press("Enter")
    expect(finding).to_contain_text("Cleo Night")
    expect(finding).to_contain_text(f"{lost.reference} · 3 left")
    assert broken(page) == []
    finding.get_by_role("button", name="Redeem: Coffee").click()
    finding.get_by_role("button", name="Redeem").click()
    expect(finding.get_by_role("alert")).to_have_text("First check who it is, then tick it.")
    page.keyboard.press("Space")
    finding.get_by_label("Why is there no code?").select_option("Another reason")
    finding.get_by_label("In your words").fill("bag was stolen")
    page.keyboard.press("Enter")
    wait_verdict(page, "closed_now")
    press(page, "Call a supervisor")
    dialog.get_by_label("PIN").fill(pin)
    page.keyboard.press("Enter")
    wait_verdict(page, "redeemed")
    expect(page.locator("#verdict-member")).to_have_text("for Cleo Night")
    expect(page.get_by_role("button", name="Undo", exact=True)).to_be_hidden()
    press_next(page)

    page.get_by_role(
        "button", name=f"Supervisor: Coffee · Cleo Night · {lost.reference}"
    ).first.click()
    dialog.get_by_label("Refund: it was faulty").check()
    dialog.get_by_label("It can be handed out again").check()
    dialog.get_by_label("PIN").fill(pin)
    page.keyboard.press("Enter")
    wait_verdict(page, "refund")
    refunded = voucher(world, lost.reference)
    assert refunded.standing == "refunded"
    with world.installation.reading() as session:
        cause = Voucher.cause == f"refund:{lost.reference}"
        new = session.scalars(select(Voucher).where(cause)).one()
        scans = session.scalars(select(Scan).order_by(Scan.received_at)).all()
    expect(page.locator("#verdict-sentence")).to_contain_text(new.reference)
    told = [(one.verdict, one.overridden, one.by_reference) for one in scans]
    assert told == [
        ("closed_now", None, False),
        ("redeemed", "closed_now", False),
        ("closed_now", None, True),
        ("redeemed", "closed_now", True),
    ]
    press_next(page)
    # Nothing is left to decide about what was refunded; without a network nothing at all.
    listed = page.locator(".recent-supervisor")
    expect(listed).to_have_count(1)
    page.context.set_offline(True)
    expect(page.locator("#supervisor-hint")).to_contain_text("need a network", timeout=15_000)
    expect(page.locator("#find-member")).to_be_disabled()
    expect(listed.first).to_be_hidden()
