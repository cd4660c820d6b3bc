import pytest
import qrcode
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from qrcode.constants import ERROR_CORRECT_M
from qrcode.util import lost_point

from voucher.cards import NotAlphanumeric, make_symbol
from voucher.cards.masks import Grid, penalty

TOKEN = "A" * 39 + "." + "7B" * 51 + "Q"
ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"


def by_the_library(text: str, mask: int) -> list[list[bool | None]]:
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, mask_pattern=mask)
    code.add_data(text, optimize=0)
    code.make()
    return code.modules


@pytest.mark.parametrize(("host", "version"), [(1, 7), (24, 7), (25, 8)])
def test_a_host_of_up_to_24_characters_keeps_version_7(host: int, version: int) -> None:
    text = f"HTTPS://{'H' * host}/V/{TOKEN}"
    symbol = make_symbol(text)
    assert symbol.version == version
    assert symbol.span == symbol.size + 8
    found = zxingcpp.read_barcode(symbol.image(4))
    assert found is not None
    assert (found.text, found.ec_level) == (text, "M")


@settings(max_examples=15)
@given(st.text(ALPHANUMERIC, min_size=1, max_size=200))
def test_the_symbol_is_the_librarys_own_with_the_best_of_its_eight_masks(text: str) -> None:
    symbols = [by_the_library(text, mask) for mask in range(8)]
    assert [penalty(Grid.of(symbol)) for symbol in symbols] == list(map(lost_point, symbols))
    assert make_symbol(text).matrix == min(symbols, key=lost_point)


def test_the_quiet_zone_is_four_modules_of_pure_white_on_every_side() -> None:
    image = make_symbol("HTTPS://A.EXAMPLE/V/B").image(3)
    ink = image.point([255] + [0] * 255).getbbox()
    assert ink == (12, 12, image.width - 12, image.height - 12)
    assert image.getcolors() is not None
    assert {colour for _, colour in image.getcolors() or []} == {0, 255}


@pytest.mark.parametrize("text", ["https://pass.example.org/V/A", "A?B", "Ä", "A#B", "A\nB"])
def test_a_text_that_needs_a_larger_mode_is_refused(text: str) -> None:
    with pytest.raises(NotAlphanumeric):
        make_symbol(text)
