"""The kiosk's page in a real browser with a camera, against a server of a few lines."""

import json
import re
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Playwright, Route, expect, sync_playwright
from werkzeug.serving import make_server

from tests.kiosk.stub import Stub, answer, stub_app
from tests.support.browser import launch
from tests.support.camera import qr_image, write_camera_film

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


def token(seed: int) -> str:
    """A text of the right form; the stub asks for no more."""
    letters = [LETTERS[(seed * 7 + at * at + at) % 32] for at in range(142)]
    return f"HTTPS://KEEPSAKE.EXAMPLE/V/{''.join(letters[:39])}.{''.join(letters[39:])}"


GOOD, BAD, SPARE = token(1), token(2), token(3)
CODE = "0ABC-1DEF-2GHJK"


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


Film = Callable[..., Page]

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


def wait_verdict(page: Page, name: str) -> None:
    page.wait_for_selector(f'[data-verdict="{name}"]', timeout=15_000)


def send(page: Page, text: str) -> None:
    page.fill("#entry", text)
    page.press("#entry", "Enter")


def press_next(page: Page) -> None:
    # What comes right after an answer was meant for the page before: people are slower.
    page.wait_for_timeout(350)
    page.keyboard.press("Enter")


def dismiss(page: Page) -> None:
    press_next(page)
    page.wait_for_selector("#verdict", state="hidden")


def png(text: str, box: int, scene: tuple[int, int] | None = None) -> bytes:
    image = qr_image(text, box)
    if scene:
        large = Image.new("L", scene, 90)
        large.paste(image, (scene[0] // 3, scene[1] // 3))
        image = large
    file = BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def test_a_code_before_the_camera_is_sent_once_and_answered(opened: Film, server: Stub) -> None:
    page = opened(GOOD)
    page.goto(server.address + "/kiosk/")
    wait_verdict(page, "redeemed")
    page.wait_for_timeout(2500)
    assert server.texts() == [GOOD]
    scan = server.scans[0]
    assert set(scan) == {"attempt_id", "token", "mode", "scanned_at"}
    assert scan["mode"] == "redeem"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z", scan["scanned_at"])
    assert page.locator("body").get_attribute("data-ready") == "true"
    expect(page.locator("#verdict-word")).to_have_text("Redeemed")
    expect(page.locator("#verdict-perk")).to_have_text("Enamel pin")
    expect(page.locator("#verdict-member")).to_have_text("Ada Morgenstern")


def test_a_bad_code_does_not_get_in_the_way_of_the_next(opened: Film, server: Stub) -> None:
    page = opened(BAD, GOOD)
    server.answers[BAD] = answer("bad_signature", voucher=None, member=None)
    page.goto(server.address + "/kiosk/")
    wait_verdict(page, "bad_signature")
    wait_verdict(page, "redeemed")
    assert set(server.texts()) == {BAD, GOOD}


def test_a_new_code_is_asked_about_while_the_last_one_waits(opened: Film, server: Stub) -> None:
    page = opened(BAD, GOOD)
    held: list[Route] = []

    def hold_bad(route: Route) -> None:
        if BAD in (route.request.post_data or ""):
            held.append(route)
        else:
            route.continue_()

    page.route("**/api/v1/scans", hold_bad)
    page.goto(server.address + "/kiosk/")
    wait_verdict(page, "redeemed")
    assert held
    held[0].fulfill(json=answer("void"))
    expect(page.locator("#recent li")).to_have_count(2)
    expect(page.locator("#verdict-word")).to_have_text("Redeemed")
    press_next(page)
    wait_verdict(page, "void")


def test_the_reader_comes_from_us_and_nothing_leaves_for_another_host(
    browser: Browser, server: Stub
) -> None:
    server.reset()
    context = browser.new_context()
    asked: list[str] = []
    context.on("request", lambda made: asked.append(made.url))
    page = context.new_page()
    page.goto(server.address + "/kiosk/")
    page.wait_for_selector('body[data-ready="true"]')
    page.set_input_files("#picture", files=[upload(png(SPARE, 6))])
    wait_verdict(page, "redeemed")
    context.close()
    assert "/kiosk/vendor/zxing/reader/zxing_reader.wasm" in server.paths
    away = {urlsplit(url).netloc for url in asked if urlsplit(url).scheme.startswith("http")}
    assert away == {urlsplit(server.address).netloc}


def upload(content: bytes) -> Any:
    return {"name": "card.png", "mimeType": "image/png", "buffer": content}


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(png(SPARE, 6), id="card"),
        pytest.param(png(SPARE, 2), id="small"),
        pytest.param(png(SPARE, 5, (2400, 3200)), id="large photo"),
    ],
)
def test_an_uploaded_picture_is_read(page: Page, server: Stub, content: bytes) -> None:
    page.set_input_files("#picture", files=[upload(content)])
    wait_verdict(page, "redeemed")
    assert server.texts() == [SPARE]


def test_a_file_without_a_code_is_told_in_a_sentence(page: Page, server: Stub) -> None:
    page.set_input_files("#picture", files=[upload(b"not a picture")])
    expect(page.locator("#hint")).to_contain_text("cannot be opened")
    empty = BytesIO()
    Image.new("L", (200, 200), 255).save(empty, "PNG")
    page.set_input_files("#picture", files=[upload(empty.getvalue())])
    expect(page.locator("#hint")).to_contain_text("No QR code")
    assert server.scans == []


def test_a_typed_code_is_grouped_and_its_look_alikes_are_forgiven(page: Page, server: Stub) -> None:
    page.locator("#entry").press_sequentially("oabc idef2ghjk")
    expect(page.locator("#entry")).to_have_value("OABC-IDEF-2GHJK")
    page.keyboard.press("Enter")
    wait_verdict(page, "redeemed")
    assert server.scans[0]["code"] == CODE
    assert "token" not in server.scans[0]


def test_a_code_of_the_wrong_length_is_not_sent(page: Page, server: Stub) -> None:
    send(page, "ABCD-12")
    expect(page.locator("#entry-complaint")).to_have_text(
        "A code has 13 characters. This has 6 characters."
    )
    assert server.scans == []


def test_a_hand_scanner_needs_no_focus_and_sends_the_token_unchanged(
    page: Page, server: Stub
) -> None:
    server.answers[GOOD] = answer("void")
    page.keyboard.type(GOOD + "\n")
    wait_verdict(page, "void")
    page.keyboard.type(SPARE.lower() + "\n")
    wait_verdict(page, "redeemed")
    assert [text.upper() for text in server.texts()] == [GOOD, SPARE]
    assert all("token" in scan for scan in server.scans)


def test_check_only_says_so_and_is_sent_as_a_check(page: Page, server: Stub) -> None:
    server.answers[CODE] = answer("valid")
    page.get_by_role("switch", name="Check only").press("Space")
    send(page, CODE)
    wait_verdict(page, "valid")
    assert server.scans[0]["mode"] == "check"
    expect(page.locator("#verdict-action")).to_contain_text("Nothing was redeemed")
    page.reload()
    expect(page.get_by_role("switch", name="Check only")).to_be_checked()
    expect(page.locator("body")).to_have_attribute("data-mode", "check")


@pytest.mark.parametrize("status", [500, 503])
def test_a_fault_is_retried_under_the_same_attempt(page: Page, server: Stub, status: int) -> None:
    server.statuses = [status]
    send(page, CODE)
    wait_verdict(page, "redeemed")
    first, second = server.scans
    assert first == second


def test_a_network_error_is_retried_under_the_same_attempt_also_by_hand(
    page: Page, server: Stub
) -> None:
    bodies: list[str | None] = []

    def cut(route: Route) -> None:
        bodies.append(route.request.post_data)
        route.abort("connectionreset")

    page.route("**/api/v1/scans", cut)
    send(page, CODE)
    wait_verdict(page, "no_answer")
    expect(page.locator("#verdict-action")).to_have_text("Hand nothing over yet.")
    page.unroute("**/api/v1/scans")
    page.wait_for_timeout(350)
    page.get_by_role("button", name="Try again").click()
    wait_verdict(page, "redeemed")
    assert len(bodies) == 3
    assert {json.loads(body or "")["attempt_id"] for body in bodies} == {
        server.scans[0]["attempt_id"]
    }


def test_the_same_code_twice_in_a_row_gets_the_same_answer_and_counts_once(
    page: Page, server: Stub
) -> None:
    send(page, CODE)
    wait_verdict(page, "redeemed")
    dismiss(page)
    send(page, CODE)
    wait_verdict(page, "repeated")
    expect(page.locator("#verdict")).to_have_attribute("data-tone", "warn")
    expect(page.locator("#verdict-action")).to_have_text("Hand nothing more over.")
    expect(page.locator("#verdict-sentence")).to_contain_text("not counted twice")
    assert len(server.scans) == 1


@pytest.mark.parametrize("status", [403, 409, 422, 429])
def test_a_refused_request_is_shown_with_its_reason(page: Page, server: Stub, status: int) -> None:
    server.statuses = [status]
    send(page, CODE)
    wait_verdict(page, "problem")
    expect(page.locator("#verdict-sentence")).to_have_text("The reason in words.")
    assert len(server.scans) == 1


def test_a_browser_whose_pairing_ended_says_so(page: Page, server: Stub) -> None:
    server.paired = False
    server.statuses = [401]
    send(page, CODE)
    wait_verdict(page, "problem")
    expect(page.locator("#verdict-sentence")).to_contain_text("not paired any more")
    expect(page.locator("#unpaired")).to_contain_text("not paired any more")


def test_a_used_voucher_tells_when_where_and_by_which_device(page: Page, server: Stub) -> None:
    # In the station's zone, which is not the browser's.
    now = datetime.now(ZoneInfo("Europe/Berlin")).replace(hour=14, minute=2).isoformat()
    first = {"at": now, "station": "Pop-up Berlin", "device": "Door 5", "operator": None}
    server.answers[CODE] = answer("already_redeemed", first_redemption=first)
    send(page, CODE)
    wait_verdict(page, "already_redeemed")
    expect(page.locator("#verdict-first")).to_have_text(
        "Redeemed today 14:02 at Pop-up Berlin, device Door 5"
    )
    expect(page.locator("#announcement")).to_contain_text("Used. Hand nothing over.")


def test_an_unknown_verdict_is_a_refusal(page: Page, server: Stub) -> None:
    server.answers[CODE] = answer("moon_phase", skew_ms=-200_000)
    send(page, CODE)
    wait_verdict(page, "moon_phase")
    verdict = page.locator("#verdict")
    assert verdict.get_attribute("data-tone") == "bad"
    expect(page.locator("#verdict-word")).to_have_text("Refused")
    expect(page.locator("#verdict-sentence")).to_have_text("The sentence of moon_phase.")
    expect(page.locator("#verdict-clock")).to_contain_text("3 minutes")


@pytest.mark.parametrize("way", ["Escape", "Enter", "tap", "Next"])
def test_an_answer_goes_away(page: Page, server: Stub, way: str) -> None:
    send(page, CODE)
    wait_verdict(page, "redeemed")
    page.wait_for_timeout(350)
    if way == "tap":
        page.locator("#verdict").click(position={"x": 40, "y": 60})
    elif way == "Next":
        page.get_by_role("button", name="Next").click()
    else:
        page.keyboard.press(way)
    page.wait_for_selector("#verdict", state="hidden")
    expect(page.locator("#recent li")).to_have_count(1)
    expect(page.locator("#recent li")).to_contain_text("Enamel pin")


def test_without_a_camera_codes_and_pictures_still_work(browser: Browser, server: Stub) -> None:
    server.reset()
    context = browser.new_context()
    context.add_init_script(
        "navigator.mediaDevices.getUserMedia = async () => "
        "{ throw new DOMException('no', 'NotAllowedError'); };"
    )
    page = context.new_page()
    page.goto(server.address + "/kiosk/")
    expect(page.locator("#camera-reason")).to_contain_text("not allowed to use the camera")
    assert page.locator("body").get_attribute("data-ready") is None
    send(page, CODE)
    wait_verdict(page, "redeemed")
    dismiss(page)
    page.set_input_files("#picture", files=[upload(png(SPARE, 6))])
    wait_verdict(page, "redeemed")
    context.close()
    assert server.texts() == [CODE, SPARE]


def test_the_header_names_the_station_and_tells_when_the_server_is_lost(
    page: Page, server: Stub
) -> None:
    expect(page.locator("#station")).to_have_text("Pop-up Berlin")
    expect(page.locator("#device")).to_have_text("Door 2")
    expect(page.locator("#connection")).to_contain_text("Connected")
    page.context.set_offline(True)
    expect(page.locator("#connection")).to_contain_text("No connection since")
    page.context.set_offline(False)
    expect(page.locator("#connection")).to_contain_text("Connected")


@pytest.mark.parametrize("width", [320, 390, 1024])
def test_nothing_is_cut_off_and_everything_is_large_enough_to_touch(
    page: Page, server: Stub, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    send(page, CODE)
    wait_verdict(page, "redeemed")
    assert page.evaluate("document.querySelector('#verdict').scrollWidth") <= width
    page.wait_for_timeout(350)
    page.keyboard.press("Escape")
    for target in page.locator("button:visible, #entry, .switch, .upload").all():
        box = target.bounding_box()
        assert box is not None and box["height"] >= 44 and box["width"] >= 44


def test_pairing_is_one_form_and_an_old_link_says_so(browser: Browser, server: Stub) -> None:
    page = browser.new_page()
    page.goto(server.address + "/kiosk/pair")
    page.get_by_label("Name of this device").fill("Door 9")
    page.get_by_role("button", name="Pair this browser with Pop-up Berlin").click()
    expect(page.locator("body")).to_have_text("paired Door 9")
    page.goto(server.address + "/kiosk/pair?expired")
    expect(page.get_by_role("alert")).to_contain_text("used already, or it is too old")
    assert page.locator("form").count() == 0
    page.goto(server.address + "/kiosk/unpaired")
    expect(page.locator("h1")).to_have_text("This browser is not paired yet")
    page.close()
