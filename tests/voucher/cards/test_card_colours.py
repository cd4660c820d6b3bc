import pytest
from hypothesis import given
from hypothesis import strategies as st

from voucher.cards import ColourUnreadable
from voucher.cards.colours import BLACK, WHITE, Colour, apart_from, ink_on, soft_ink_on

channel = st.integers(0, 255)
colours = st.builds(Colour, channel, channel, channel)


@pytest.mark.parametrize("text", ["#5865F2", "5865f2", " #5865f2 "])
def test_a_colour_is_read_with_or_without_its_hash(text: str) -> None:
    assert Colour.parse(text) == (0x58, 0x65, 0xF2)


def test_a_short_colour_stands_for_the_long_one() -> None:
    assert Colour.parse("#f0a") == Colour.parse("#ff00aa")


@pytest.mark.parametrize("text", ["", "#", "#12345", "#1234567", "blurple", "#12345g", "#١٢٣"])
def test_what_is_no_colour_is_refused(text: str) -> None:
    with pytest.raises(ColourUnreadable, match="#5865F2"):
        Colour.parse(text)


def test_contrast_is_what_wcag_says() -> None:
    assert BLACK.contrast(WHITE) == pytest.approx(21)
    assert WHITE.contrast(WHITE) == pytest.approx(1)
    assert Colour.parse("#777777").contrast(WHITE) == pytest.approx(4.48, abs=0.005)


@given(colours)
def test_every_ground_has_inks_that_can_be_read(ground: Colour) -> None:
    assert ground.contrast(ink_on(ground)) >= 4.5
    assert ground.contrast(soft_ink_on(ground)) >= 4.5


@given(colours, colours)
def test_an_accent_is_told_from_its_ground(accent: Colour, ground: Colour) -> None:
    shown = apart_from(accent, ground)
    assert shown.contrast(ground) >= 1.3
    assert shown == accent or accent.contrast(ground) < 1.3
