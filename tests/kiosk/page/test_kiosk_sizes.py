"""Nothing is cut off and everything is large enough to touch, in each size and each language."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.kiosk.fair import until
from tests.kiosk.hands import CODE, dismiss, send, wait_verdict
from tests.kiosk.page.scenes import SCENES, STAGE
from tests.kiosk.page.stub import Stub
from voucher.scans.rules import REFUSALS

SIZES = ((320, 568), (390, 844), (844, 390), (768, 1024), (1024, 768))
TOUCH_PX = 44

# What stands out of the window or of its own box, and what is too small for a finger.
MEASURE = """(touch) => {
    const wrong = [];
    const name = ({ tagName, id, className, textContent }) =>
        `${tagName} ${id || className} “${textContent.trim().slice(0, 30)}”`;
    const targets = "button, a[href], select, .switch, .upload, #entry, #name";
    const isSeen = (each) => each.checkVisibility({ opacityProperty: true })
        && !each.closest("[inert], svg, .unseen, .frame, [aria-hidden=true], option");
    if (document.documentElement.scrollWidth > innerWidth) wrong.push("the page scrolls sideways");
    for (const each of document.querySelectorAll("body *")) {
        if (!isSeen(each)) continue;
        const box = each.getBoundingClientRect();
        if (box.width === 0) continue;
        if (box.left < -0.5 || box.right > innerWidth + 0.5) wrong.push(`outside: ${name(each)}`);
        const isInline = getComputedStyle(each).display === "inline";
        const isCut = !isInline && each.scrollWidth > each.clientWidth + 1;
        if (isCut && !each.matches("input, select, video")) wrong.push(`cut: ${name(each)}`);
        const isSmall = Math.min(box.width, box.height) < touch;
        if (isSmall && each.matches(targets)) wrong.push(`small: ${name(each)}`);
    }
    const buttons = document.querySelector(".verdict:not([hidden]) .verdict-buttons");
    const bottom = buttons?.getBoundingClientRect().bottom ?? 0;
    if (bottom > innerHeight + 0.5) wrong.push("buttons below the window");
    return wrong;
}"""
# All of the scenes in one go: those in which something is wrong.
MEASURE_ALL = f"""([scenes, touch]) => Object.entries(scenes).flatMap(([name, outcome]) => {{
    window.stage(outcome);
    return ({MEASURE})(touch).map((wrong) => `${{name}}: ${{wrong}}`);
}})"""


def test_the_scenes_are_all_verdicts() -> None:
    verdicts = {one["answer"]["verdict"] for one in SCENES.values() if one["kind"] == "answer"}
    assert {"redeemed", "valid", "reserved", "released", "undone", *REFUSALS} <= verdicts


@pytest.mark.parametrize("language", ["en", "de", "es"])
def test_every_answer_fits_every_screen(page: Page, language: str) -> None:
    page.select_option("#language", language)
    page.evaluate(STAGE)
    wrong: list[str] = []
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        found: list[str] = page.evaluate(MEASURE_ALL, [SCENES, TOUCH_PX])
        wrong += [f"{width}x{height} {one}" for one in found]
    assert wrong == []


def measured(page: Page) -> list[str]:
    wrong = []
    for language in ("en", "de", "es"):
        page.select_option("#language", language)
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            found: list[str] = page.evaluate(MEASURE, TOUCH_PX)
            wrong += [f"{language} {width}x{height} {one}" for one in found]
    return wrong


def test_the_desk_and_its_question_fit_every_screen(page: Page, server: Stub) -> None:
    send(page, CODE)
    wait_verdict(page, "redeemed")
    dismiss(page)
    send(page, "0ABC")
    assert measured(page) == []
    page.locator("#recent button").click()
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate(MEASURE, TOUCH_PX) == []


def test_the_letters_fit_every_screen(browser: Browser, server: Stub) -> None:
    page = browser.new_page()
    for path in ("pair", "pair?expired", "unpaired"):
        page.goto(f"{server.address}/kiosk/{path}")
        assert measured(page) == []
    page.close()


def test_a_page_speaks_as_the_browser_does_until_somebody_chooses(
    browser: Browser, server: Stub
) -> None:
    context = browser.new_context(locale="de-AT")
    page = context.new_page()
    page.goto(f"{server.address}/kiosk/pair")
    expect(page.get_by_label("Name dieses Geräts")).to_be_visible()
    expect(page).to_have_title("Diesen Browser koppeln – Kiosk")
    page.select_option("#language", "es")
    expect(page.locator("h1")).to_have_text("Vincular este navegador con Pop-up Berlin")
    page.goto(f"{server.address}/kiosk/")
    expect(page.locator("html")).to_have_attribute("lang", "es")
    page.wait_for_selector('body[data-ready="true"]')
    send(page, CODE)
    wait_verdict(page, "redeemed")
    expect(page.locator("#verdict-word")).to_have_text("Canjeado")
    dismiss(page)
    send(page, "0ABC")
    page.select_option("#language", "de")
    # Nothing was loaded anew: what was there is said in the other language.
    expect(page.locator("#recent li")).to_contain_text("Eingelöst – Enamel pin")
    expect(page.locator("#recent li button")).to_have_text("Rückgängig")
    expect(page.locator("#connection-text")).to_have_text("Verbunden")
    expect(page.locator("#entry-complaint")).to_have_text("Ein Code hat 13 Zeichen. Dieser hat 4.")
    context.close()


def focused(page: Page) -> dict[str, Any]:
    """What has the focus, and whether that is seen."""
    found: dict[str, Any] = page.evaluate(
        """() => {
            const it = document.activeElement;
            const shown = it.matches(".switch input, .upload input") ? it.nextElementSibling : it;
            const name = it === document.body ? "body" : it.id || it.dataset.step;
            return { name: name || it.textContent.trim(),
                seen: getComputedStyle(shown).outlineStyle !== "none" };
        }"""
    )
    return found


def tab_to(page: Page, name: str) -> None:
    for _ in range(20):
        page.keyboard.press("Tab")
        there = focused(page)
        # The document itself has its turn between the last and the first.
        assert there["seen"] or there["name"] == "body"
        if there["name"] == name:
            return
    raise AssertionError(f"{name} is not reached")


def test_the_whole_way_goes_by_keys_alone(page: Page, server: Stub) -> None:
    tab_to(page, "check-only")
    page.keyboard.press("Space")
    expect(page.locator("body")).to_have_attribute("data-mode", "check")
    page.keyboard.press("Space")
    tab_to(page, "entry")
    page.keyboard.type(CODE)
    page.keyboard.press("Enter")
    wait_verdict(page, "redeemed")
    assert focused(page) == {"name": "verdict-next", "seen": True}
    tab_to(page, "undo")
    page.wait_for_timeout(350)
    page.keyboard.press("Enter")
    page.locator("#undo[open]").wait_for()
    assert focused(page) == {"name": "undo-keep", "seen": True}
    page.keyboard.press("Escape")
    expect(page.locator("#undo")).to_be_hidden()
    assert focused(page) == {"name": "undo", "seen": True}
    page.keyboard.press("Enter")
    tab_to(page, "Wrong person")
    page.keyboard.press("Enter")
    wait_verdict(page, "undone")
    page.wait_for_timeout(350)
    page.keyboard.press("Escape")
    expect(page.locator("#verdict")).to_be_hidden()
    assert focused(page) == {"name": "entry", "seen": True}
    tab_to(page, "language")
    page.keyboard.press("ArrowDown")
    expect(page.locator("html")).to_have_attribute("lang", "de")


ASK_AGAIN_AT_ONCE = """async () => {
  const { UndoQuestion } = await import("/kiosk/static/undo-question.js");
  const question = new UndoQuestion(), shown = { details: { perk: "Pin", member: null } };
  question.ask(shown);
  question.cancel();
  const answered = question.ask(shown);
  // The first one's end is told only now.
  await new Promise((done) => setTimeout(done, 50));
  document.querySelector("#undo-reasons button").click();
  return answered;
}"""


def test_a_question_that_is_asked_again_at_once_is_answered(page: Page) -> None:
    assert page.evaluate(ASK_AGAIN_AT_ONCE) is not None


def test_a_long_question_is_scrolled_by_keys_and_not_answered_by_them(
    page: Page, server: Stub
) -> None:
    page.set_viewport_size({"width": 320, "height": 568})
    note = "Ask for the badge as well. " * 9
    asked = SCENES["identity_required"]["answer"]
    perk = asked["voucher"]["perk"] | {"staff_note": note}
    server.answers[CODE] = asked | {"voucher": asked["voucher"] | {"perk": perk}}
    send(page, CODE)
    wait_verdict(page, "identity_required")
    page.wait_for_timeout(350)
    tab_to(page, "verdict-body")
    page.keyboard.press("End")
    until(page, lambda: page.evaluate("document.querySelector('#verdict-body').scrollTop > 0"))
    page.keyboard.press("Enter")
    assert page.locator("#verdict").get_attribute("data-verdict") == "identity_required"
