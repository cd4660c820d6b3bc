import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voucher.cards.faces import BUILT_IN, Face
from voucher.cards.legible import make_legible
from voucher.cards.typeset import Style, draw_block, fit

ALONE = (BUILT_IN,)


class AnyFace(Face):
    """A font that has every glyph of its script, to stand in for one that is installed."""

    def draws(self, character: str) -> bool:
        return character == " " or "\u0400" <= character <= "\u04ff"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Free matcha latte", "Free matcha latte"),
        ("Café Zürich in Łódź", "Cafe Zurich in Lodz"),
        ("Straße – „Smørrebrød“", 'Strasse - "Smorrebrod“'),
        ("Cafe\u0301", "Cafe"),
        ("Party 🎉🎉 tonight 👩‍🚀", "Party tonight"),
        ("寿司 10 % off 東京 駅", "… 10 % off …"),
        ("two\nlines\tand\u00a0spaces ", "two lines and spaces"),
        ("\u202eevil\u202c\x00\ud800", "evil"),
        ("寿司", "Your voucher"),
        ("🎉", "Your voucher"),
        ("", "Your voucher"),
    ],
)
def test_with_the_built_in_font_alone_a_name_keeps_what_it_can(name: str, shown: str) -> None:
    legible = make_legible(name, ALONE, otherwise="Your voucher")
    assert (legible.text, legible.faces) == (shown, ALONE)


def test_a_font_that_has_the_script_draws_the_whole_name() -> None:
    cyrillic = AnyFace("some.ttf")
    legible = make_legible("Бесплатный кофе", (BUILT_IN, cyrillic))
    assert legible.runs("Бесплатный кофе") == [(cyrillic, "Бесплатный кофе")]
    assert legible.runs("Бесп…") == [(cyrillic, "Бесп"), (BUILT_IN, "…")]


def test_a_name_in_two_scripts_is_drawn_by_two_fonts() -> None:
    cyrillic = AnyFace("some.ttf")
    legible = make_legible("Latte и кофе", (BUILT_IN, cyrillic))
    assert [run for _, run in legible.runs(legible.text)] == ["Latte ", "и", " ", "кофе"]


@settings(max_examples=40)
@given(st.text(max_size=80), st.integers(120, 800))
def test_no_name_whatever_leaves_its_place(name: str, width: int) -> None:
    style = Style(((60, 1), (40, 2)), bold=0.02)
    block = fit(make_legible(name, ALONE, otherwise="?"), width, style)
    assert len(block.lines) <= style.steps[-1][1]
    assert block.width <= width + 1
    assert draw_block(block).width <= width + 1


def test_a_name_shrinks_before_it_wraps_and_wraps_before_it_is_cut() -> None:
    style = Style(((60, 1), (40, 1), (40, 2)))

    def set_in(width: int) -> tuple[int, tuple[str, ...]]:
        block = fit(make_legible("Free matcha latte for two", ALONE), width, style)
        return block.setting.size, block.lines

    assert set_in(900) == (60, ("Free matcha latte for two",))
    assert set_in(600) == (40, ("Free matcha latte for two",))
    assert set_in(350) == (40, ("Free matcha latte", "for two"))
    assert set_in(180) == (40, ("Free", "matcha l…"))
