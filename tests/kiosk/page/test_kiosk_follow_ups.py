"""What staff do after an answer, from the page to the record: confirm, one more, undo."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from app import clock
from app.actor import COMMAND_LINE
from app.communities import places
from kiosk.devices import pairing
from tests.kiosk.hands import send, wait_verdict
from tests.support.installations import PROGRAMME, World, make_installation
from tests.support.web import free_port, serving
from voucher.ledger.models import Voucher

CHECKED = (
    PROGRAMME
    + '\n[perks.bag]\nname = "Speaker bag"\nidentity = true\nstaff_note = "The blue ones"\n'
    + '\n[perks.coffee]\nname = "Coffee"\nuses = 3\n'
    + '\n[perks.seat]\nname = "Front row"\nlive = true\nkind = "priority_entry"\n'
    + '\n[perks.off]\nname = "Ten off"\nkind = "discount"\ncoupon = "LANTERN-10"\n'
)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    database = f"sqlite:///{tmp_path / 'keepsake.sqlite3'}"
    address = f"http://127.0.0.1:{free_port()}"
    installation = make_installation(tmp_path, database, CHECKED, address)
    yield World(installation)
    installation.close()


@pytest.fixture
def kiosk(world: World, browser: Browser) -> Iterator[Page]:
    """A paired kiosk on a phone, before the real server."""
    with world.installation.unit_of_work() as session:
        station = places.station(session, world.community_id, "popup")
        added = pairing.add(session, station, "Door", actor=COMMAND_LINE, now=clock.now())
    port = int(world.installation.settings.public_url.rpartition(":")[2])
    with serving(world.installation, port) as address:
        page = browser.new_page(viewport={"width": 390, "height": 844})
        page.goto(f"{address}/kiosk/pair/{added.pairing_secret}")
        page.get_by_role("button").click()
        page.wait_for_selector('body[data-reader="ready"]')
        yield page
        page.context.close()


def press(page: Page, name: str) -> None:
    # What comes right after an answer was meant for the page before: people are slower.
    page.wait_for_timeout(350)
    page.get_by_role("button", name=name, exact=True).click()


def taken(world: World, reference: str) -> int:
    with world.installation.reading() as session:
        wanted = select(Voucher.uses_taken).where(Voucher.reference == reference)
        return session.scalars(wanted).one()


def test_who_was_looked_at_is_served_and_it_is_taken_back(world: World, kiosk: Page) -> None:
    issued = world.issue("bag", name="Ada")
    send(kiosk, issued.code)
    wait_verdict(kiosk, "identity_required")
    expect(kiosk.locator("#verdict-sentence")).to_contain_text("First check that this is Ada.")
    expect(kiosk.locator("#verdict-staff")).to_have_text("The blue ones")
    kiosk.wait_for_timeout(350)
    kiosk.locator("#verdict-word").click()
    wait_verdict(kiosk, "identity_required")
    assert taken(world, issued.reference) == 0
    press(kiosk, "Checked: hand it over")
    wait_verdict(kiosk, "redeemed")
    assert taken(world, issued.reference) == 1
    press(kiosk, "Undo")
    dialog = kiosk.get_by_role("dialog", name="Undo?")
    expect(dialog).to_contain_text("It can be used again.")
    press(kiosk, "Keep it redeemed")
    expect(dialog).to_be_hidden()
    assert taken(world, issued.reference) == 1
    press(kiosk, "Undo")
    press(kiosk, "Wrong person")
    wait_verdict(kiosk, "undone")
    assert taken(world, issued.reference) == 0
    press(kiosk, "Next")
    expect(kiosk.locator("#recent li").first).to_contain_text("Undone")
    expect(kiosk.locator("#recent button")).to_have_count(0)


def test_not_this_person_goes_on_and_nothing_is_taken(world: World, kiosk: Page) -> None:
    issued = world.issue("bag", name="Ada")
    send(kiosk, issued.code)
    wait_verdict(kiosk, "identity_required")
    press(kiosk, "Not this person")
    expect(kiosk.locator("#verdict")).to_be_hidden()
    assert taken(world, issued.reference) == 0


def test_a_check_stays_one_when_staff_have_looked(world: World, kiosk: Page) -> None:
    issued = world.issue("seat", name="Ada")
    kiosk.get_by_role("switch", name="Check only").press("Space")
    send(kiosk, issued.token)
    wait_verdict(kiosk, "live_required")
    press(kiosk, "No phone? I checked who it is")
    wait_verdict(kiosk, "valid")
    assert taken(world, issued.reference) == 0


def test_one_more_use_is_one_tap_and_each_can_be_undone_later(world: World, kiosk: Page) -> None:
    issued = world.issue("coffee", name="Ada")
    send(kiosk, issued.code)
    wait_verdict(kiosk, "redeemed")
    press(kiosk, "One more (2 left)")
    kiosk.get_by_role("button", name="One more (1 left)").wait_for()
    assert taken(world, issued.reference) == 2
    press(kiosk, "Next")
    undo = kiosk.locator("#recent").get_by_role("button", name="Undo Coffee")
    expect(undo).to_have_count(2)
    undo.last.click()
    press(kiosk, "Scanned by mistake")
    wait_verdict(kiosk, "undone")
    assert taken(world, issued.reference) == 1
    press(kiosk, "Next")
    expect(undo).to_have_count(1)


def test_a_discount_shows_its_coupon_and_a_hand_scanner_ends_a_question(
    world: World, kiosk: Page
) -> None:
    send(kiosk, world.issue("off").code)
    wait_verdict(kiosk, "redeemed")
    expect(kiosk.locator("#verdict-action")).to_have_text("Give the discount")
    expect(kiosk.locator("#verdict-coupon")).to_have_text("LANTERN-10")
    press(kiosk, "Undo")
    coffee = world.issue("coffee")
    kiosk.keyboard.type(coffee.code + "\n")
    expect(kiosk.locator("#verdict-perk")).to_have_text("Coffee")
    expect(kiosk.get_by_role("dialog", name="Undo?")).to_be_hidden()
    assert taken(world, coffee.reference) == 1
