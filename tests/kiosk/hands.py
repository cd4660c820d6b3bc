"""What staff do at the kiosk's page, and the codes that they are shown."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

from PIL import Image
from playwright.sync_api import Page

from tests.support.camera import qr_image

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


def token(seed: int) -> str:
    """A text of the right form; the stub asks for no more."""
    letters = [LETTERS[(seed * 7 + at * at + at) % 32] for at in range(142)]
    return f"HTTPS://KEEPSAKE.EXAMPLE/V/{''.join(letters[:39])}.{''.join(letters[39:])}"


GOOD, BAD, SPARE = token(1), token(2), token(3)
CODE = "0ABC-1DEF-2GHJK"


Film = Callable[..., Page]


def wait_verdict(page: Page, name: str) -> None:
    page.wait_for_selector(f'[data-verdict="{name}"]', timeout=15_000)


def send(page: Page, text: str) -> None:
    page.fill("#entry", text)
    page.press("#entry", "Enter")


def press_next(page: Page) -> None:
    # What comes right after an answer was meant for the page before: people are slower.
    page.wait_for_timeout(350)
    page.keyboard.press("Enter")


def dismiss(page: Page) -> None:
    press_next(page)
    page.wait_for_selector("#verdict", state="hidden")


def png(text: str, box: int, scene: tuple[int, int] | None = None) -> bytes:
    image = qr_image(text, box)
    if scene:
        large = Image.new("L", scene, 90)
        large.paste(image, (scene[0] // 3, scene[1] // 3))
        image = large
    file = BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def upload(content: bytes) -> Any:
    return {"name": "card.png", "mimeType": "image/png", "buffer": content}
