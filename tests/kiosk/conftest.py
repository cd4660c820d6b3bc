"""The kiosk's page in a real browser, with a camera, against a server of a few lines."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright
from werkzeug.serving import make_server

from kiosk.operators import pins
from tests.kiosk.desks import Desk
from tests.kiosk.fair import PERKS, Fair
from tests.kiosk.hands import Film
from tests.kiosk.page.stub import Stub, stub_app
from tests.kiosk.supervisors import PIN, admitted
from tests.support.browser import launch
from tests.support.camera import qr_image, write_camera_film
from tests.support.installations import World, make_installation
from tests.support.web import free_port


@pytest.fixture
def quick_pins(monkeypatch: pytest.MonkeyPatch) -> None:
    """PINs are kept as they are, and each that is drawn is the same."""
    monkeypatch.setattr(pins, "hash_of", lambda pin: pin)
    monkeypatch.setattr(pins, "matches", lambda pin, hashed: pin == hashed)
    monkeypatch.setattr(pins, "drawn", lambda: PIN)


@pytest.fixture
def door(world: World) -> Desk:
    return Desk(world)


@pytest.fixture
def ada(world: World, door: Desk) -> str:
    """A supervisor, who has signed in at the door."""
    operator = admitted(world, door)
    door.sign_in(operator, PIN)
    return operator


@pytest.fixture(scope="module")
def server() -> Iterator[Stub]:
    stub = Stub()
    web = make_server("127.0.0.1", 0, stub_app(stub), threaded=True)
    stub.address = f"http://127.0.0.1:{web.server_port}"
    thread = threading.Thread(target=web.serve_forever, daemon=True)
    thread.start()
    yield stub
    web.shutdown()
    thread.join()


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


def with_camera(playwright: Playwright, film: Path) -> Browser:
    return launch(
        playwright,
        [
            "--use-fake-device-for-media-stream",
            "--use-fake-ui-for-media-stream",
            f"--use-file-for-fake-video-capture={film}",
            # Whatever asks for another host gets no answer, whoever asks.
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
        ],
    )


@pytest.fixture(scope="module")
def browser(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser whose camera sees nothing."""
    film = write_camera_film(tmp_path_factory.mktemp("film") / "empty.y4m", None, frames_each=5)
    running = with_camera(playwright, film)
    yield running
    running.close()


# The film begins when the camera is opened: on a busy machine its first code would be over before
# there is a reader.
FILM_WAITS = """
    const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    navigator.mediaDevices.getUserMedia = async (wanted) => {
        while (document.body.dataset.reader !== "ready") {
            await new Promise((resolve) => setTimeout(resolve, 20));
        }
        return open(wanted);
    };
"""


@pytest.fixture
def opened(playwright: Playwright, server: Stub, tmp_path: Path) -> Iterator[Film]:
    """Opens the kiosk before a camera that shows the given codes, two seconds each."""
    running: list[Browser] = []

    def open_with(*texts: str) -> Page:
        server.reset()
        images = [qr_image(text, box=4) for text in texts]
        running.append(with_camera(playwright, write_camera_film(tmp_path / "film.y4m", *images)))
        page = running[-1].new_page()
        page.add_init_script(FILM_WAITS)
        return page

    yield open_with
    for each in running:
        each.close()


@pytest.fixture
def page(browser: Browser, server: Stub) -> Iterator[Page]:
    server.reset()
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(server.address + "/kiosk/")
    page.wait_for_selector('body[data-ready="true"]')
    yield page
    context.close()


@pytest.fixture
def fair(playwright: Playwright, browser: Browser, tmp_path: Path) -> Iterator[Fair]:
    database = f"sqlite:///{tmp_path / 'keepsake.sqlite3'}"
    address = f"http://127.0.0.1:{free_port()}"
    installation = make_installation(tmp_path, database, PERKS, address)
    there = Fair(World(installation), playwright, browser, tmp_path)
    yield there
    there.close()
    installation.close()
