"""Community colours, and text on them that people can read (WCAG 2.2, contrast)."""

import re
from typing import NamedTuple

HEX = re.compile(r"#?([0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)
READABLE = 4.5


class ColourUnreadable(ValueError):
    """The text is not a colour such as #5865F2."""


class Colour(NamedTuple):
    """An sRGB colour, 0 to 255 each."""

    red: int
    green: int
    blue: int

    @classmethod
    def parse(cls, text: str) -> "Colour":
        """Read #RRGGBB or #RGB, with or without the #; raise ColourUnreadable otherwise."""
        match = HEX.fullmatch(text.strip())
        if not match:
            raise ColourUnreadable(f"{text!r} is not a colour such as #5865F2")
        digits = match[1] if len(match[1]) == 6 else "".join(2 * digit for digit in match[1])
        return cls(*bytes.fromhex(digits))

    def luminance(self) -> float:
        """Relative luminance, 0 (black) to 1 (white), as WCAG defines it."""
        red, green, blue = (_linear(channel / 255) for channel in self)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    def contrast(self, other: "Colour") -> float:
        """Contrast ratio, 1 to 21; text needs 4.5."""
        low, high = sorted((self.luminance(), other.luminance()))
        return (high + 0.05) / (low + 0.05)

    def towards(self, other: "Colour", share: float) -> "Colour":
        """Mix in a share (0 to 1) of another colour."""
        return Colour(*(round(a + (b - a) * share) for a, b in zip(self, other, strict=True)))


WHITE = Colour(255, 255, 255)
NIGHT = Colour(17, 19, 24)
BLACK = Colour(0, 0, 0)


def ink_on(ground: Colour) -> Colour:
    """Choose white or a near-black for text; black where nothing softer has contrast enough."""
    best = max((WHITE, NIGHT), key=ground.contrast)
    return best if ground.contrast(best) >= READABLE else BLACK


def soft_ink_on(ground: Colour) -> Colour:
    """Choose a quieter ink for lesser lines, as quiet as can still be read."""
    ink = ink_on(ground)
    shades = (ink.towards(ground, share / 100) for share in (30, 24, 18, 12, 6))
    return next((shade for shade in shades if ground.contrast(shade) >= READABLE), ink)


def apart_from(colour: Colour, ground: Colour, ratio: float = 1.3) -> Colour:
    """Move a colour away from the ground it lies on until its edge can be seen."""
    ink = ink_on(ground)
    shades = (colour.towards(ink, share / 100) for share in range(0, 101, 10))
    return next((shade for shade in shades if ground.contrast(shade) >= ratio), ink)


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
