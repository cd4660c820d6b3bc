"""What the page shows: answers, faults, and the page itself."""

import json
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.kiosk.hands import (
    CODE,
    SPARE,
    dismiss,
    png,
    send,
    upload,
    wait_verdict,
)
from tests.kiosk.page.stub import Stub, answer


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
    expect(page.locator("h1:visible")).to_have_text("This browser is not paired yet")
    page.close()
