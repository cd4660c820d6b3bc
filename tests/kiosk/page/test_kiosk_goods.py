"""What stands beside the answer: a picture also without a network, a count, and who it is for."""

from pathlib import Path

from PIL import Image
from playwright.sync_api import expect
from sqlalchemy import select

from tests.kiosk.faces import give_avatar
from tests.kiosk.fair import Fair, lose, until
from tests.kiosk.hands import dismiss, send, wait_verdict
from tests.support.installations import thread
from voucher.ledger.models import Voucher
from voucher.token import print_code

SHOWN = "document.getElementById('verdict-picture').naturalWidth"


def test_the_answer_shows_what_how_many_and_to_whom(fair: Fair, tmp_path: Path) -> None:
    Image.new("RGB", (300, 200), "#8d5a97").save(tmp_path / "coffee.png")
    page = fair.desk("Door")
    card, drinks = fair.world.issue("coffee", name="Ada Morgenstern"), fair.world.issue("coffee")
    send(page, card.code)
    wait_verdict(page, "redeemed")
    expect(page.locator("#verdict-picture")).to_be_visible()
    until(page, lambda: page.evaluate(SHOWN) == 300)
    expect(page.locator("#verdict-disc")).to_have_text("AM")
    page.wait_for_timeout(350)
    for name in ("One more of them", "One less", "One more of them"):
        page.get_by_role("button", name=name, exact=True).click()
    page.get_by_role("button", name="2 more (2 left)", exact=True).click()
    expect(page.locator("#verdict-perk")).to_have_text("2 × Coffee")
    wait_verdict(page, "redeemed")
    assert fair.uses_taken(card.reference) == 3
    lose(page)
    page.reload()
    page.wait_for_selector('body[data-reader="ready"]', timeout=15_000)
    expect(page.locator("#kept")).to_contain_text("may hand out 3 more", timeout=15_000)
    send(page, drinks.token)
    wait_verdict(page, "redeemed")
    expect(page.locator("#verdict-picture")).to_be_visible()
    until(page, lambda: page.evaluate(SHOWN) == 300)


def test_the_trophy_is_told_of_after_the_answer(fair: Fair) -> None:
    page = fair.desk("Door")
    fair.world.take(*(thread(f"e{at}", member_name="Ada") for at in range(3)))
    with fair.world.installation.reading() as session:
        code = print_code(session.scalars(select(Voucher.code)).one())
    send(page, code)
    wait_verdict(page, "redeemed")
    expect(page.locator("#verdict-trophy")).to_have_text("For “Starter”")
    expect(page.locator("#verdict-disc")).to_have_text("A")


def test_a_picture_takes_the_initials_place_and_leaves_with_the_answer(fair: Fair) -> None:
    page = fair.desk("Door")
    first, second = fair.world.issue(name="Ada"), fair.world.issue(member="2", name="Robin Holt")
    give_avatar(fair.world)
    send(page, first.code)
    wait_verdict(page, "redeemed")
    face = page.locator("#verdict-disc img")
    expect(face).to_be_visible()
    expect(face).to_have_attribute("alt", "Ada")
    expect(page.locator("#verdict-disc")).to_have_text("")
    dismiss(page)
    send(page, second.code)
    expect(page.locator("#verdict-disc")).to_have_text("RH")
    expect(face).to_have_count(0)


def test_the_desk_says_what_its_station_handed_out_today_and_as_of_when(fair: Fair) -> None:
    page, figures = fair.desk("Door"), "#figures"
    expect(page.locator(figures)).to_contain_text("Handed out: 0", timeout=15_000)
    send(page, fair.world.issue("coffee").code)
    wait_verdict(page, "redeemed")
    page.reload()
    expect(page.locator(figures)).to_contain_text("Handed out: 1", timeout=20_000)
    expect(page.locator(figures)).to_contain_text("Devices online: 1")
    expect(page.locator("#figures-as-of")).to_be_hidden()
    lose(page)
    page.reload()
    expect(page.locator(figures)).to_contain_text("Handed out: 1")
    expect(page.locator("#figures-as-of")).to_contain_text("As of")
