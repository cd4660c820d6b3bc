"""No page of the kiosk breaks a rule of axe-core, in any size, whatever it shows."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.kiosk.hands import CODE, dismiss, send, wait_verdict
from tests.kiosk.page.stub import Stub, answer
from tests.support.accessible import broken

FIRST = {
    "at": "2031-05-03T11:40:00Z",
    "station": "Pop-up Berlin",
    "device": "Door 5",
    "operator": "Mia",
}
ASKS = {
    "message_key": "identity_required",
    "facts": {"whom": {"age": 18, "name": True}},
}
MORE = answer()["voucher"] | {"uses_left": 2}

# What the panel draws where a device waits for its network, and an organiser has to look.
KEPT = """async () => {
    const { Panel } = await import("/kiosk/static/offline/panel.js");
    const told = { perk: "Pin", verdict: "redeemed" };
    const item = (id, more) => ({ id, state: "settled", since: 1, told, ...more });
    const items = new Map([
        ["a", item("a", { answer: { verdict: "already_redeemed", conflict: "c" } })],
        ["b", item("b", { state: "parked", problem: { status: 422, detail: "Not like this." } })],
    ]);
    new Panel({
        isLost: true, isAble: true, deviceId: "d", complaint: "other_tab",
        connection: { state: "lost" },
        alone: { synced: { allowance: { number: 3, until: 9e15 }, asOf: 1, reading: { moment: 1 } },
            outbox: { items, count: { waiting: 2 }, usesWaiting: 1 } },
    }, "Europe/Berlin").draw();
}"""


def show(page: Page, server: Stub, verdict: str, **more: Any) -> None:
    server.answers[CODE] = answer(verdict, **more)
    send(page, CODE)
    wait_verdict(page, verdict)


def test_the_desk_breaks_no_rule_also_without_the_server(page: Page, server: Stub) -> None:
    show(page, server, "redeemed")
    dismiss(page)
    page.fill("#entry", "0ABC")
    page.press("#entry", "Enter")
    assert broken(page) == []
    page.locator("#drill-open").click()
    page.locator("#drill[open]").wait_for()
    assert broken(page) == []
    page.keyboard.press("Escape")
    page.evaluate(KEPT)
    assert page.locator("#kept-list li").count() == 2
    assert broken(page) == []


@pytest.mark.parametrize(
    ("verdict", "more"),
    [
        ("redeemed", {"voucher": MORE, "skew_ms": 999_000}),
        ("valid", {"voucher": MORE}),
        ("undone", {}),
        ("expired", {}),
        ("already_redeemed", {"first_redemption": FIRST}),
        ("identity_required", ASKS),
    ],
)
def test_no_answer_breaks_a_rule(
    page: Page, server: Stub, verdict: str, more: dict[str, Any]
) -> None:
    show(page, server, verdict, **more)
    assert broken(page) == []


def test_what_is_unclear_or_asked_breaks_no_rule(page: Page, server: Stub) -> None:
    server.statuses = [422]
    send(page, CODE)
    wait_verdict(page, "problem")
    assert broken(page) == []
    page.keyboard.press("Escape")
    own = {"asOf": "2031-05-03T11:40:00Z", "unchecked": ["stock", "held"], "isFinal": True}
    show(page, server, "redeemed", own=own)
    assert page.locator("#verdict").get_attribute("data-tone") == "later"
    assert broken(page) == []
    dismiss(page)
    page.locator("#recent button").first.click()
    page.locator("#undo[open]").wait_for()
    assert broken(page) == []


def test_the_letters_break_no_rule(browser: Browser, server: Stub) -> None:
    page = browser.new_page()
    for path in ("pair", "pair?expired", "unpaired"):
        page.goto(f"{server.address}/kiosk/{path}")
        assert broken(page) == []
    page.close()
