"""From the camera's frame that first shows a code to the verdict on the kiosk's screen.

A real browser before a film: a code, then nothing, and so on. A corner of the frame is dark while
it shows a code; the page's own frames tell when that was first seen.
"""

import io
import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from typing import NamedTuple

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from app import clock
from app.actor import COMMAND_LINE
from app.communities import places
from kiosk.devices import pairing
from tests.support.browser import launch
from tests.support.installations import PROGRAMME, World, make_installation
from tests.support.web import free_port, serving
from voucher.cards import make_symbol

COUNT, CODES = 30, 10
AIMS = {"online": 400, "offline": 250}
"""Milliseconds."""
USES = 100
"""Of each voucher: the film shows them over and over, and each time they are redeemed."""
SIZE = 1280, 720
SHOWN, EMPTY = 30, 15
"""Frames with a code, and without one; there are thirty a second."""
MODULE = 6
GIVE_UP = 180_000
CARDS = PROGRAMME + f'\n[perks.drinks]\nname = "Drinks"\nuses = {USES}\n'
WATCH = """
    window.verdicts = [];
    addEventListener("DOMContentLoaded", () => {
        const [video, verdict] = ["video", "verdict"].map((id) => document.getElementById(id));
        const pixel = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
        let [isDark, since] = [false, 0];
        const look = (now, frame) => {
            pixel.drawImage(video, 8, 8, 16, 16, 0, 0, 1, 1);
            const dark = pixel.getImageData(0, 0, 1, 1).data[0] < 128;
            if (dark && !isDark) since = frame.presentationTime;
            isDark = dark;
            video.requestVideoFrameCallback(look);
        };
        video.requestVideoFrameCallback(look);
        new MutationObserver(() => {
            const { verdict: name } = verdict.dataset;
            if (!name || !since) return;
            const began = since;
            since = 0;
            // The frame after the next one begins once the next one was painted.
            requestAnimationFrame(() => requestAnimationFrame((painted) => {
                window.verdicts.push({ name, ms: painted - began });
            }));
            setTimeout(() => document.getElementById("verdict-next").click(), 400);
        }).observe(verdict, { attributeFilter: ["data-verdict"] });
    });
"""


class Verdicts(NamedTuple):
    """Milliseconds: the median, and that which one of ten is above."""

    median: float
    p90: float


def measure(folder: Path) -> dict[str, Verdicts]:
    """Thirty verdicts with the server, and thirty once it is stopped."""
    (folder / "verdicts").mkdir()
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with _kiosk(folder / "verdicts") as (page, server):
        page.wait_for_selector('body[data-ready="true"]')
        _until(page, "document.getElementById('known').textContent.includes('as of')")
        online = _verdicts(page, "redeemed")
        server.close()
        page.wait_for_selector('#connection[data-state="lost"]', timeout=30_000)
        return {"online": online, "offline": _verdicts(page, "redeemed")}


def _verdicts(page: Page, name: str) -> Verdicts:
    page.evaluate("window.verdicts.length = 0")
    # The first is about a code that may have been seen before.
    _until(page, f"window.verdicts.length > {COUNT}")
    found = page.evaluate("window.verdicts")[1 : COUNT + 1]
    if others := {one["name"] for one in found} - {name}:
        raise RuntimeError(f"not {name}: {others}")
    took = sorted(one["ms"] for one in found)
    return Verdicts(median(took), took[COUNT * 9 // 10])


def _until(page: Page, holds: str) -> None:
    # Playwright's own wait evaluates a text in the page, which the page's policy forbids.
    for _ in range(GIVE_UP // 100):
        if page.evaluate(holds):
            return
        page.wait_for_timeout(100)
    raise RuntimeError(f"it does not come to {holds}")


@contextmanager
def _kiosk(folder: Path) -> Iterator[tuple[Page, ExitStack]]:
    """A paired kiosk before its film, and its server, to be closed."""
    address = f"http://127.0.0.1:{free_port()}"
    installation = make_installation(
        folder, f"sqlite:///{folder / 'kiosk.sqlite3'}", CARDS, address
    )
    world = World(installation)
    film = _write_film(folder / "film.mjpeg", [world.issue("drinks").token for _ in range(CODES)])
    with installation.unit_of_work() as session:
        station = places.station(session, world.community_id, "popup")
        added = pairing.add(session, station, "Door", actor=COMMAND_LINE, now=clock.now())
    with ExitStack() as all_of, ExitStack() as server:
        all_of.callback(installation.close)
        server.enter_context(serving(installation, int(address.rpartition(":")[2])))
        camera = (
            "--use-fake-device-for-media-stream",
            "--use-fake-ui-for-media-stream",
            f"--use-file-for-fake-video-capture={film}",
        )
        browser = launch(all_of.enter_context(sync_playwright()), camera)
        page = browser.new_page(viewport={"width": 390, "height": 844})
        page.add_init_script(WATCH)
        page.goto(f"{address}/kiosk/pair/{added.pairing_secret}")
        page.get_by_role("button").click()
        yield page, server
        browser.close()


def _write_film(path: Path, texts: list[str]) -> Path:
    """As a camera's own JPEGs, one after the other."""
    empty = _jpeg(Image.new("L", SIZE, 200))
    with path.open("wb") as film:
        for text in texts:
            code = make_symbol(text).image(MODULE).convert("L")
            scene = Image.new("L", SIZE, 200)
            scene.paste(code, ((SIZE[0] - code.width) // 2, (SIZE[1] - code.height) // 2))
            scene.paste(0, (0, 0, 64, 64))
            film.write(_jpeg(scene) * SHOWN + empty * EMPTY)
    return path


def _jpeg(scene: Image.Image) -> bytes:
    file = io.BytesIO()
    scene.convert("RGB").save(file, "JPEG", quality=90)
    return file.getvalue()
