import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import zxingcpp
from PIL import Image

from voucher.cards import CardText, ColourUnreadable, draw_card

DARK_MODE, LIGHT_MODE = (49, 51, 56), (255, 255, 255)
LINK = (
    "HTTPS://PASS.EXAMPLE.ORG/V/AEAAOAIAAAACUAJDIVTYTK6N55VBRJIANIOJTAA.PKCDG3GK2IYGFDN532E6ELHE"
    "65AWE3LRTQ76WO52UTAUVNJCHW3F6T75AQ56OGZLFRIJGICDPO53F25IE3VNLXFXXEXDZDACYHQZ2AI"
)
CARD = CardText(
    community="Night Owls",
    perk="Free matcha latte",
    link=LINK,
    code="028T-5CY4-TQKFF",
    valid_until=datetime(2026, 11, 28, 14, tzinfo=UTC),
    zone=UTC,
    station="Pop-up by the canal",
)
LONG = "The extraordinarily generous breakfast for two with seconds!"
CARDS = {
    "plain": CARD,
    "white on white": replace(CARD, primary="#ffffff", accent="#ffffff"),
    "black": replace(CARD, primary="#000000", accent="#111111"),
    "as dark as the page": replace(CARD, primary="#313338", accent="#23a55a"),
    "middle grey": replace(CARD, primary="#808080", accent="#777777"),
    "loud": replace(CARD, primary="#ff0000", accent="#00ff00"),
    "long names": replace(
        CARD, perk=LONG, community=LONG, station=LONG, valid_from=CARD.valid_until - timedelta(9)
    ),
    "wide letters": replace(CARD, perk="W" * 60, community="W" * 60, station="W" * 60),
    "other scripts": replace(CARD, perk="寿司セット 🎉", community="Сообщество", station="مقهى"),
    "emoji": replace(CARD, perk="🎉" * 60, community="👩‍🚀", station=""),
    "no names": replace(CARD, perk="", community="", station=""),
}
every_card = pytest.mark.parametrize("card", CARDS.values(), ids=CARDS)


def opened(card: CardText) -> Image.Image:
    return Image.open(io.BytesIO(draw_card(card))).convert("RGBA")


def on_page(picture: Image.Image, page: tuple[int, int, int]) -> Image.Image:
    shown = Image.new("RGB", picture.size, page)
    shown.paste(picture, mask=picture)
    return shown


def scanned(picture: Image.Image, *, size: float, quality: int) -> str:
    """What a scanner reads of the picture, made smaller and compressed on its way."""
    small = picture.resize((round(picture.width * size), round(picture.height * size)))
    file = io.BytesIO()
    small.save(file, "JPEG", quality=quality)
    found = zxingcpp.read_barcode(Image.open(file))
    return found.text if found else ""


@every_card
@pytest.mark.parametrize("page", [DARK_MODE, LIGHT_MODE], ids=["dark mode", "light mode"])
def test_a_card_is_read_at_two_fifths_of_its_size_and_poor_jpeg(
    card: CardText, page: tuple[int, int, int]
) -> None:
    shown = on_page(opened(card), page)
    assert scanned(shown, size=1, quality=90) == LINK
    assert scanned(shown, size=0.4, quality=40) == LINK


@every_card
def test_the_code_has_its_whole_quiet_zone_and_nothing_upon_it(card: CardText) -> None:
    picture = opened(card).convert("RGB")
    found = zxingcpp.read_barcode(picture)
    assert found is not None
    corner, other = found.position.top_left, found.position.bottom_right
    # 45 modules of 12 pixels; the reader's corners are the symbol's, to a pixel or two.
    left, top = round(corner.x / 2) * 2, round(corner.y / 2) * 2
    assert abs(other.x - corner.x - 540) <= 4
    zone = picture.crop((left - 46, top - 46, left + 586, top + 586))
    colours = {colour for _, colour in zone.getcolors() or []}
    assert colours == {(255, 255, 255), (17, 19, 24)}
    zone.paste((255, 255, 255), (42, 42, 590, 590))
    assert zone.getcolors() == [(632 * 632, (255, 255, 255))]


@every_card
def test_nothing_is_drawn_into_the_margins(card: CardText) -> None:
    picture = opened(card).convert("RGB")
    ground = picture.getpixel((20, 200))
    for left, right in ((6, 46), (854, 894)):
        for top, bottom in ((60, 1000), (1066, 1240)):
            margin = picture.crop((left, top, right, bottom))
            assert margin.getcolors() == [((right - left) * (bottom - top), ground)]


def test_what_surrounds_the_ticket_is_transparent() -> None:
    opacity = opened(CARD).getchannel("A")
    assert opacity.getpixel((0, 0)) == 0
    assert opacity.getpixel((899, 1299)) == 0
    assert opacity.getpixel((0, 1034)) == 0
    assert opacity.getpixel((450, 650)) == 255


def test_community_colours_are_on_the_card() -> None:
    colours = {
        colour
        for _, colour in opened(replace(CARD, primary="#123456", accent="#fedcba"))
        .convert("RGB")
        .getcolors(4096)
        or []
    }
    assert {(0x12, 0x34, 0x56), (0xFE, 0xDC, 0xBA)} <= colours


@pytest.mark.parametrize(
    "change",
    [
        {"perk": "Free espresso"},
        {"community": "Early Birds"},
        {"station": "Main hall"},
        {"code": "028T-5CY4-TQKFG"},
        {"valid_until": datetime(2026, 11, 29, 14, tzinfo=UTC)},
    ],
)
def test_each_word_of_a_card_is_drawn(change: dict[str, str]) -> None:
    assert draw_card(replace(CARD, **change)) != draw_card(CARD)  # type: ignore[arg-type]


def test_the_same_card_is_the_same_picture() -> None:
    assert draw_card(CARD) == draw_card(replace(CARD))


def test_a_card_is_small_enough_for_a_phones_network() -> None:
    assert all(len(draw_card(card)) < 80_000 for card in CARDS.values())


def test_a_font_that_is_not_there_does_no_harm() -> None:
    assert draw_card(CARD, ("no-such-font.ttf",)) == draw_card(CARD)


def test_a_colour_that_is_none_is_refused() -> None:
    with pytest.raises(ColourUnreadable):
        draw_card(replace(CARD, primary="blurple"))
