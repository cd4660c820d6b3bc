"""By what a text is known again: what cannot be seen makes no other one, and no longer one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.activity.formats import fingerprints
from app.activity.formats.discord_events import Text

KEY = b"k" * 32
INVISIBLE = "\u200b\u200d\u2060\ufeff\u00ad\u034f\ufe0f\U000e0020"
BLANK = "\u3164\u115f\u2800\u00a0\u2003\n\t"


def told(text: str, **more: list[str]) -> Text:
    return fingerprints.told_of(text, KEY, **more)


@given(st.lists(st.sampled_from("Hi there" + INVISIBLE), max_size=40).map("".join))
def test_what_cannot_be_seen_is_no_part_of_a_text(mixed: str) -> None:
    seen = "".join(one for one in mixed if one not in INVISIBLE)
    assert told(mixed) == (told(seen) if seen else (told("\u200b") if mixed else Text()))


@pytest.mark.parametrize(
    ("one", "other", "length"),
    [
        ("Good morning", "good   MORNING ", 12),
        ("Good morning", f"{BLANK}Good{BLANK}morning{BLANK}", 12),
        ("ﬁne", "fine", 4),
        ("z" + "\u0335" * 30, "z", 1),
        ("👍🏽" + "\u200d" * 9, "👍🏽", 2),
        ("नमस्ते", "नमस्ते\u200c", 4),
        ("\u200b" * 50, "\u3164" * 50, 0),
    ],
)
def test_the_same_text_is_known_again_and_as_long_as_it_looks(
    one: str, other: str, length: int
) -> None:
    assert told(one) == told(other)
    assert told(one).length == length


def test_stickers_are_no_characters_and_files_are_long_enough() -> None:
    sticker, file = told("", stickers=["2", "1"]), told("", files=["a.png 12"])
    assert sticker.length == 0 and sticker == told("", stickers=["1", "2"])
    assert file.length is None and file.fingerprint not in (None, sticker.fingerprint)
    assert told("", files=["a.png 13"]).fingerprint != file.fingerprint
    assert told("look", files=["a.png 12"]) == told("look")
    assert told("") == Text()
