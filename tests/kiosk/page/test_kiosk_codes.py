"""How a code comes in: by camera, as a picture, typed, or by a hand scanner."""

import re
from io import BytesIO
from urllib.parse import urlsplit

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Route, expect

from tests.kiosk.hands import (
    BAD,
    CODE,
    GOOD,
    SPARE,
    Film,
    png,
    press_next,
    send,
    upload,
    wait_verdict,
)
from tests.kiosk.page.stub import Stub, answer


def test_a_code_before_the_camera_is_sent_once_and_answered(opened: Film, server: Stub) -> None:
    page = opened(GOOD)
    page.goto(server.address + "/kiosk/")
    wait_verdict(page, "redeemed")
    page.wait_for_timeout(2500)
    assert server.texts() == [GOOD]
    scan = server.scans[0]
    assert set(scan) == {"attempt_id", "token", "mode", "scanned_at", "can_confirm"}
    assert scan["mode"] == "redeem"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z", scan["scanned_at"])
    assert page.locator("body").get_attribute("data-ready") == "true"
    expect(page.locator("#verdict-word")).to_have_text("Redeemed")
    expect(page.locator("#verdict-perk")).to_have_text("Enamel pin")
    expect(page.locator("#verdict-member")).to_have_text("for Ada Morgenstern")


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
