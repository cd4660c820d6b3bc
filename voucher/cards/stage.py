"""The card without its words: a ticket with a white panel, drawn once for all communities."""

from collections.abc import Callable
from functools import lru_cache

from PIL import Image, ImageChops, ImageDraw

from voucher.cards.palette import Ramp

WIDTH, HEIGHT = 900, 1300
MARGIN = 48
BADGE = (MARGIN, 42, MARGIN + 12, 82)
PANEL = (MARGIN, 244, WIDTH - MARGIN, 1000)
TEAR = 1034
PILL = (MARGIN, 1192, WIDTH - MARGIN, 1260)
RADIUS, NOTCH, RIM = 44, 24, 3
# Shapes are drawn this many times larger and then reduced: that makes their edges smooth.
FINE = 4

Shape = Callable[[ImageDraw.ImageDraw], None]


def set_stage() -> Image.Image:
    """Return a fresh grey picture whose levels are palette numbers."""
    return _stage().copy()


@lru_cache(maxsize=1)
def _stage() -> Image.Image:
    picture = Image.new("L", (WIDTH, HEIGHT), Ramp.INK.start)
    _lay(picture, Ramp.PANEL, _mask(lambda pen: _rounded(pen, PANEL, RADIUS - 12)))
    _lay(picture, Ramp.PILL, _mask(lambda pen: _rounded(pen, PILL, 34)))
    _lay(picture, Ramp.PILL, _mask(lambda pen: _rounded(pen, BADGE, 6)))
    _lay(picture, Ramp.INK, _mask(_tear_line), share=0.45)
    _lay(picture, Ramp.RIM, ImageChops.invert(_mask(lambda pen: _ticket(pen, RIM))))
    _lay(picture, Ramp.OUTSIDE, ImageChops.invert(_mask(lambda pen: _ticket(pen, 0))))
    return picture


def _lay(picture: Image.Image, ramp: Ramp, mask: Image.Image, share: float = 1.0) -> None:
    touched = mask.point([0] + [255] * 255)
    picture.paste(mask.point(ramp.numbers(share)), mask=touched)


def _mask(shape: Shape) -> Image.Image:
    large = Image.new("L", (WIDTH * FINE, HEIGHT * FINE))
    shape(ImageDraw.Draw(large))
    return large.reduce(FINE)


def _rounded(pen: ImageDraw.ImageDraw, box: tuple[int, int, int, int], radius: int) -> None:
    left, top, right, bottom = (FINE * edge for edge in box)
    pen.rounded_rectangle((left, top, right - 1, bottom - 1), FINE * radius, fill=255)


def _ticket(pen: ImageDraw.ImageDraw, inset: int) -> None:
    _rounded(pen, (inset, inset, WIDTH - inset, HEIGHT - inset), RADIUS - inset)
    for side in (0, WIDTH):
        pen.circle((FINE * side, FINE * TEAR), FINE * (NOTCH + inset), fill=0)


def _tear_line(pen: ImageDraw.ImageDraw) -> None:
    for x in range(MARGIN + 6, WIDTH - MARGIN, 18):
        pen.circle((FINE * x, FINE * TEAR), FINE * 2.5, fill=255)
