"""A signing key leaks: phones that show or keep codes of it get new ones while they are online."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import zxingcpp
from playwright.sync_api import Page, expect

from tests.end_to_end.test_live_code_and_its_screenshot import (
    phone,
    screenshot,
    serve,
    sign_in,
)
from tests.support.browser import open_browser
from tests.support.installations import PROGRAMME, World, make_installation
from tests.support.web import free_port
from tests.voucher.wallet.conftest import revoke_key
from voucher.token.reading import take_apart

MORE = '\n[perks.backstage]\nname = "Backstage"\nlive = true\n'


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    database = f"sqlite:///{tmp_path / 'keepsake.sqlite3'}"
    address = f"http://127.0.0.1:{free_port()}"
    installation = make_installation(tmp_path, database, PROGRAMME + MORE, address)
    yield World(installation)
    installation.close()


def is_online_again(page: Page) -> None:
    """What a page does each half minute, it does at once when the network is back."""
    page.evaluate("dispatchEvent(new Event('online'))")


def open_voucher(page: Page, world: World, reference: str) -> None:
    page.goto(f"{world.installation.settings.public_url}/wallet/{reference}")
    page.wait_for_selector('body[data-kept="true"]')


def key_shown_by(page: Page) -> int:
    (code,) = zxingcpp.read_barcodes(screenshot(page))
    return take_apart(code.text.rpartition("/")[2]).payload.key


def test_a_live_code_of_the_leaked_key_is_replaced_at_once(world: World) -> None:
    voucher = world.issue("backstage")
    with serve(world.installation), open_browser() as browser:
        page = phone(browser)
        sign_in(page, world)
        open_voucher(page, world, voucher.reference)
        assert key_shown_by(page) == 1
        before = page.locator(".qr-dark").get_attribute("d") or ""
        revoke_key(world, 1)
        is_online_again(page)
        expect(page.locator(".qr-dark")).not_to_have_attribute("d", before)
        assert key_shown_by(page) == 2


def test_a_card_that_is_shown_and_one_that_is_kept_are_replaced_at_once(world: World) -> None:
    shown, kept = world.issue(), world.issue()
    with open_browser() as browser:
        page = phone(browser)
        with serve(world.installation):
            sign_in(page, world)  # the page of all keeps the page of each
            open_voucher(page, world, shown.reference)
            expect(page.locator("[data-signed-by='1']")).to_be_visible()
            page.wait_for_function(KEYS_ARE_KEPT)
            revoke_key(world, 1)
            is_online_again(page)
            expect(page.locator("[data-signed-by='2']")).to_be_visible()
        # The server is gone now, and with it every network.
        open_voucher(page, world, kept.reference)
        expect(page.locator("[data-signed-by='2']")).to_be_visible()


def test_a_card_that_was_redeemed_stands_as_that_on_its_page(world: World) -> None:
    voucher = world.issue()
    with serve(world.installation), open_browser() as browser:
        page = phone(browser)
        sign_in(page, world)
        open_voucher(page, world, voucher.reference)
        world.scan(world.add_device()[0], token=voucher.token)
        is_online_again(page)
        expect(page.get_by_text("Redeemed at Pop-up")).to_be_visible()


KEYS_ARE_KEPT = "() => caches.match('/wallet/keys-of-kept-pages').then(Boolean)"
