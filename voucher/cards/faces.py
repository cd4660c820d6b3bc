"""Which fonts there are, and which characters each can draw.

Pillow brings one font, Aileron, with little more than ASCII. Whatever else there is depends on
the machine: fonts that the caller names come first, then well-known ones where they are found.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from PIL import ImageFont

WELL_KNOWN = (
    "NotoSans-Regular.ttf",
    "DejaVuSans.ttf",
    "NotoSansCJK-Regular.ttc",
    "NotoSansArabic-Regular.ttf",
    "NotoSansHebrew-Regular.ttf",
    "NotoSansDevanagari-Regular.ttf",
    "NotoSansThai-Regular.ttf",
    "NotoSansSymbols2-Regular.ttf",
    "NotoEmoji-Regular.ttf",
)
# A noncharacter (Unicode, 23.7): every font answers with its sign for what it lacks.
NO_CHARACTER = "\uffff"
PROBE_SIZE = 24


@dataclass(frozen=True)
class Face:
    """A font file by name or path; without one, the font that Pillow brings."""

    file: str | None = None

    def font(self, size: int) -> ImageFont.FreeTypeFont:
        """Return the font in a size in pixels."""
        return _font(self.file, size)

    def draws(self, character: str) -> bool:
        """Say whether the font has a glyph of its own for the character."""
        return _has_glyph(self.file, character)

    def draws_all(self, text: str) -> bool:
        """Say whether it has a glyph for each character."""
        return all(map(self.draws, text))


BUILT_IN = Face()


@lru_cache(maxsize=16)
def find_faces(named: tuple[str, ...] = ()) -> tuple[Face, ...]:
    """Return the built-in font, the named ones, and the well-known ones that are installed."""
    return (BUILT_IN, *_installed(named), *_installed(WELL_KNOWN))


def _installed(files: Iterable[str]) -> Iterable[Face]:
    for file in files:
        try:
            _font(file, PROBE_SIZE)
        except OSError:
            continue
        yield Face(file)


@lru_cache(maxsize=256)
def _font(file: str | None, size: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.truetype(file, size) if file else ImageFont.load_default(size)
    if not isinstance(font, ImageFont.FreeTypeFont):
        raise OSError("Pillow was built without FreeType, so no text can be drawn")
    return font


@lru_cache(maxsize=4096)
def _has_glyph(file: str | None, character: str) -> bool:
    return _glyph(file, character) != _glyph(file, NO_CHARACTER)


@lru_cache(maxsize=4096)
def _glyph(file: str | None, character: str) -> tuple[tuple[int, int], bytes]:
    mask = _font(file, PROBE_SIZE).getmask(character)
    return mask.size, bytes(mask)
