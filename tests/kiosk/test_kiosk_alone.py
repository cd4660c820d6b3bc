"""The kiosk without a network: what it decides by itself, and what the record makes of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, expect

from tests.kiosk.fair import PERKS, Fair, come_back, expect_sent, lose, ready
from tests.kiosk.hands import dismiss, send, wait_verdict
from tests.support.installations import World, make_installation
from tests.support.web import free_port


@pytest.fixture
def fair(playwright: Playwright, tmp_path: Path) -> Iterator[Fair]:
    database = f"sqlite:///{tmp_path / 'keepsake.sqlite3'}"
    address = f"http://127.0.0.1:{free_port()}"
    installation = make_installation(tmp_path, database, PERKS, address)
    there = Fair(World(installation), playwright, tmp_path)
    yield there
    there.close()
    installation.close()


def test_a_day_at_a_desk_whose_network_goes_and_comes_back(fair: Fair) -> None:
    first, second, third = (fair.world.issue("pin", str(who)) for who in range(3))
    page = fair.desk("Door")
    send(page, first.token)
    wait_verdict(page, "redeemed")
    expect(page.locator("#verdict")).to_have_attribute("data-tone", "good")
    dismiss(page)
    fair.stop_server()
    lose(page)

    send(page, second.token)
    wait_verdict(page, "redeemed")
    expect(page.locator("#verdict")).to_have_attribute("data-tone", "later")
    expect(page.locator("#verdict-word")).to_have_text("Accepted")
    expect(page.locator("#verdict-own")).to_contain_text("Not yet confirmed")
    expect(page.locator("#verdict-own")).to_contain_text("Not checked: stock and other desks")
    dismiss(page)
    for used in (first, second):
        page.wait_for_timeout(5100)
        send(page, used.token)
        wait_verdict(page, "already_redeemed")
        expect(page.locator("#verdict-first")).to_contain_text("at Pop-up, device Door")
        dismiss(page)

    page.reload()
    expect(page.locator("#connection")).to_contain_text("No connection since", timeout=15_000)
    expect(page.locator("#kept")).to_contain_text("This device may hand out 2 more by itself")
    send(page, third.token)
    wait_verdict(page, "redeemed")
    expect(page.locator("#verdict")).to_have_attribute("data-tone", "later")
    dismiss(page)
    expect(page.locator("#kept")).to_contain_text("4 scans wait here to be sent.")

    fair.start_server()
    come_back(page)
    expect_sent(page)
    assert fair.count("redeemed") == 3
    assert fair.conflicts() == 0
    ready(page)
