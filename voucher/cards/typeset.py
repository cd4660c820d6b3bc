"""Text that fits its place: smaller, on more lines, or cut short with an ellipsis."""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from math import ceil

from PIL import Image, ImageDraw

from voucher.cards.legible import ELLIPSIS, Legible

LINE_HEIGHT = 1.2


@dataclass(frozen=True, slots=True)
class Style:
    """Sizes to try in turn, in pixels, each with the lines it may take.

    ``bold`` is a stroke around the letters, as a share of the size.
    """

    steps: tuple[tuple[int, int], ...]
    bold: float = 0.0


@dataclass(frozen=True, slots=True)
class Setting:
    """A text in one size; widths and strokes in pixels."""

    source: Legible
    size: int
    stroke: float

    def width(self, part: str) -> float:
        """Return the width of a part of the text, set in one line."""
        runs = self.source.runs(part)
        return sum(face.font(self.size).getlength(run) for face, run in runs) + 2 * self.stroke

    def wrap(self, width: int) -> list[str]:
        """Break between words, and inside a word only where it is wider than a line."""
        if self.width(self.source.text) <= width:
            return [self.source.text]
        lines: list[str] = []
        for word in self.source.text.split(" "):
            longer = f"{lines[-1]} {word}" if lines else word
            if self.width(longer) <= width:
                lines[-1:] = [longer]
            else:
                lines.extend(self._pieces(word, width))
        return lines

    def cut(self, text: str, width: int) -> str:
        """Shorten a text to one line that ends with an ellipsis."""
        return text[: self._longest(text, width, ELLIPSIS)].rstrip(f" {ELLIPSIS}") + ELLIPSIS

    def _pieces(self, word: str, width: int) -> list[str]:
        pieces = []
        while word:
            length = self._longest(word, width)
            pieces.append(word[:length])
            word = word[length:]
        return pieces

    def _longest(self, text: str, width: int, ending: str = "") -> int:
        """Return how many characters fit, with the ending after them; at least one."""
        low, high = 1, len(text)
        while low < high:
            middle = (low + high + 1) // 2
            fits = self.width(text[:middle] + ending) <= width
            low, high = (middle, high) if fits else (low, middle - 1)
        # Never between a letter and the marks upon it.
        while low > 1 and low < len(text) and unicodedata.category(text[low])[0] == "M":
            low -= 1
        return low


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that fit."""

    setting: Setting
    lines: tuple[str, ...]

    @property
    def height(self) -> int:
        """Pixels from the top of the first line to the bottom of the last."""
        return round(len(self.lines) * self.setting.size * LINE_HEIGHT)

    @property
    def width(self) -> int:
        """Pixels across the longest line."""
        return ceil(max(map(self.setting.width, self.lines)))


@lru_cache(maxsize=512)
def fit(source: Legible, width: int, style: Style) -> Block:
    """Set a text in the largest size of the style that holds it, or cut it at the smallest."""
    for size, most in style.steps:
        setting = Setting(source, size, size * style.bold)
        lines = setting.wrap(width)
        if len(lines) <= most:
            return Block(setting, tuple(lines))
    return _cut_to_fit(source, width, style)


def _cut_to_fit(source: Legible, width: int, style: Style) -> Block:
    size, most = style.steps[-1]
    setting = Setting(source, size, size * style.bold)
    lines = setting.wrap(width)
    last = setting.cut(" ".join(lines[most - 1 :]), width)
    return Block(setting, (*lines[: most - 1], last))


@lru_cache(maxsize=32)
def draw_block(block: Block) -> Image.Image:
    """Draw the lines white on black (mode L); the picture is shared, so it is not to be changed.

    Kept for the last few texts, because the cards of one campaign come in a row.
    """
    size, stroke = block.setting.size, block.setting.stroke
    sheet = Image.new("L", (block.width, block.height + size // 3))
    pen = ImageDraw.Draw(sheet)
    for number, line in enumerate(block.lines):
        x, baseline = stroke, size + round(number * size * LINE_HEIGHT)
        for face, run in block.setting.source.runs(line):
            font = face.font(size)
            pen.text((x, baseline), run, 255, font, "ls", stroke_width=stroke)
            x += font.getlength(run)
    return sheet
