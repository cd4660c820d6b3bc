"""The card on paper: A6, black on white, for whoever prints it at home."""

import io
from dataclasses import dataclass

from PIL import Image, ImageDraw

from voucher.cards.card import CardText
from voucher.cards.faces import BUILT_IN, Face, find_faces
from voucher.cards.legible import Legible, make_legible
from voucher.cards.qr import make_symbol
from voucher.cards.typeset import Block, Style, draw_block, fit
from voucher.cards.wording import INSTRUCTION, say_window

# One bit a dot, so that no printer has to guess at grey: at 600 dpi letters and modules are sharp.
DPI = 600
WIDTH, HEIGHT = 2480, 3508
"""A6: 105 by 148.5 millimetres."""
MARGIN = 180
COLUMN = WIDTH - 2 * MARGIN
MODULE = 32
"""1.35 mm; a symbol of 45 modules is 61 mm wide."""
CODE_SIZE, CODE_PITCH, CODE_ROOM = 140, 128, 240

GAP = 26

COMMUNITY = Style(((88, 1), (72, 1)))
PERK = Style(((190, 1), (150, 2), (110, 3)), bold=0.02)
WINDOW = Style(((84, 1), (72, 1)), bold=0.012)
SMALL = Style(((72, 2), (62, 3), (54, 4)))


@dataclass(frozen=True, slots=True)
class Note:
    """What stands under the code, line by line."""

    lines: tuple[str, ...] = ()


def draw_paper(card: CardText, note: Note, fonts: tuple[str, ...] = ()) -> bytes:
    """The card as PDF of one page; `note` says what paper alone does not do.

    Raises NotAlphanumeric (for the link), ValueError for a naive time.
    """
    file = io.BytesIO()
    sheet = draw_sheet(card, note, fonts)
    sheet.save(file, "PDF", resolution=DPI, title="Voucher", producer="Keepsake")
    return file.getvalue()


def draw_sheet(card: CardText, note: Note, fonts: tuple[str, ...] = ()) -> Image.Image:
    """The page, black on white, one bit a dot."""
    faces = find_faces(fonts)
    sheet = Image.new("L", (WIDTH, HEIGHT), 255)
    top = _lay(sheet, _heading(card, faces), MARGIN)
    footing = _footing(card, note, faces)
    bottom = HEIGHT - MARGIN - sum(block.height + GAP for block in footing)
    code_top = bottom - CODE_ROOM
    _draw_symbol(sheet, card, top, code_top - top)
    _draw_code(sheet, card.code, code_top)
    _lay(sheet, footing, bottom)
    return sheet.convert("1", dither=Image.Dither.NONE)


def _heading(card: CardText, faces: tuple[Face, ...]) -> list[Block]:
    window = say_window(card.valid_from, card.valid_until, card.zone)
    return _fitted(
        (make_legible(card.community, faces, otherwise="Your community"), COMMUNITY),
        (make_legible(card.perk, faces, otherwise="Your voucher"), PERK),
        *((Legible(line), WINDOW) for line in window),
        (make_legible(card.station, faces), SMALL),
    )


def _footing(card: CardText, note: Note, faces: tuple[Face, ...]) -> list[Block]:
    lines = (make_legible(line, faces) for line in (INSTRUCTION, *note.lines))
    return _fitted(*((line, SMALL) for line in lines))


def _fitted(*texts: tuple[Legible, Style]) -> list[Block]:
    return [fit(text, COLUMN, style) for text, style in texts if text.text]


def _lay(sheet: Image.Image, blocks: list[Block], top: int) -> int:
    """Draws texts one below the other, in the middle, and returns where the last one ends."""
    for block in blocks:
        drawn = draw_block(block)
        sheet.paste(0, ((WIDTH - drawn.width) // 2, top), drawn)
        top += block.height + GAP
    return top


def _draw_symbol(sheet: Image.Image, card: CardText, top: int, room: int) -> None:
    """As large as there is room for: long names leave less."""
    symbol = make_symbol(card.link)
    image = symbol.image(min(MODULE, room // symbol.span, COLUMN // symbol.span))
    sheet.paste(image, ((WIDTH - image.width) // 2, top + (room - image.height) // 2))


def _draw_code(sheet: Image.Image, code: str, top: int) -> None:
    pen, font = ImageDraw.Draw(sheet), BUILT_IN.font(CODE_SIZE)
    x = (WIDTH - CODE_PITCH * len(code)) / 2
    for character in code:
        pen.text((x + CODE_PITCH / 2, top + CODE_SIZE), character, 0, font, "ms", stroke_width=2)
        x += CODE_PITCH
