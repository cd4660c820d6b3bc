"""Who holds the kiosk: signing in on its page, with a network and without, and whom scans name."""

from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.sync_api import Page, expect

from tests.kiosk.desks import entries
from tests.kiosk.fair import Fair, come_back, expect_sent, lose
from tests.kiosk.hands import CODE, dismiss, send, wait_verdict
from tests.kiosk.page.stub import Stub, answer
from tests.support.accessible import broken

WRONG = "975310"


def choose(page: Page, name: str, *, only: bool = False) -> None:
    """Opens the sign-in and taps a name; who is the only one is asked for the PIN at once."""
    page.locator("#operator").click()
    if not only:
        page.locator("#sign-in-people").get_by_role("button", name=name).click()
    expect(page.locator("#sign-in-title")).to_contain_text(f"{name}, your PIN")


def holds(page: Page, name: str) -> None:
    expect(page.locator("#operator-name")).to_have_text(name, timeout=15_000)
    expect(page.locator("#sign-in")).to_be_hidden()


def read_by_hand_scanner(page: Page, text: str) -> bool:
    """Types as fast as no hand does; whether the line end did what it does where the focus is."""
    pressed = page.evaluate(
        """(text) => [...text, "Enter"].map((key) => document.activeElement.dispatchEvent(
            new KeyboardEvent("keydown", {key, bubbles: true, cancelable: true})
        )).at(-1)""",
        text,
    )
    return bool(pressed)


def redeem(page: Page, token: str, tone: str) -> None:
    send(page, token)
    wait_verdict(page, "redeemed")
    expect(page.locator("#verdict")).to_have_attribute("data-tone", tone)
    dismiss(page)


def known_by_heart(page: Page) -> None:
    """Waits until the device could know the PIN again without a network."""
    page.wait_for_function(
        """async () => {
            const {name} = (await indexedDB.databases())[0];
            const database = await new Promise((resolve) => {
                const opening = indexedDB.open(name);
                opening.onsuccess = () => resolve(opening.result);
            });
            const facts = database.transaction(["facts"]).objectStore("facts");
            const kept = await new Promise((resolve) => {
                const getting = facts.get("pins");
                getting.onsuccess = () => resolve(getting.result);
            });
            database.close();
            return Object.keys(kept?.proofs ?? {}).length > 0;
        }"""
    )


def test_a_day_of_an_operator_with_and_without_a_network(fair: Fair) -> None:
    pins = [fair.world.issue("pin", str(who)) for who in range(3)]
    page = fair.desk("Door")
    kim, pin = fair.admit(page, "Kim")
    choose(page, "Kim", only=True)
    page.keyboard.type(WRONG)
    expect(page.locator("#sign-in-complaint")).to_contain_text("4 tries left")
    page.keyboard.type(pin)
    page.get_by_role("button", name="Keep the PIN I have").click()
    holds(page, "Kim")
    redeem(page, pins[0].token, "good")
    expect(page.locator("#recent")).to_contain_text("by Kim")
    known_by_heart(page)

    fair.stop_server()
    lose(page)
    redeem(page, pins[1].token, "later")
    page.locator("#operator").click()
    page.locator("#sign-in-actions").get_by_role("button", name="Sign out").click()
    expect(page.locator("#sign-in-about")).to_contain_text("1 scan waits here to be sent.")
    page.get_by_role("button", name="Sign out all the same").click()
    holds(page, "Sign in")
    page.reload()
    expect(page.locator("#connection")).to_contain_text("No connection since", timeout=15_000)
    choose(page, "Kim", only=True)
    page.keyboard.type(WRONG)
    expect(page.locator("#sign-in-complaint")).to_contain_text("4 tries left", timeout=15_000)
    page.keyboard.type(pin)
    holds(page, "Kim")
    send(page, pins[1].token)
    wait_verdict(page, "already_redeemed")
    expect(page.locator("#verdict-first")).to_contain_text("by Kim")
    dismiss(page)

    fair.start_server()
    come_back(page)
    expect_sent(page)
    expect(page.locator("#operator-notice")).to_contain_text("the server does not know yet")
    send(page, pins[2].token)
    expect(page.locator("#sign-in-about")).to_contain_text("does not know that Kim is signed in")
    page.keyboard.type(pin)
    wait_verdict(page, "redeemed")
    dismiss(page)
    expect(page.locator("#operator-notice")).to_be_hidden()
    assert [one["operator"] for one in entries(fair.world, "voucher.redeemed")] == [kim] * 3

    fair.world.draw_pin(kim)
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("#sign-in-about")).to_contain_text("Kim is not signed in any more")
    lose(page)
    page.keyboard.type(pin)
    expect(page.locator("#sign-in-complaint")).to_contain_text("Without a network only those")


def test_the_pad_takes_keys_that_nothing_else_gets_and_tells_what_is_wrong(
    page: Page, server: Stub
) -> None:
    locked = "2031-05-03T12:15:00Z"
    server.sign_ins = [
        (403, {"title": "wrong_pin", "left": 1}),
        (429, {"title": "sign_in_locked", "until": locked}),
    ]
    complaint = page.locator("#sign-in-complaint")
    page.locator("#operator").click()
    assert broken(page) == []
    assert not read_by_hand_scanner(page, CODE), "it pressed the name that had the focus"
    page.locator("#sign-in-people").get_by_role("button", name="Lee").click()
    page.keyboard.type(WRONG)
    expect(complaint).to_have_text("This PIN is not right. 1 try left.")
    assert broken(page) == []
    for digit in WRONG:
        page.locator("#pin-keys").get_by_role("button", name=digit, exact=True).click()
    expect(complaint).to_contain_text("Nobody can sign in here until 14:15")
    assert [one["pin"] for one in server.pins] == [WRONG, WRONG]
    assert not read_by_hand_scanner(page, "1234567HTTPS")
    expect(complaint).to_contain_text("That was a code and no PIN")
    expect(page.locator("#entry")).to_have_value("")
    assert len(server.pins) == 2
    page.keyboard.press("Escape")
    expect(page.locator("#sign-in")).to_be_hidden()
    expect(page.locator("#operator")).to_be_focused()


def test_who_signs_in_first_may_choose_another_pin(page: Page, server: Stub) -> None:
    choose(page, "Lee")
    page.keyboard.type("860135")
    title, complaint = page.locator("#sign-in-title"), page.locator("#sign-in-complaint")
    expect(title).to_have_text("Choose your own PIN")
    page.keyboard.type("402917")
    expect(title).to_have_text("The same PIN once more")
    page.keyboard.type("402918")
    expect(complaint).to_contain_text("were not the same")
    server.sign_ins = [(422, {"title": "weak_pin"})]
    page.keyboard.type("123456")
    expect(title).to_have_text("The same PIN once more")
    page.keyboard.type("123456")
    expect(complaint).to_contain_text("Too easy to guess")
    page.keyboard.type("402917")
    expect(title).to_have_text("The same PIN once more")
    page.keyboard.type("402917")
    holds(page, "Lee")
    asked = {"operator": "op_lee", "pin": "860135"}
    assert server.pins == [asked, {**asked, "new_pin": "123456"}, {**asked, "new_pin": "402917"}]


def test_where_staff_have_to_sign_in_nothing_else_is_there_before(page: Page, server: Stub) -> None:
    server.required = True
    page.reload()
    first = page.locator("#sign-in-first")
    expect(first).to_contain_text("Who works here?")
    expect(page.locator("#entry")).to_be_hidden()
    assert broken(page) == []
    first.get_by_role("button", name="Sign in").click()
    page.locator("#sign-in-people").get_by_role("button", name="Kim").click()
    page.keyboard.type("860135")
    holds(page, "Kim")
    expect(first).to_be_hidden()
    by: Any = {"operator": "Kim"}
    server.answers[CODE] = answer(scanned_by=by)
    send(page, CODE)
    wait_verdict(page, "redeemed")
    assert server.scans[0]["operator"] == "op_kim"


def test_the_end_of_a_sign_in_is_shown_before_and_asked_for_after(page: Page, server: Stub) -> None:
    now = datetime.now(UTC)
    until = (now + timedelta(minutes=10)).isoformat()
    server.signed_in = {"id": "op_kim", "name": "Kim", "role": "supervisor", "until": until}
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("#operator-notice")).to_contain_text("Kim, your sign-in ends at")
    expect(page.locator("#operator")).to_contain_text("Supervisor, until")
    page.clock.set_system_time(now + timedelta(minutes=11))
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("#sign-in-about")).to_have_text(
        "The sign-in of Kim is over. Sign in again."
    )
    page.keyboard.press("Escape")
    expect(page.locator("#operator-name")).to_have_text("Sign in")


def test_a_device_that_may_only_check_offers_nothing_else(page: Page, server: Stub) -> None:
    send(page, CODE)
    wait_verdict(page, "redeemed")
    undo = page.locator("#verdict").get_by_role("button", name="Undo")
    expect(undo).to_be_visible()
    server.may = ["check"]
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(undo).to_be_hidden()
    dismiss(page)
    switch = page.get_by_role("switch", name="Check only")
    expect(switch).to_be_checked()
    expect(switch).to_be_disabled()
    expect(page.locator("#check-only-why")).to_contain_text("This device may only check.")
    expect(page.locator("#recent").get_by_role("button", name="Undo")).to_be_hidden()
    server.may = ["redeem"]
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(switch).to_be_enabled()
    expect(switch).not_to_be_checked()
