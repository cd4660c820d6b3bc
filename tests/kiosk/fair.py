"""Kiosks in real browsers before a real server that is there, and then is not."""

from contextlib import ExitStack
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, Playwright, expect
from sqlalchemy import func, select

from app import clock
from app.actor import COMMAND_LINE
from app.communities import places
from kiosk.devices import pairing
from tests.support.browser import FLAGS, find_chromium
from tests.support.installations import PROGRAMME, World
from tests.support.web import serving
from voucher.scans.models import Conflict, Scan

PERKS = (
    PROGRAMME.replace('name = "Pop-up"', 'name = "Pop-up"\noffline_allowance = 3')
    + '\n[perks.coffee]\nname = "Coffee"\nuses = 3\n'
    + '\n[perks.bag]\nname = "Speaker bag"\noffline = false\n'
    + '\n[perks.seat]\nname = "Front row"\nidentity = true\n'
)
PHONE = {"width": 390, "height": 844}


class Fair:
    """A place with desks, whose network comes and goes."""

    def __init__(self, world: World, playwright: Playwright, folder: Path):
        self.world, self._playwright, self._folder = world, playwright, folder
        self._port = int(world.installation.settings.public_url.rpartition(":")[2])
        self._server, self._browsers = ExitStack(), ExitStack()
        self.start_server()

    def start_server(self) -> None:
        """Serves at the same address as before."""
        self._server.enter_context(serving(self.world.installation, self._port))

    def stop_server(self) -> None:
        """From now on nobody listens there."""
        self._server.close()

    def close(self) -> None:
        """Ends browsers and server."""
        self._browsers.close()
        self._server.close()

    def open(self, name: str, **how: Any) -> BrowserContext:
        """A browser whose disk is the one of that name, also of one that was killed."""
        context = self._playwright.chromium.launch_persistent_context(
            str(self._folder / name),
            executable_path=find_chromium(self._playwright),
            args=[*FLAGS],
            **({"viewport": PHONE} | how),
        )
        self._browsers.callback(context.close)
        return context

    def desk(self, name: str, **how: Any) -> Page:
        """A paired kiosk that is ready for the time without a network."""
        with self.world.installation.unit_of_work() as session:
            station = places.station(session, self.world.community_id, "popup")
            added = pairing.add(session, station, name, actor=COMMAND_LINE, now=clock.now())
        page = self.open(name, **how).pages[0]
        page.goto(f"{self.address}/kiosk/pair/{added.pairing_secret}")
        page.get_by_role("button").click()
        ready(page)
        return page

    def again(self, name: str) -> Page:
        """The kiosk of a browser that was closed or killed."""
        page = self.open(name).pages[0]
        page.goto(f"{self.address}/kiosk/")
        return page

    @property
    def address(self) -> str:
        """Where the kiosks find the server."""
        return f"http://127.0.0.1:{self._port}"

    def count(self, verdict: str) -> int:
        """How many attempts the record answered so."""
        with self.world.installation.reading() as session:
            wanted = select(func.count()).select_from(Scan).where(Scan.verdict == verdict)
            return session.scalars(wanted).one()

    def conflicts(self) -> int:
        """How many hand-overs the record did not accept."""
        with self.world.installation.reading() as session:
            return session.scalars(select(func.count()).select_from(Conflict)).one()


def ready(page: Page) -> None:
    """Waits until the kiosk can do without a network."""
    expect(page.locator("#known")).to_contain_text("Vouchers as of", timeout=15_000)
    page.wait_for_selector('body[data-installed="true"][data-reader="ready"]', timeout=15_000)


def lose(page: Page, *more: Page) -> None:
    """The network goes away at these desks, and they know it."""
    for each in (page, *more):
        each.context.set_offline(True)
        expect(each.locator("#connection")).to_contain_text("No connection since", timeout=15_000)


def come_back(page: Page) -> None:
    """The network is there again."""
    page.context.set_offline(False)
    expect(page.locator("#connection")).to_have_text("Connected", timeout=15_000)


def expect_sent(page: Page) -> None:
    """Nothing waits any more, and nobody has to look at anything."""
    expect(page.locator("#kept")).to_be_hidden(timeout=20_000)
