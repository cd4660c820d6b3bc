"""The kiosk without a network: what it decides by itself, and what the record makes of it."""

from datetime import timedelta

import pytest
from playwright.sync_api import Route, expect

from app import clock
from tests.kiosk.fair import Fair, come_back, expect_sent, lose, ready, until
from tests.kiosk.hands import dismiss, send, wait_verdict
from tests.kiosk.tills import seal, undo


def test_a_day_at_a_desk_whose_network_goes_and_comes_back(fair: Fair) -> None:
    first, second, third = (fair.world.issue("pin", str(who)) for who in range(3))
    page = fair.desk("Door")
    send(page, first.token)
    wait_verdict(page, "redeemed")
    expect(page.locator("#verdict")).to_have_attribute("data-tone", "good")
    dismiss(page)
    fair.stop_server()
    lose(page)

    send(page, second.token)
    wait_verdict(page, "redeemed")
    expect(page.locator("#verdict")).to_have_attribute("data-tone", "later")
    expect(page.locator("#verdict-word")).to_have_text("Accepted")
    expect(page.locator("#verdict-own")).to_contain_text("Not yet confirmed")
    expect(page.locator("#verdict-own")).to_contain_text("Not checked: stock and other desks")
    dismiss(page)
    for used in (first, second):
        page.wait_for_timeout(5100)
        send(page, used.token)
        wait_verdict(page, "already_redeemed")
        expect(page.locator("#verdict-first")).to_contain_text("at Pop-up, device Door")
        dismiss(page)

    page.reload()
    expect(page.locator("#connection")).to_contain_text("No connection since", timeout=15_000)
    expect(page.locator("#kept")).to_contain_text("This device may hand out 2 more by itself")
    for used in (first, second):
        send(page, used.token)
        wait_verdict(page, "already_redeemed")
        dismiss(page)
    send(page, third.token)
    wait_verdict(page, "redeemed")
    expect(page.locator("#verdict")).to_have_attribute("data-tone", "later")
    dismiss(page)
    expect(page.locator("#kept")).to_contain_text("6 scans wait here to be sent.")

    fair.start_server()
    come_back(page)
    expect_sent(page)
    assert fair.count("redeemed") == 3
    assert fair.conflicts() == 0
    ready(page)


def test_two_desks_hand_out_one_voucher_and_one_of_them_becomes_a_conflict(fair: Fair) -> None:
    pin = fair.world.issue("pin")
    one, other = fair.desk("Door"), fair.desk("Bar")
    lose(one, other)
    for page in (one, other):
        send(page, pin.token)
        wait_verdict(page, "redeemed")
        dismiss(page)
    come_back(one)
    expect_sent(one)
    come_back(other)
    expect(other.locator("#kept-list li")).to_contain_text("the record says “Used”")
    assert fair.count("redeemed") == 1
    assert fair.conflicts() == 1
    other.get_by_role("button", name="Noted").click()
    expect_sent(other)
    other.reload()
    ready(other)
    expect_sent(other)


def test_what_needs_the_server_is_refused_with_its_reason(fair: Fair) -> None:
    bag, pin = fair.world.issue("bag"), fair.world.issue("pin")
    page = fair.desk("Door")
    lose(page)
    for shown in (bag.token, pin.code):
        send(page, shown)
        wait_verdict(page, "online_required")
        expect(page.locator("#verdict-word")).to_have_text("Offline")
        expect(page.locator("#verdict-sentence")).to_have_text(
            "This can only be checked with a network."
        )
        page.wait_for_timeout(350)
        page.keyboard.press("Escape")
    expect(page.locator("#kept")).not_to_contain_text("here to be sent")
    come_back(page)
    send(page, bag.token)
    wait_verdict(page, "redeemed")
    expect(page.locator("#verdict")).to_have_attribute("data-tone", "good")


def test_a_device_hands_out_no_more_than_it_may(fair: Fair) -> None:
    pins = [fair.world.issue("pin", str(who)) for who in range(4)]
    page = fair.desk("Door")
    lose(page)
    for pin in pins[:3]:
        send(page, pin.token)
        wait_verdict(page, "redeemed")
        dismiss(page)
    send(page, pins[3].token)
    wait_verdict(page, "allowance_spent")
    expect(page.locator("#verdict-sentence")).to_contain_text("may hand out no more by itself")
    page.wait_for_timeout(350)
    page.keyboard.press("Escape")
    expect(page.locator("#kept")).to_contain_text("This device may hand out no more by itself")
    come_back(page)
    expect_sent(page)
    assert fair.count("redeemed") == 3


def test_a_page_that_dies_while_it_sends_loses_nothing_and_sends_nothing_twice(fair: Fair) -> None:
    pins = [fair.world.issue("pin", str(who)) for who in range(2)]
    fair.desk("Door", disk=True)
    fair.leave("Door")
    page = fair.again("Door")
    ready(page)
    lose(page)
    for pin in pins:
        send(page, pin.token)
        wait_verdict(page, "redeemed")
        dismiss(page)
    arrived: list[int] = []

    def swallow(route: Route) -> None:
        # It arrives and is judged; the page does not live to hear of it.
        arrived.append(route.fetch().status)

    page.route("**/api/v1/scans/batch", swallow)
    page.context.set_offline(False)
    until(page, lambda: bool(arrived))
    assert fair.count("redeemed") == 2
    fair.kill("Door")
    again = fair.again("Door")
    ready(again)
    expect_sent(again)
    assert fair.count("redeemed") == 2
    assert fair.conflicts() == 0
    again.context.set_offline(True)
    expect(again.locator("#connection")).to_contain_text("No connection since", timeout=15_000)
    expect(again.locator("#kept")).to_contain_text("may hand out 3 more")
    send(again, pins[0].token)
    wait_verdict(again, "already_redeemed")


@pytest.mark.parametrize("minutes", [-20, 20])
def test_a_clock_that_was_set_meanwhile_changes_nothing_of_what_is_sent(
    fair: Fair, minutes: int
) -> None:
    pin = fair.world.issue("pin")
    page = fair.desk("Door")
    lose(page)
    page.clock.set_system_time(clock.now() + timedelta(minutes=minutes))
    send(page, pin.token)
    wait_verdict(page, "redeemed")
    expect(page.locator("#verdict")).to_have_attribute("data-tone", "later")
    dismiss(page)
    come_back(page)
    expect_sent(page)
    assert fair.count("redeemed") == 1
    assert fair.conflicts() == 0


def test_an_answer_that_comes_too_late_changes_nothing_on_the_screen(fair: Fair) -> None:
    pin = fair.world.issue("pin")
    page = fair.desk("Door")
    held: list[Route] = []
    page.route("**/api/v1/scans", lambda route: held.append(route))
    send(page, pin.token)
    wait_verdict(page, "redeemed")
    expect(page.locator("#verdict")).to_have_attribute("data-tone", "later")
    until(page, lambda: bool(held))
    held[0].continue_()
    expect_sent(page)
    expect(page.locator("#verdict")).to_have_attribute("data-tone", "later")
    assert fair.count("redeemed") == 1
    assert fair.conflicts() == 0


def test_who_is_looked_at_without_a_network_is_served(fair: Fair) -> None:
    seat = fair.world.issue("seat", name="Ada")
    page = fair.desk("Door")
    lose(page)
    send(page, seat.token)
    wait_verdict(page, "identity_required")
    expect(page.locator("#verdict-sentence")).to_contain_text(
        "the name on the member's wallet page"
    )
    page.wait_for_timeout(350)
    page.get_by_role("button", name="Checked: hand it over").click()
    wait_verdict(page, "redeemed")
    dismiss(page)
    come_back(page)
    expect_sent(page)
    assert fair.count("redeemed") == 1
    page.locator("#recent").get_by_role("button", name="Undo").click()
    page.wait_for_timeout(350)
    page.get_by_role("button", name="Scanned by mistake").click()
    wait_verdict(page, "undone")
    dismiss(page)
    seal(fair.world)
    page.wait_for_event("response", lambda answer: "/api/v1/sync" in answer.url)
    lose(page)
    page.wait_for_timeout(5100)
    send(page, seat.token)
    wait_verdict(page, "identity_required")


def test_what_was_refused_here_and_counted_by_the_server_is_taken_back(fair: Fair) -> None:
    pin = fair.world.issue("pin")
    page = fair.desk("Door")
    send(page, pin.token)
    wait_verdict(page, "redeemed")
    dismiss(page)
    # The desk does not know of it yet; it would refuse, and the server would not.
    undo(fair.world, pin)
    page.wait_for_timeout(5100)
    held: list[Route] = []
    page.route("**/api/v1/scans", lambda route: held.append(route))
    page.route("**/api/v1/scans/batch", lambda route: held.append(route))
    send(page, pin.token)
    wait_verdict(page, "already_redeemed")
    until(page, lambda: len(held) == 2)
    scan, batch = held
    scan.fulfill(response=scan.fetch())
    assert fair.uses_taken(pin.reference) == 1
    batch.continue_()
    until(page, lambda: fair.uses_taken(pin.reference) == 0)
    expect_sent(page)
