"""The organisers' pages of devices and operators, in a real browser on a phone's screen."""

import io
import re
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
import zxingcpp
from flask import Flask
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from app.factory import create_app
from tests.kiosk.desks import Desk
from tests.support.accessible import fits
from tests.support.installations import World
from tests.support.pages import new_link, served, with_settings


@pytest.fixture
def page(world: World, plain_browser: Browser) -> Iterator[Page]:
    """A phone where an organiser is signed in."""
    with ExitStack() as stack:
        app: Flask
        address = stack.enter_context(served(lambda *call: app(*call)))
        installation = with_settings(world.installation, public_address=address)
        app = create_app(installation)
        page = plain_browser.new_page(viewport={"width": 360, "height": 740}, base_url=address)
        stack.callback(close_all, plain_browser)
        page.goto(address + new_link(installation))
        page.get_by_role("button").first.click()
        expect(page.get_by_role("heading", name="Overview")).to_be_visible()
        yield page


def close_all(browser: Browser) -> None:
    """The next test finds a browser as it was."""
    for context in browser.contexts:
        context.close()


def test_a_phone_scans_the_code_of_a_device_that_was_just_added(world: World, page: Page) -> None:
    page.get_by_role("navigation").get_by_role("link", name="Devices").click()
    expect(page.get_by_role("heading", name="Devices", exact=True)).to_be_visible()
    assert fits(page)
    page.get_by_label("Name").fill("Door 2")
    page.get_by_label("Station").select_option("Pop-up")
    page.get_by_label("undo").uncheck()
    page.get_by_role("button", name="Add and pair").click()
    expect(page.get_by_role("heading", name="Pair Door 2 with Pop-up")).to_be_visible()
    assert fits(page)
    link = page.locator("#link").inner_text()
    picture = Image.open(io.BytesIO(page.get_by_role("img", name="QR code").screenshot()))
    (read,) = zxingcpp.read_barcodes(picture.convert("L").resize((picture.width * 2,) * 2))
    assert read.text == link
    phone = page.context.browser
    assert phone is not None
    kiosk = phone.new_context().new_page()
    kiosk.goto(link)
    kiosk.get_by_role("button", name="Pair this browser").click()
    expect(kiosk.locator("#device")).to_have_text("Door 2")
    expect(kiosk.locator("#connection")).to_contain_text("Connected")
    page.get_by_role("link", name="Back to the devices").click()
    row = page.get_by_role("listitem").filter(has_text="Door 2")
    expect(row.locator("dd").first).to_have_text("redeem")
    expect(row).to_contain_text("There")
    row.get_by_role("button", name="Revoke Door 2").click()
    expect(page.get_by_role("heading", name="Revoked")).to_be_visible()
    kiosk.reload()
    expect(kiosk.locator("#device")).to_have_count(0)


def test_from_a_station_a_pairing_code_is_two_clicks_away(world: World, page: Page) -> None:
    page.get_by_role("navigation").get_by_role("link", name="Stations").click()
    expect(page.get_by_role("heading", name="Stations", exact=True)).to_be_visible()
    for width in (320, 1280, 390):
        page.set_viewport_size({"width": width, "height": 740})
        assert fits(page)
    page.get_by_role("listitem").get_by_role("link", name="Pop-up").click()
    station = page.get_by_role("region", name="Pop-up")
    expect(station).to_be_in_viewport()
    station.get_by_role("link", name="Add a device at Pop-up").click()
    expect(page.get_by_label("Station")).to_have_value("popup")
    expect(page.get_by_label("Name")).to_be_in_viewport()
    page.get_by_label("Name").fill("Door 2")
    page.get_by_role("button", name="Add and pair").click()
    expect(page.get_by_role("heading", name="Pair Door 2 with Pop-up")).to_be_visible()
    page.goto("/console/stations")
    expect(page.get_by_role("region", name="Pop-up")).to_contain_text("Stand here1")


def test_what_a_device_may_is_changed_where_it_stands(world: World, page: Page) -> None:
    Desk(world)
    page.goto("/console/devices")
    page.get_by_text("Change what it may").click()
    form = page.locator(".rows-desks form.resolve")
    form.get_by_label("redeem").uncheck()
    form.get_by_label("undo").uncheck()
    assert fits(page)
    form.get_by_role("button", name="Keep").click()
    expect(page.locator(".rows-desks")).to_contain_text("check only")


def test_an_operator_is_added_admitted_and_signs_in_with_the_pin_that_is_shown(
    world: World, page: Page
) -> None:
    door = Desk(world)
    page.get_by_role("navigation").get_by_role("link", name="Operators").click()
    page.get_by_label("Name").fill("Mia")
    page.get_by_label("Role").select_option("supervisor")
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_role("button", name="Admit Mia").click()
    expect(page.locator(".admissions")).to_contain_text("Door, Pop-up")
    assert fits(page)
    page.get_by_role("button", name="Draw a PIN of Mia").click()
    pin = page.locator("#pin").inner_text()
    assert re.fullmatch(r"\d{6}", pin)
    page.get_by_role("link", name="Back to the operators").click()
    operator = page.locator(".rows-desks li").first.get_attribute("id")
    assert operator is not None and door.sign_in(operator, pin)[0] == 200
    page.reload()
    expect(page.locator(".admissions")).to_contain_text("Signed in")
    page.get_by_role("button", name="Dismiss Mia from Door").click()
    expect(page.get_by_text("is admitted to no device", exact=False)).to_be_visible()
    page.get_by_role("button", name="Withdraw Mia").click()
    expect(page.get_by_text("Nobody works at the desks yet")).to_be_visible()
