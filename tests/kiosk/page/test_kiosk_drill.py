"""Before doors open: one verdict, by a camera that sees the test code and a sound that is heard."""

from playwright.sync_api import expect

from tests.kiosk.hands import Film
from tests.kiosk.page.stub import Stub

CODE = "KEEPSAKE:TEST"


def test_the_drill_is_gone_through_and_redeems_nothing(opened: Film, server: Stub) -> None:
    page = opened(CODE)
    page.set_viewport_size({"width": 320, "height": 568})
    page.goto(server.address + "/kiosk/")
    page.wait_for_selector('body[data-ready="true"]')
    page.get_by_role("button", name="Ready?", exact=True).click()
    drill = page.get_by_role("dialog", name="Before doors open")
    camera = drill.locator('[data-check="camera"]')
    expect(camera).to_contain_text("It reads codes.", timeout=15_000)
    sound = drill.locator('[data-check="sound"]')
    expect(sound).to_have_attribute("data-state", "ask")
    drill.get_by_role("button", name="Play the sound").click()
    drill.get_by_role("button", name="Not heard").click()
    expect(sound).to_contain_text("Turn the volume up")
    drill.get_by_role("button", name="Play the sound").click()
    drill.get_by_role("button", name="I heard it").click()
    expect(sound).to_have_attribute("data-state", "go")
    expect(drill.locator('[data-check="network"]')).to_contain_text("The server answers in")
    # The server of this test is years ahead.
    expect(drill.locator('[data-check="clock"]')).to_contain_text("Set it to automatic.")
    expect(page.locator("#drill-verdict")).to_have_text("Not ready")
    drill.get_by_role("button", name="Show the test code").click()
    expect(drill.get_by_role("img", name="Test code")).to_be_visible()
    page.keyboard.press("Escape")
    expect(drill).to_be_hidden()
    expect(page.get_by_role("button", name="Ready?", exact=True)).to_be_focused()
    assert server.scans == []
