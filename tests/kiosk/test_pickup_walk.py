"""The pickup desk in a real browser: an order is found, fetched in parts, missed, and kept safe."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Page, Playwright, expect
from sqlalchemy import select

from app import clock
from app.actor import COMMAND_LINE
from app.communities import places
from fulfilment.orders.models import FulfilmentOrder, OrderDeed
from kiosk.devices import pairing, scanners
from kiosk.devices.models import Device
from tests.fulfilment.pickup_desks import PICKUPS, PickupDesk
from tests.kiosk.conftest import FILM_WAITS, with_camera
from tests.support.accessible import broken, fits
from tests.support.camera import qr_image, write_camera_film
from tests.support.installations import make_installation
from tests.support.web import free_port, serving

WAIT = 15_000


class Walk:
    """A desk with orders, whose server comes and goes, and a browser whose camera sees a code."""

    def __init__(self, folder: Path, playwright: Playwright, stack: ExitStack):
        self.port = free_port()
        database = f"sqlite:///{folder / 'keepsake.sqlite3'}"
        programme = PICKUPS.replace("WEBHOOK_URL", "https://partner.example/hooks")
        address = f"http://127.0.0.1:{self.port}"
        self.installation = make_installation(folder, database, programme, address)
        stack.callback(self.installation.close)
        self.desk = PickupDesk(self.installation)
        self.pack, issued = self.desk.ready(name="Mia Member", member="1")
        self.trophy, _ = self.desk.ready(name="Zoë Zimmer", member="2", perk="trophy", shelf="C1")
        self.awaited, _ = self.desk.order(name="Noor", member="3", perk="trophy")
        film = folder / "film.y4m"
        write_camera_film(film, qr_image(issued.token, box=4), frames_each=5)
        browser = with_camera(playwright, film)
        stack.callback(browser.close)
        self.context = browser.new_context(viewport={"width": 390, "height": 844})
        self.server = stack.enter_context(ExitStack())
        self.address = self.serve()

    def serve(self) -> str:
        return self.server.enter_context(serving(self.installation, self.port))

    def page(self, *may: str) -> Page:
        """A new page of a browser that was just paired."""
        with self.installation.unit_of_work() as session:
            station = places.station(session, self.desk.world.community_id, "popup")
            added = pairing.add(
                session, station, "Shelves", may=may, actor=COMMAND_LINE, now=clock.now()
            )
        page = self.context.new_page()
        page.add_init_script(FILM_WAITS)
        page.goto(f"{self.address}/kiosk/pair/{added.pairing_secret}")
        page.get_by_role("button").click()
        page.wait_for_selector("#entry")
        return page

    def state(self, order: str) -> str:
        with self.installation.reading() as session:
            return session.get_one(FulfilmentOrder, order).state


@pytest.fixture
def walk(tmp_path: Path, playwright: Playwright) -> Iterator[Walk]:
    with ExitStack() as stack:
        yield Walk(tmp_path, playwright, stack)


def said(page: Page, tone: str) -> str:
    page.wait_for_selector(f'#order-said[data-tone="{tone}"]', timeout=WAIT)
    return page.inner_text("#order-said")


def look_up(page: Page, name: str) -> None:
    page.fill("#entry", name)
    page.press("#entry", "Enter")
    expect(page.locator("#order")).to_be_visible(timeout=WAIT)


def test_an_order_is_found_by_the_camera_fetched_in_parts_and_nothing_tapped_is_lost(
    walk: Walk,
) -> None:
    page = walk.page("undo", "pickup")
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.get_by_role("link", name="Pickup").click()

    # The camera sees the member's code: what to fetch from where stands in large letters.
    expect(page.locator("#order-title")).to_have_text("Welcome pack", timeout=WAIT)
    lines = [" ".join(text.split()) for text in page.locator("#order-lines li").all_inner_texts()]
    assert lines == ["B2 1 × Poster (A2)", "B2 2 × Sticker − 0/2 +"]
    expect(page.locator("#do-collect")).to_be_disabled()
    assert broken(page) == []
    page.get_by_role("button", name="One more: Sticker").click()
    page.click("#do-collect")
    assert said(page, "good") == "Handed over: 1 × Sticker. The rest still waits here."
    assert walk.state(walk.pack) == "partly_collected"
    page.get_by_role("checkbox", name="1 × Poster (A2)").check()
    page.click("#do-not-found")
    expect(page.locator("#missing-what")).to_have_text("1 × Sticker")
    assert broken(page) == []
    page.keyboard.press("Enter")  # the focus is on the way back
    expect(page.locator("#missing")).to_be_hidden()
    assert walk.state(walk.pack) == "partly_collected"
    page.click("#do-not-found")
    page.click("#missing-do")
    expect(page.locator("#order-said")).to_contain_text("Not found: 1 × Sticker.", timeout=WAIT)
    page.keyboard.press("Escape")

    # By name; who it is has to be looked at.
    look_up(page, "zoë")
    expect(page.locator("#do-collect")).to_be_disabled()
    page.get_by_label("I looked: this is Zoë Zimmer").check()
    # The server is gone as it is tapped: it is kept, told, and answered once it is back.
    walk.server.close()
    page.click("#do-collect")
    expect(page.locator("#order-said")).to_contain_text("is kept", timeout=WAIT)
    expect(page.locator("#do-collect")).to_be_disabled()
    page.keyboard.press("Escape")
    expect(page.locator("#waiting-text")).to_contain_text("1 step waits", timeout=WAIT)
    expect(page.locator("#trouble")).to_contain_text("The list is as of", timeout=WAIT)
    page.wait_for_selector('body[data-installed="true"]', timeout=WAIT)
    page.reload()
    expect(page.locator("#trouble")).to_contain_text("The list is as of", timeout=WAIT)
    # The camera sees its code once more: that cannot be looked up now.
    expect(page.locator("#entry-complaint")).to_contain_text("needs the network", timeout=WAIT)
    expect(page.locator(".pickup-row")).to_contain_text(["Mia Member", "Zoë Zimmer"])
    assert broken(page) == []
    assert walk.state(walk.trophy) == "ready"
    walk.serve()
    expect(page.locator("#news")).to_contain_text("Handed over: 1 × Trophy.", timeout=WAIT)
    expect(page.locator("#waiting")).to_be_hidden()
    assert walk.state(walk.trophy) == "collected"
    with walk.installation.reading() as session:
        kept = session.scalars(
            select(OrderDeed.attempt_id).where(OrderDeed.order_id == walk.trophy)
        ).all()
    assert len([one for one in kept if not one.startswith("rep_")]) == 1
    assert all(UUID(one) for one in kept if not one.startswith("rep_"))

    # It comes back, and what has just come is put onto a shelf.
    page.get_by_role("button", name="Done").click()
    page.get_by_role("button", name="Zoë Zimmer").click()
    page.click("#do-return")
    page.get_by_role("button", name="Faulty").click()
    assert "Brought back: 1 × Trophy." in said(page, "warn")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="On its way").click()
    page.get_by_role("button", name="Noor").click()
    page.click("#do-shelf")
    page.keyboard.type("A1")
    page.keyboard.press("Enter")
    assert said(page, "good") == "It lies on shelf A1."
    assert walk.state(walk.awaited) == "ready"
    assert fits(page)
    assert complaints == []


def test_a_device_that_is_no_pickup_desk_is_told_so_in_its_language(walk: Walk) -> None:
    page = walk.page("redeem")
    page.wait_for_selector("#entry")
    assert page.locator("#pickup").count() == 0
    page.evaluate("localStorage.setItem('keepsake.language', 'de')")
    page.goto(f"{walk.address}/kiosk/pickup")
    expect(page.locator("#trouble")).to_have_text(
        "Dieses Gerät darf das nicht. Die Orga kann es erlauben.", timeout=WAIT
    )
    expect(page.locator("h1")).to_contain_text("Abholung")
    assert page.locator(".pickup-row").count() == 0


def test_staff_sign_in_and_choose_their_language_at_the_pickup_desk(walk: Walk) -> None:
    with walk.installation.unit_of_work() as session:
        station = places.station(session, walk.desk.world.community_id, "popup")
        station.operators_required = True
    page = walk.page("pickup")
    # What the camera would see is not asked about here, and would lie over what is.
    page.add_init_script("navigator.mediaDevices.getUserMedia = () => new Promise(() => {})")
    with walk.installation.reading() as session:
        newest = select(Device.id).order_by(Device.id.desc()).limit(1)
        scanner = scanners.by_id(session, session.scalars(newest).one())
    assert scanner is not None
    kim = walk.desk.world.add_operator("Kim")
    walk.desk.world.admit(kim, scanner)
    pin = walk.desk.world.draw_pin(kim)
    page.goto(f"{walk.address}/kiosk/pickup")
    button = page.locator("#sign-in-first-button")
    expect(button).to_be_visible(timeout=WAIT)
    expect(page.locator("#list")).to_be_hidden()
    assert broken(page) == []
    page.locator("#language").select_option("de")
    expect(button).to_have_text("Anmelden")
    button.click()
    expect(page.locator("#sign-in-title")).to_contain_text("Kim")
    assert broken(page) == []
    page.keyboard.type(pin)
    page.get_by_role("button", name="Meine PIN behalten").click(timeout=WAIT)
    expect(page.locator("#operator-name")).to_have_text("Kim", timeout=WAIT)
    look_up(page, "mia")
    page.click("#do-not-found")
    page.click("#missing-do")
    assert "Nicht gefunden: 1 × Poster (A2), 2 × Sticker." in said(page, "warn")
    assert walk.state(walk.pack) == "not_found"
    with walk.installation.reading() as session:
        named = select(OrderDeed.operator).where(OrderDeed.move == "not_found")
        assert session.scalars(named).all() == [kim]
    page.keyboard.press("Escape")
    page.locator("#language").select_option("es")
    expect(page.locator("#list-title")).to_contain_text("Listo", timeout=WAIT)
    expect(page.get_by_role("button", name="En camino")).to_be_visible()
    assert broken(page) == []
    page.set_viewport_size({"width": 320, "height": 568})
    assert fits(page)
    # Who leaves while something waits is told so before.
    look_up(page, "zoë")
    page.get_by_label("Lo he comprobado: es Zoë Zimmer").check()
    walk.context.set_offline(True)
    page.click("#do-collect")
    expect(page.locator("#order-said")).to_contain_text("guardado", timeout=WAIT)
    page.keyboard.press("Escape")
    page.locator("#operator").click()
    expect(page.locator("#sign-in-waiting")).to_contain_text("1 paso espera respuesta.")
    page.get_by_role("button", name="Cerrar sesión", exact=True).click()
    expect(page.locator("#sign-in-about")).to_contain_text("1 paso espera respuesta.")
    walk.context.set_offline(False)
    page.keyboard.press("Escape")
    expect(page.locator("#waiting")).to_be_hidden(timeout=WAIT)
    page.locator("#operator").click()
    page.get_by_role("button", name="Cerrar sesión", exact=True).click()
    expect(page.locator("#list")).to_be_hidden()
    expect(page.locator("#sign-in-first-title")).to_be_visible()
