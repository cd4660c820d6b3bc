"""A live code from the phone's page before the kiosk's camera; its screenshot; and no network."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect
from playwright.sync_api import Error as BrowserError

from app import clock
from app.actor import COMMAND_LINE
from app.communities import members, places
from app.installation import Installation
from kiosk.devices import pairing
from tests.support.browser import open_browser
from tests.support.camera import write_camera_film
from tests.support.installations import PROGRAMME, World, make_installation
from tests.support.web import free_port, serving
from voucher.keys.keyring import key_set
from voucher.token import Payload, judge, read
from voucher.wallet.entering.links import new_address

LIVE = PROGRAMME.replace("[perks.pin]\n", "[perks.pin]\nlive = true\n")
PHONE = {"width": 390, "height": 844}
KEPT = "caches.keys().then((names) => names.filter((name) => name.startsWith('keepsake-wallet-')))"
NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """An installation at a port that is free, with a perk whose codes are live."""
    database = f"sqlite:///{tmp_path / 'keepsake.sqlite3'}"
    address = f"http://127.0.0.1:{free_port()}"
    installation = make_installation(tmp_path, database, LIVE, address)
    yield World(installation)
    installation.close()


def serve(installation: Installation) -> AbstractContextManager[str]:
    return serving(installation, int(installation.settings.public_url.rpartition(":")[2]))


def phone(browser: Browser) -> Page:
    return browser.new_context(viewport=PHONE, device_scale_factor=2).new_page()  # type: ignore[arg-type]


def sign_in(page: Page, world: World, member: str = "1") -> None:
    """Opens a member's wallet by a fresh link, and waits until the phone has kept it."""
    with world.installation.unit_of_work() as session:
        found = members.find(session, world.community_id, "sample", member)
        link = new_address(session, world.installation.settings, found.id, now=clock.now())
    page.goto(link)
    page.get_by_role("button", name="Open my vouchers").click()
    page.wait_for_selector('body[data-kept="true"]')


def screenshot(page: Page) -> Image.Image:
    """What stands on the phone's screen once there is a live code."""
    expect(page.locator('[data-live][data-state="showing"]')).to_be_visible()
    return Image.open(BytesIO(page.locator(".qr").screenshot())).convert("L")


def payload_of(world: World, image: Image.Image) -> Payload:
    (code,) = zxingcpp.read_barcodes(image)
    with world.installation.reading() as session:
        return read(code.text, key_set(session))


@contextmanager
def kiosk_before(world: World, address: str, film: Path) -> Iterator[tuple[Page, Locator]]:
    """A kiosk whose camera sees a film, and what it answers."""
    camera = (
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    )
    with world.installation.unit_of_work() as session:
        station = places.station(session, world.community_id, "popup")
        added = pairing.add(session, station, "Door", actor=COMMAND_LINE, now=clock.now())
    with open_browser(camera) as browser:
        page = browser.new_page(viewport=PHONE)  # type: ignore[arg-type]
        page.goto(f"{address}/kiosk/pair/{added.pairing_secret}")
        page.get_by_role("button").click()
        yield page, page.locator("[data-verdict]:visible")


def test_a_live_code_is_redeemed_and_its_screenshot_is_called_one(
    world: World, tmp_path: Path
) -> None:
    world.issue(now=NOON)
    with serve(world.installation) as address:
        with clock.standing_at(NOON), open_browser() as browser:
            page = phone(browser)
            sign_in(page, world)
            image = screenshot(page)
        payload = payload_of(world, image)
        taken = datetime.fromtimestamp(payload.valid_from, UTC)
        film = write_camera_film(tmp_path / "phone.y4m", image.resize((470, 470)))
        with clock.standing_at(taken), kiosk_before(world, address, film) as (page, answer):
            expect(answer).to_have_attribute("data-verdict", "redeemed", timeout=20_000)
            with clock.standing_at(taken + timedelta(seconds=90)):
                page.reload()
                expect(answer).to_have_attribute("data-verdict", "expired", timeout=20_000)
                expect(answer).to_contain_text("Picture")
                expect(answer).to_contain_text("such as a screenshot")


def test_without_a_network_the_wallet_still_shows_a_valid_live_code(world: World) -> None:
    world.issue()
    with open_browser() as browser:
        page = phone(browser)
        with serve(world.installation):
            sign_in(page, world)
        # The server is gone now, and with it every network.
        page.reload()
        payload = payload_of(world, screenshot(page))
        assert payload.live
        judge(payload, int(clock.now().timestamp()), offline=True)
        expect(page.locator("[data-reach]")).to_contain_text("Works without a network until")
        page.get_by_role("link", name="Where and how").click()
        assert payload_of(world, screenshot(page)).voucher == payload.voucher
        expect(page.get_by_text("Issued to you")).to_be_visible()


def test_the_wallet_tells_where_the_phone_is(world: World) -> None:
    world.issue("pin", name="Robin")
    with serve(world.installation), open_browser() as browser:
        page = browser.new_context(timezone_id="America/Bogota").new_page()
        with page.expect_response("**/wallet/zone") as told:
            sign_in(page, world)
        assert told.value.status == 204
        page.reload()
        expect(page.get_by_text("at night in America/Bogota")).to_be_visible()


def test_nothing_of_a_wallet_stays_after_signing_out(world: World) -> None:
    world.issue()
    with open_browser() as browser:
        page = phone(browser)
        with serve(world.installation) as address:
            sign_in(page, world)
            assert len(page.evaluate(KEPT)) == 1
            page.get_by_role("button", name="Sign out", exact=True).click()
            expect(page.get_by_role("heading", name="Open your vouchers")).to_be_visible()
            assert page.evaluate(KEPT) == []
        with pytest.raises(BrowserError, match="ERR_"):
            page.goto(f"{address}/wallet/")


def test_nothing_of_another_members_wallet_stays(world: World) -> None:
    first, second = world.issue(member="1"), world.issue(member="2")
    with open_browser() as browser:
        page = phone(browser)
        with serve(world.installation) as address:
            sign_in(page, world, "1")
            before = page.evaluate(KEPT)
            sign_in(page, world, "2")
            after = page.evaluate(KEPT)
        assert len(before) == len(after) == 1
        assert before != after
        page.goto(f"{address}/wallet/{second.reference}")
        expect(page.locator('[data-live][data-state="showing"]')).to_be_visible()
        page.goto(f"{address}/wallet/{first.reference}")
        expect(page.get_by_text(first.reference)).to_have_count(0)
