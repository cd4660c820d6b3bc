"""The colours of a card, as a palette.

A card is a picture of palette numbers. Each pair of colours that meet has sixteen numbers in a
row, from the one to the other, so that edges are smooth. Shapes and letters are the same for
every community: only the palette differs, and the picture is small and quick to compress.
"""

from enum import IntEnum
from functools import lru_cache

from PIL import Image

from voucher.cards.colours import NIGHT, WHITE, Colour, apart_from, ink_on, soft_ink_on

STEPS = 16


class Ramp(IntEnum):
    """Pairs of colours that meet; the second one is what is drawn upon the first."""

    INK = 0  # the community's ground → its ink
    SOFT = 1  # ground → its quieter ink
    RIM = 2  # ground → the line around the card
    OUTSIDE = 3  # that line → nothing
    PANEL = 4  # ground → white
    CODE = 5  # white → near-black
    PILL = 6  # ground → accent
    WORDS = 7  # accent → its ink

    @property
    def start(self) -> int:
        """Palette number of the first colour alone."""
        return self * STEPS

    @property
    def end(self) -> int:
        """Palette number of the second colour alone."""
        return self.start + STEPS - 1

    @lru_cache(maxsize=32)
    def numbers(self, share: float = 1.0) -> list[int]:
        """Return the palette number for each strength from 0 to 255 of what is drawn."""
        return [self.start + round(share * drawn * (STEPS - 1) / 255) for drawn in range(256)]


def colour_in(picture: Image.Image, primary: Colour, accent: Colour) -> bytes:
    """Turn a grey picture of palette numbers into a coloured one, in place.

    Returns the opacity of each palette number, as PNG wants it when the picture is saved.
    """
    picture.putpalette(_channels(primary, accent))
    fading = (255 * (STEPS - 1 - step) // (STEPS - 1) for step in range(STEPS))
    return bytes([255] * Ramp.OUTSIDE.start) + bytes(fading)


@lru_cache(maxsize=64)
def _channels(primary: Colour, accent: Colour) -> bytes:
    pairs = _pairs(primary, apart_from(accent, primary))
    shades = (
        pairs[ramp][0].towards(pairs[ramp][1], step / (STEPS - 1))
        for ramp in Ramp
        for step in range(STEPS)
    )
    return bytes(channel for shade in shades for channel in shade)


def _pairs(ground: Colour, accent: Colour) -> dict[Ramp, tuple[Colour, Colour]]:
    rim = ground.towards(ink_on(ground), 0.25)
    return {
        Ramp.INK: (ground, ink_on(ground)),
        Ramp.SOFT: (ground, soft_ink_on(ground)),
        Ramp.RIM: (ground, rim),
        Ramp.OUTSIDE: (rim, rim),
        Ramp.PANEL: (ground, WHITE),
        Ramp.CODE: (WHITE, NIGHT),
        Ramp.PILL: (ground, accent),
        Ramp.WORDS: (accent, ink_on(accent)),
    }
