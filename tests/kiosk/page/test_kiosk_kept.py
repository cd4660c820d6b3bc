"""What a kiosk keeps on its disk: whose it is, who may write it, and who is warned."""

from playwright.sync_api import Dialog, Route, expect

from tests.kiosk.desks import reasons, revoke
from tests.kiosk.fair import Fair, come_back, expect_sent, lose, ready, until
from tests.kiosk.hands import dismiss, send, wait_verdict
from tests.support.accessible import broken, fits


def test_a_second_tab_of_a_device_leaves_it_to_the_first(fair: Fair) -> None:
    pin = fair.world.issue("pin")
    page = fair.desk("Door")
    second = page.context.new_page()
    second.goto(f"{fair.address}/kiosk/")
    expect(second.locator("#kept")).to_contain_text("open in another tab")
    lose(page)
    second.bring_to_front()
    send(second, pin.token)
    wait_verdict(second, "no_answer")
    page.close()
    expect(second.locator("#kept")).to_contain_text("may hand out 3 more")


def test_a_browser_that_is_paired_no_more_decides_nothing(fair: Fair) -> None:
    pin = fair.world.issue("pin")
    page = fair.desk("Door")
    page.context.clear_cookies()
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("#connection")).to_have_text("Not paired")
    page.context.set_offline(True)
    expect(page.locator("#kept")).to_contain_text("cannot decide without the server")
    send(page, pin.token)
    wait_verdict(page, "no_answer")


def test_what_one_device_did_never_goes_up_in_the_name_of_another(fair: Fair) -> None:
    page = fair.desk("Door")
    lose(page)
    send(page, fair.world.issue("pin").token)
    wait_verdict(page, "redeemed")
    dismiss(page)
    page.route("**/kiosk/status", lambda route: route.abort())
    page.context.set_offline(False)
    other = page.context.new_page()
    fair.pair(other, "Bar")
    ready(other)
    expect(other.locator("#device")).to_have_text("Bar")
    page.unroute("**/kiosk/status")
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("#kept")).to_contain_text("stands for another device now")
    assert fair.count("redeemed") == 0


def test_a_disk_that_the_browser_closed_is_opened_again(fair: Fair) -> None:
    page = fair.desk("Door")
    lose(page)
    page.evaluate(
        """async () => {
            const begin = IDBDatabase.prototype.transaction;
            IDBDatabase.prototype.transaction = function (...how) {
                IDBDatabase.prototype.transaction = begin;
                this.close();
                return begin.apply(this, how);
            };
        }"""
    )
    send(page, fair.world.issue("pin").token)
    wait_verdict(page, "redeemed")
    expect(page.locator("#verdict")).to_have_attribute("data-tone", "later")
    dismiss(page)
    come_back(page)
    expect_sent(page)
    assert fair.count("redeemed") == 1


def test_staff_are_warned_before_they_close_what_still_waits(fair: Fair) -> None:
    page = fair.desk("Door")
    lose(page)
    send(page, fair.world.issue("pin").token)
    wait_verdict(page, "redeemed")
    dismiss(page)
    asked: list[str] = []

    def note(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", note)
    page.close(run_before_unload=True)
    until(page, lambda: asked == ["beforeunload"])
    stopped: list[Route] = []

    def stop(route: Route) -> None:
        stopped.append(route)
        route.abort()

    page.route("**/kiosk/status", stop)
    page.context.set_offline(False)
    until(page, lambda: bool(stopped))
    page.unroute("**/kiosk/status")
    page.get_by_role("button", name="Send now").click()
    expect_sent(page)
    page.close(run_before_unload=True)
    assert asked == ["beforeunload"]
    assert fair.count("redeemed") == 1


def test_nothing_of_what_it_says_is_cut_off(fair: Fair) -> None:
    page = fair.desk("Door")
    lose(page)
    send(page, fair.world.issue("pin").token)
    wait_verdict(page, "redeemed")
    for width in (320, 390, 1024):
        page.set_viewport_size({"width": width, "height": 700})
        assert page.evaluate("document.querySelector('#verdict').scrollWidth") <= width
    dismiss(page)
    for width in (320, 390, 1024):
        page.set_viewport_size({"width": width, "height": 700})
        assert fits(page)
    box = page.get_by_role("button", name="Send now").bounding_box()
    assert box is not None and box["height"] >= 44 and box["width"] >= 44


def test_what_the_server_does_not_take_waits_for_a_person_to_try_again(fair: Fair) -> None:
    page = fair.desk("Door")
    lose(page)
    send(page, fair.world.issue("pin").token)
    wait_verdict(page, "redeemed")
    dismiss(page)
    refusal = {"status": 422, "detail": "The server did not accept this scan."}
    page.route("**/api/v1/scans/batch", lambda route: route.fulfill(json={"answers": [refusal]}))
    come_back(page)
    listed = page.locator("#kept-list li")
    expect(listed).to_contain_text("not taken by the server. The server did not accept this scan.")
    page.reload()
    expect(listed).to_contain_text("Tell an organiser, then try again.")
    page.unroute("**/api/v1/scans/batch")
    listed.get_by_role("button", name="Try again").click()
    expect_sent(page)
    assert fair.count("redeemed") == 1


def test_a_kiosk_that_is_opened_after_it_was_revoked_sends_what_waits_before_anything_else(
    fair: Fair,
) -> None:
    page = fair.desk("Door", disk=True)
    device = page.get_attribute("body", "data-device-id") or ""
    lose(page)
    send(page, fair.world.issue("pin").token)
    wait_verdict(page, "redeemed")
    fair.leave("Door")
    revoke(fair.world, device)
    page = fair.open("Door").pages[0]
    page.route("**/api/v1/scans/batch", lambda route: route.abort())
    page.goto(f"{fair.address}/kiosk/")
    expect(page.locator("#left-behind-text")).to_have_text(
        "This kiosk was revoked. 1 scan still waits to be sent."
    )
    expect(page.locator("#pairing")).to_be_hidden()
    assert broken(page) == []
    page.unroute("**/api/v1/scans/batch")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("#left-behind-text")).to_contain_text("All that it had kept is sent")
    expect(page.locator("#pairing")).to_be_visible()
    assert reasons(fair.world) == ["revoked_device"]
    page.reload()
    expect(page.locator("#pairing")).to_be_visible()
    expect(page.locator("#left-behind")).to_be_hidden()


def test_what_was_redeemed_as_the_page_ended_is_known_after_it_was_opened_again(fair: Fair) -> None:
    page, pin = fair.desk("Door"), fair.world.issue("pin")

    def swallow(route: Route) -> None:
        route.fetch()

    page.route("**/api/v1/scans", swallow)
    # Nor does the device decide by itself before the page ends.
    page.evaluate(
        """() => {
            const later = window.setTimeout;
            window.setTimeout = (what, ms) => (ms === 1500 ? 0 : later(what, ms));
        }"""
    )
    send(page, pin.token)
    until(page, lambda: fair.count("redeemed") == 1)
    with page.expect_response("**/api/v1/scans/*"):
        page.reload()
    page.unroute_all(behavior="ignoreErrors")
    ready(page)
    lose(page)
    send(page, pin.token)
    wait_verdict(page, "already_redeemed")
    expect(page.locator("#verdict-word")).to_have_text("Used")
