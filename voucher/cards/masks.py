"""Which of a QR symbol's eight masks reads best: ISO/IEC 18004, evaluation of masks.

The qrcode library draws and scores eight whole symbols module by module, which takes longer
than all the rest of a card. Here a symbol is one integer with a bit a module, so that a mask
is an XOR and a rule a few shifts.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

import qrcode
from qrcode.constants import ERROR_CORRECT_M

FINDER_LOOKALIKES = ("10111010000", "00001011101")


class Grid(NamedTuple):
    """A symbol read by rows, and the same one read by columns."""

    rows: int
    columns: int
    size: int

    @classmethod
    def of(cls, modules: list[list[bool | None]]) -> "Grid":
        """Pack the library's modules, true for dark."""
        return cls(_pack(modules), _pack(zip(*modules, strict=True)), len(modules))

    def __xor__(self, other: "Grid") -> "Grid":
        """Turn over each module that is dark in the other."""
        return Grid(self.rows ^ other.rows, self.columns ^ other.columns, self.size)

    def bits(self) -> str:
        """Return a 1 for each dark module and a 0 for each light one, row after row."""
        return format(self.rows, f"0{self.size**2}b")


def best_masked(drawn: Grid, version: int) -> Grid:
    """Of a symbol drawn with mask 0, return the version with the least penalty."""
    return min((drawn ^ change for change in _changes(version)), key=penalty)


def penalty(grid: Grid) -> int:
    """Sum the standard's four rules."""
    lines = _line_penalty(grid.rows, grid.size) + _line_penalty(grid.columns, grid.size)
    percent_off = abs(grid.rows.bit_count() * 100 / grid.size**2 - 50)
    return lines + 3 * _blocks(grid) + 10 * int(percent_off / 5)


def _line_penalty(bits: int, size: int) -> int:
    """Rule 1, five or more alike in a line; rule 3, what looks like a finder pattern."""
    alike = _alike(bits, size)
    fives = alike & alike >> 1 & alike >> 2 & alike >> 3
    runs = fives & ~(fives << 1)
    finders = sum(_matches(bits, size, pattern) for pattern in FINDER_LOOKALIKES)
    return fives.bit_count() + 2 * runs.bit_count() + 40 * finders


def _blocks(grid: Grid) -> int:
    """Rule 2: squares of two by two, all alike."""
    alike = _alike(grid.rows, grid.size)
    upright = ~(grid.rows ^ grid.rows >> grid.size)
    return (alike & alike >> grid.size & upright).bit_count()


def _alike(bits: int, size: int) -> int:
    return ~(bits ^ bits >> 1) & _first_columns(size, size - 1)


def _matches(bits: int, size: int, pattern: str) -> int:
    found = _first_columns(size, size - len(pattern) + 1)
    for place, dark in enumerate(reversed(pattern)):
        found &= bits >> place if dark == "1" else ~(bits >> place)
    return found.bit_count()


@lru_cache(maxsize=256)
def _first_columns(size: int, count: int) -> int:
    line = (1 << count) - 1
    return sum(line << row * size for row in range(size))


@lru_cache(maxsize=40)
def _changes(version: int) -> tuple[Grid, ...]:
    """For each mask, the modules that differ from mask 0, those that name the mask included."""
    blank = [_blank(version, mask) for mask in range(8)]
    return tuple(grid ^ blank[0] for grid in blank)


def _blank(version: int, mask: int) -> Grid:
    code = qrcode.QRCode(version, ERROR_CORRECT_M)
    code.data_cache = []
    code.makeImpl(False, mask)
    return Grid.of(code.modules)


def _pack(lines: Iterable[Iterable[bool | None]]) -> int:
    return int("".join("1" if dark else "0" for line in lines for dark in line), 2)
