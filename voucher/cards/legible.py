"""Names as far as the fonts at hand can draw them."""

import re
import unicodedata
from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

from voucher.cards.faces import BUILT_IN, Face

ELLIPSIS = "…"
LONGEST_NAME = 160
SEVERAL = re.compile(r"…(?: ?…)+")
# Letters that Unicode does not take apart into a plain one and its marks.
PLAIN = str.maketrans(
    {"ß": "ss", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "ł": "l"}
    | {"Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "ı": "i"}
    | {"–": "-", "—": "-", "‐": "-", "‑": "-", "−": "-", "„": '"', "‚": "'", "€": "EUR "}
)


class Legible(NamedTuple):
    """A text of which each character can be drawn by one of the faces, best face first."""

    text: str
    faces: tuple[Face, ...] = (BUILT_IN,)

    def runs(self, part: str) -> list[tuple[Face, str]]:
        """Split a part of the text into pieces that one face draws."""
        if self.faces == (BUILT_IN,):
            return [(BUILT_IN, part)]
        pairs = ((_face_for(character, self.faces), character) for character in part)
        grouped = groupby(pairs, key=lambda pair: pair[0] or BUILT_IN)
        return [(face, "".join(letter for _, letter in pieces)) for face, pieces in grouped]


def make_legible(name: str, faces: tuple[Face, ...], *, otherwise: str = "") -> Legible:
    """Keep what can be drawn of a name; ``otherwise`` where that says nothing.

    One face for the whole, if any has it all. What no face has: accents are taken off letters,
    other letters become an ellipsis (a name must not look whole when it is not), and emoji
    and signs are left out.
    """
    text = _tidy(name[:LONGEST_NAME])
    if whole := _face_for_all(text, faces):
        return Legible(text or otherwise, whole)
    text = _tidy("".join(_drawable(character, faces) for character in text))
    text = SEVERAL.sub(ELLIPSIS, text)
    if not any(character.isalnum() for character in text):
        return Legible(otherwise)
    return Legible(text, _face_for_all(text, faces) or faces)


def _face_for_all(text: str, faces: tuple[Face, ...]) -> tuple[Face, ...]:
    """Return the first face that has it all, and the built-in one for an ellipsis after it."""
    whole = next((face for face in faces if face.draws_all(text)), None)
    return tuple(dict.fromkeys((whole, BUILT_IN))) if whole else ()


def _tidy(text: str) -> str:
    """Compose, drop control characters, direction marks and lone halves, one space between."""
    visible = (
        " " if character.isspace() else character
        for character in unicodedata.normalize("NFC", text)
        if character.isspace() or unicodedata.category(character)[0] != "C"
    )
    return " ".join("".join(visible).split())


def _drawable(character: str, faces: tuple[Face, ...]) -> str:
    if _face_for(character, faces):
        return character
    plain = "".join(_without_marks(character.translate(PLAIN)))
    if plain and all(_face_for(letter, faces) for letter in plain):
        return plain
    return ELLIPSIS if unicodedata.category(character)[0] in "LN" else ""


def _without_marks(text: str) -> Iterable[str]:
    decomposed = unicodedata.normalize("NFKD", text)
    return (letter for letter in decomposed if not unicodedata.combining(letter))


def _face_for(character: str, faces: tuple[Face, ...]) -> Face | None:
    return next((face for face in faces if face.draws(character)), None)
