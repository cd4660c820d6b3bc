"""Draws docs/verdicts.md and the README's kiosk: `python -m tests.kiosk.page.verdict_pictures`."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Page, ViewportSize

from tests.kiosk.page.scenes import SCENES, STAGE, told, voucher
from tests.kiosk.page.stub import ROOT, Stub, stub_app
from tests.support.browser import open_browser
from tests.support.pages import served

IMAGES = ROOT / "docs" / "images"
PHONE = ViewportSize(width=390, height=844)
WIDTH_PX = 200
"""As wide as a phone looks from two metres."""
HAND_OVER = "One pin on its card, from the tray on the left"
OF_README = told(
    "redeemed",
    member={"display_name": "Robin"},
    voucher=voucher(name="Lantern enamel pin", hand_over=HAND_OVER),
)


@contextmanager
def stage() -> Iterator[Page]:
    """A kiosk's page that shows what it is told to, without a camera."""
    with served(stub_app(Stub())) as address, open_browser() as browser:
        page = browser.new_page(viewport=PHONE, locale="en-GB", reduced_motion="reduce")
        page.goto(f"{address}/kiosk/")
        page.wait_for_selector('body[data-reader="ready"]')
        page.evaluate(STAGE)
        yield page


def picture(page: Page, outcome: dict[str, Any]) -> Image.Image:
    """How the page shows an outcome."""
    page.evaluate("(outcome) => window.stage(outcome)", outcome)
    return Image.open(BytesIO(page.screenshot())).convert("RGB")


def draw(images: Path = IMAGES) -> None:
    """Draws each answer small, and the README's large."""
    folder = images / "verdicts"
    folder.mkdir(parents=True, exist_ok=True)
    with stage() as page:
        for name, outcome in SCENES.items():
            small = picture(page, outcome)
            small.thumbnail((WIDTH_PX, PHONE["height"]), Image.Resampling.LANCZOS)
            small.save(folder / f"{name}.webp", quality=70, method=6)
        few_colours = picture(page, OF_README).quantize(64)
        few_colours.save(images / "kiosk.png", optimize=True)


if __name__ == "__main__":
    draw()
