"""The picture that a member gets in Discord and shows at the counter."""

import io
from dataclasses import dataclass
from datetime import datetime, tzinfo

from PIL import Image, ImageDraw

from voucher.cards.colours import Colour
from voucher.cards.faces import BUILT_IN, Face, find_faces
from voucher.cards.legible import Legible, make_legible
from voucher.cards.palette import Ramp, colour_in
from voucher.cards.qr import make_symbol
from voucher.cards.stage import BADGE, MARGIN, PANEL, PILL, TEAR, WIDTH, set_stage
from voucher.cards.typeset import Style, draw_block, fit
from voucher.cards.wording import INSTRUCTION, say_window

COLUMN = WIDTH - 2 * MARGIN
CODE_ROOM = 108
CODE_SIZE, CODE_PITCH, HYPHEN = 52, 51, 0.75
COMMUNITY = Style(((36, 1), (31, 1), (27, 1)))
PERK = Style(((76, 1), (60, 2), (50, 2), (42, 2), (35, 3)), bold=0.022)
WINDOW = Style(((38, 1), (33, 1)), bold=0.012)
WINDOW_OF_TWO = Style(((34, 1),), bold=0.012)
STATION = Style(((34, 1), (28, 1), (24, 2)))
PILL_WORDS = Style(((35, 1),), bold=0.012)
GAP = 6
# Half as long as the usual 6, and a tenth larger: 40 kB.
COMPRESSION = 3


@dataclass(frozen=True, slots=True)
class CardText:
    """What a card says.

    ``link`` is the token's address in upper case, ``code`` the typed code as printed. Both
    times are aware and shown in ``zone``; without ``valid_from`` only the end is named, and
    without ``station`` no place. Colours are hexadecimal, such as #5865F2.
    """

    community: str
    perk: str
    link: str
    code: str
    valid_until: datetime
    zone: tzinfo
    station: str = ""
    valid_from: datetime | None = None
    primary: str = "#5865F2"
    accent: str = "#FEE75C"


def draw_card(card: CardText, fonts: tuple[str, ...] = ()) -> bytes:
    """Draw a card as PNG, 900 by 1300 pixels with transparent corners.

    ``fonts`` are names or paths of font files for scripts that the built-in font lacks. Raises
    ColourUnreadable, NotAlphanumeric (for the link), ValueError for a naive time.
    """
    faces = find_faces(fonts)
    picture = set_stage()
    _draw_heading(picture, card, faces)
    _draw_panel(picture, card)
    _draw_footing(picture, card, faces)
    opacity = colour_in(picture, Colour.parse(card.primary), Colour.parse(card.accent))
    file = io.BytesIO()
    picture.save(file, "PNG", transparency=opacity, compress_level=COMPRESSION)
    return file.getvalue()


def _draw_heading(picture: Image.Image, card: CardText, faces: tuple[Face, ...]) -> None:
    left, middle = BADGE[2] + 18, (BADGE[1] + BADGE[3]) // 2
    name = make_legible(card.community, faces, otherwise="Your community")
    community = fit(name, WIDTH - MARGIN - left, COMMUNITY)
    _lay(picture, Ramp.SOFT, draw_block(community), (left, middle - community.height // 2))
    perk = fit(make_legible(card.perk, faces, otherwise="Your voucher"), COLUMN, PERK)
    top = (BADGE[3] + PANEL[1] - perk.height) // 2
    _lay(picture, Ramp.INK, draw_block(perk), (MARGIN, top))


def _draw_panel(picture: Image.Image, card: CardText) -> None:
    symbol = make_symbol(card.link)
    left, top, right, bottom = PANEL
    room = bottom - top - CODE_ROOM
    image = symbol.image(room // symbol.span, dark=Ramp.CODE.end, light=Ramp.CODE.start)
    picture.paste(image, ((left + right - image.width) // 2, top + (room - image.height) // 2))
    _draw_code(picture, card.code, bottom - CODE_ROOM)


def _draw_code(picture: Image.Image, code: str, top: int) -> None:
    """Draw the code with one pitch for all characters: the built-in font has no monospace."""
    sheet = Image.new("L", (COLUMN, CODE_ROOM))
    pen, font = ImageDraw.Draw(sheet), BUILT_IN.font(CODE_SIZE)
    steps = [CODE_PITCH * (HYPHEN if character == "-" else 1) for character in code]
    x, baseline = (COLUMN - sum(steps)) / 2, CODE_ROOM * 0.55
    for character, step in zip(code, steps, strict=True):
        middle = (x + step / 2, baseline)
        pen.text(middle, character, 255, font, "ms", stroke_width=CODE_SIZE * 0.018)
        x += step
    _lay(picture, Ramp.CODE, sheet, (MARGIN, top))


def _draw_footing(picture: Image.Image, card: CardText, faces: tuple[Face, ...]) -> None:
    window = say_window(card.valid_from, card.valid_until, card.zone)
    style = WINDOW if len(window) == 1 else WINDOW_OF_TWO
    lines = [(Ramp.INK, fit(Legible(phrase), COLUMN, style)) for phrase in window]
    station = make_legible(card.station, faces)
    if station.text:
        lines.append((Ramp.SOFT, fit(station, COLUMN, STATION)))
    height = sum(block.height + GAP for _, block in lines) - GAP
    top = (TEAR + PILL[1] - height) // 2
    for ramp, block in lines:
        _lay(picture, ramp, draw_block(block), (MARGIN, top))
        top += block.height + GAP
    words = fit(Legible(INSTRUCTION), COLUMN - MARGIN, PILL_WORDS)
    corner = ((WIDTH - words.width) // 2, (PILL[1] + PILL[3] - words.height) // 2)
    _lay(picture, Ramp.WORDS, draw_block(words), corner)


def _lay(picture: Image.Image, ramp: Ramp, sheet: Image.Image, corner: tuple[int, int]) -> None:
    """Put what is drawn on a sheet onto the picture, in the colours of the ramp."""
    if box := sheet.getbbox():
        drawn = sheet.crop(box).point(ramp.numbers())
        picture.paste(drawn, (corner[0] + box[0], corner[1] + box[1]))
