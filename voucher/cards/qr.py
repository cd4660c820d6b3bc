"""The QR code of a voucher: error correction M, alphanumeric, dark on white."""

from dataclasses import dataclass

import qrcode
from PIL import Image, ImageOps
from qrcode.constants import ERROR_CORRECT_M
from qrcode.util import MODE_8BIT_BYTE, QRData

from voucher.cards.masks import Grid, best_masked

QUIET_ZONE = 4


class NotAlphanumeric(ValueError):
    """The text would need byte mode, and so a larger symbol."""


@dataclass(frozen=True, slots=True)
class Symbol:
    """A QR symbol without its quiet zone: ``size`` modules each way, rows of 1 for dark."""

    version: int
    size: int
    bits: str

    @property
    def matrix(self) -> list[list[bool]]:
        """The modules by row, true for dark."""
        lit = [bit == "1" for bit in self.bits]
        return [lit[start : start + self.size] for start in range(0, len(lit), self.size)]

    @property
    def span(self) -> int:
        """Modules across, with the quiet zone on both sides."""
        return self.size + 2 * QUIET_ZONE

    def image(self, module: int = 12, *, dark: int = 0, light: int = 255) -> Image.Image:
        """Draw it in grey (mode L) with its whole quiet zone, ``module`` pixels a module."""
        levels = self.bits.encode().translate(bytes.maketrans(b"01", bytes([light, dark])))
        small = Image.frombytes("L", (self.size, self.size), levels)
        framed = ImageOps.expand(small, QUIET_ZONE, fill=light)
        return framed.resize((self.span * module, self.span * module), Image.Resampling.NEAREST)


def make_symbol(text: str) -> Symbol:
    """Make the smallest symbol for a text in QR's alphanumeric set (upper case).

    A voucher's address with a host of up to 24 characters is version 7, 45 modules each way.
    Raises NotAlphanumeric for any other text.
    """
    words = QRData(text)
    if words.mode == MODE_8BIT_BYTE:
        raise NotAlphanumeric("a voucher's QR text has digits, upper case and $%*+-./: only")
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, mask_pattern=0)
    code.add_data(words)
    code.make()
    grid = best_masked(Grid.of(code.modules), code.version)
    return Symbol(code.version, grid.size, grid.bits())
