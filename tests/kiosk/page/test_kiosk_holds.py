"""What is held at the desk: handed over or not, run out, reloaded, and without a network."""

from playwright.sync_api import Page, expect

from tests.kiosk.fair import Fair, come_back, expect_sent, lose
from tests.kiosk.hands import press_next, send, wait_verdict
from tests.support.accessible import broken


def press(page: Page, name: str) -> None:
    # What comes right after an answer was meant for the page before: people are slower.
    page.wait_for_timeout(350)
    page.get_by_role("button", name=name, exact=True).click()


def test_a_hold_stays_until_staff_decide_also_through_a_reload(fair: Fair) -> None:
    page, issued = fair.desk("Door"), fair.world.issue("glass", name="Ada")
    send(page, issued.code)
    wait_verdict(page, "reserved")
    expect(page.locator("#verdict-hold-text")).to_contain_text("1:5")
    assert broken(page) == []
    press_next(page)
    page.keyboard.press("Escape")
    page.locator("#verdict-word").click()
    page.keyboard.type(fair.world.issue("pin").code + "\n")
    expect(page.get_by_text("First say whether this was handed over.")).to_be_visible()
    wait_verdict(page, "reserved")
    press(page, "Not handed over")
    wait_verdict(page, "released")
    press(page, "Next")
    send(page, issued.code)
    wait_verdict(page, "reserved")
    page.reload()
    wait_verdict(page, "reserved")
    press(page, "Handed over")
    wait_verdict(page, "redeemed")
    assert (fair.uses_taken(issued.reference), fair.count("reserved")) == (1, 1)
    press(page, "One more (1 left)")
    wait_verdict(page, "reserved")
    press(page, "Handed over")
    wait_verdict(page, "redeemed")
    assert fair.uses_taken(issued.reference) == 2
    press(page, "Undo")
    press(page, "Wrong person")
    wait_verdict(page, "undone")
    page.reload()
    expect(page.locator("#verdict")).to_be_hidden()


def test_a_hold_that_ran_out_is_confirmed_all_the_same_and_without_a_network_later(
    fair: Fair,
) -> None:
    page, issued = fair.desk("Door"), fair.world.issue("glass")
    page.clock.install()
    send(page, issued.code)
    wait_verdict(page, "reserved")
    page.clock.fast_forward("02:01")
    wait_verdict(page, "hold_over")
    expect(page.locator("#verdict-hold")).to_be_hidden()
    press(page, "Handed over all the same")
    wait_verdict(page, "redeemed")
    press(page, "One more (1 left)")
    wait_verdict(page, "reserved")
    lose(page)
    press(page, "Handed over")
    wait_verdict(page, "redeemed")
    expect(page.locator("#verdict-word")).to_have_text("Accepted")
    expect(page.locator("#verdict-own")).to_contain_text("Not yet confirmed.")
    assert fair.uses_taken(issued.reference) == 1
    press(page, "Next")
    come_back(page)
    expect_sent(page)
    assert (fair.uses_taken(issued.reference), fair.conflicts()) == (2, 0)
