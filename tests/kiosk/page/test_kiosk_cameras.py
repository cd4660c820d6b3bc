"""A device with two cameras: one is chosen by its name, and stays chosen."""

from playwright.sync_api import Playwright, expect

from tests.kiosk.fair import until
from tests.kiosk.page.stub import Stub
from tests.support.browser import launch

TWO = ["--use-fake-device-for-media-stream=device-count=2", "--use-fake-ui-for-media-stream"]
LABEL = "document.getElementById('video').srcObject?.getVideoTracks()[0].label"
OPENED = 'body[data-camera="running"]'


def test_a_camera_is_chosen_by_name_and_remembered_until_it_is_gone(
    playwright: Playwright, server: Stub
) -> None:
    server.reset()
    browser = launch(playwright, TWO)
    page = browser.new_page(viewport={"width": 320, "height": 568})
    page.goto(server.address + "/kiosk/")
    page.wait_for_selector(OPENED)
    cameras = page.get_by_role("combobox", name="Camera")
    expect(cameras.locator("option")).to_have_text(["fake_device_0", "fake_device_1"])
    expect(page.locator("#zoom-row")).to_be_hidden()
    cameras.select_option("fake_device_1")
    until(page, lambda: page.evaluate(LABEL) == "fake_device_1")
    page.reload()
    page.wait_for_selector(OPENED)
    assert page.evaluate(LABEL) == "fake_device_1"
    expect(page.get_by_role("combobox", name="Camera")).to_have_value(
        page.evaluate("localStorage.getItem('keepsake.camera')")
    )
    page.evaluate("localStorage.setItem('keepsake.camera', 'one that was unplugged')")
    page.reload()
    page.wait_for_selector(OPENED)
    assert page.evaluate("localStorage.getItem('keepsake.camera')") is None
    browser.close()
