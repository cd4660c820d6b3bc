"""Kiosks in real browsers before a real server that is there, and then is not."""

import os
import signal
import subprocess
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect
from sqlalchemy import func, select

from app import clock
from app.actor import COMMAND_LINE
from app.communities import places
from kiosk.devices import pairing
from kiosk.operators import admitting
from tests.support.browser import FLAGS, find_chromium
from tests.support.installations import PROGRAMME, World
from tests.support.web import serving
from voucher.ledger.models import Voucher
from voucher.scans.models import Conflict, Scan

PERKS = (
    PROGRAMME.replace('name = "Pop-up"', 'name = "Pop-up"\noffline_allowance = 3')
    + '\n[perks.coffee]\nname = "Coffee"\nuses = 3\npicture = "coffee.png"\n'
    + '\n[perks.bag]\nname = "Speaker bag"\noffline = false\n'
    + '\n[perks.glass]\nname = "Lantern glass"\nuses = 2\nredeemed_when = "confirmed"\n'
    + '\n[perks.seat]\nname = "Front row"\nidentity = true\n'
)
PHONE = {"width": 390, "height": 844}


class Fair:
    """A place with desks, whose network comes and goes."""

    def __init__(self, world: World, playwright: Playwright, browser: Browser, folder: Path):
        self.world, self._folder = world, folder
        self._playwright, self._browser = playwright, browser
        self._port = int(world.installation.settings.public_url.rpartition(":")[2])
        self._server, self._browsers = ExitStack(), ExitStack()
        self._open: dict[str, BrowserContext] = {}
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
        self._open[name] = context
        return context

    def visit(self, **how: Any) -> Page:
        """A page that shares a running browser with others, and nothing that is kept in it."""
        context = self._browser.new_context(**({"viewport": PHONE} | how))
        self._browsers.callback(context.close)
        return context.new_page()

    def desk(self, name: str, *, disk: bool = False, **how: Any) -> Page:
        """A paired kiosk that is ready for the time without a network.

        Only with a `disk` can its browser be left or killed, and be opened again.
        """
        page = self.open(name, **how).pages[0] if disk else self.visit(**how)
        self.pair(page, name)
        ready(page)
        return page

    def pair(self, page: Page, name: str) -> None:
        """The page's browser becomes a new device of that name."""
        with self.world.installation.unit_of_work() as session:
            station = places.station(session, self.world.community_id, "popup")
            added = pairing.add(session, station, name, actor=COMMAND_LINE, now=clock.now())
        page.goto(f"{self.address}/kiosk/pair/{added.pairing_secret}")
        page.get_by_role("button").click()

    def admit(self, page: Page, name: str, role: str = "steward") -> tuple[str, str]:
        """An operator who may sign in on a desk's device, which knows it already, and their PIN."""
        operator = self.world.add_operator(name, role)
        with self.world.installation.unit_of_work() as session:
            how: dict[str, Any] = {"actor": COMMAND_LINE, "now": clock.now()}
            device = page.get_attribute("body", "data-device-id") or ""
            admitting.admit(session, self.world.community_id, operator, device, **how)
        pin = self.world.draw_pin(operator)
        page.evaluate("dispatchEvent(new Event('online'))")
        expect(page.locator("#operator")).to_be_visible()
        return operator, pin

    def leave(self, name: str) -> None:
        """The browser is closed as people close it, which writes its cookies to the disk."""
        self._open[name].close()

    def kill(self, name: str) -> None:
        """The browser ends at once: the page is not asked, and hears of nothing."""
        (browser,) = _browsers_of(self._folder / name)
        with self._open[name].expect_event("close"):
            os.kill(browser, signal.SIGKILL)

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

    def uses_taken(self, reference: str) -> int:
        """How many uses of a voucher the record counts."""
        with self.world.installation.reading() as session:
            wanted = select(Voucher.uses_taken).where(Voucher.reference == reference)
            return session.scalars(wanted).one()

    def conflicts(self) -> int:
        """How many hand-overs the record did not accept."""
        with self.world.installation.reading() as session:
            return session.scalars(select(func.count()).select_from(Conflict)).one()


def _browsers_of(disk: Path) -> list[int]:
    """The processes that were started for this disk; those that they started are left out."""
    shown = ["ps", "-axww", "-o", "pid=,args="]
    lines = subprocess.run(shown, capture_output=True, text=True, check=True).stdout.splitlines()
    found = [line.split() for line in lines if f"--user-data-dir={disk} " in line]
    return [int(pid) for pid, *words in found if not any("--type=" in word for word in words)]


def until(page: Page, holds: Callable[[], bool]) -> None:
    """Lets the page go on until something holds."""
    for _ in range(300):
        if holds():
            return
        page.wait_for_timeout(50)
    raise AssertionError("it does not come to hold")


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
