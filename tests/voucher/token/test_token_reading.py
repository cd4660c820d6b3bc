import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from voucher.token import KeySet, Payload, TokenRefused, TokenVerdict, mint, read, verify

PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes([7] * 32))
KEYS = KeySet({7: PRIVATE.public_key().public_bytes_raw()})
NOW = 1_780_000_600
PAYLOAD = Payload(1, 7, 1, 42, bytes.fromhex("0123456789abcdef"), NOW - 600, NOW + 259_200)
TOKEN = mint(PAYLOAD, PRIVATE)
ASCII = st.characters(max_codepoint=127)
PLACES = st.integers(0, len(TOKEN) - 1)


def test_reading_says_nothing_about_the_time() -> None:
    assert read(TOKEN, KEYS) == PAYLOAD


def test_a_refusal_has_a_code_and_a_sentence_that_says_what_to_do() -> None:
    with pytest.raises(TokenRefused) as caught:
        read(TOKEN, KeySet())
    refused = caught.value
    assert (refused.verdict, refused.code) == (TokenVerdict.UNKNOWN_KEY, "unknown_key")
    assert "Go online" in refused.sentence


def test_a_revoked_key_is_refused_although_it_is_still_published() -> None:
    with pytest.raises(TokenRefused) as caught:
        read(TOKEN, KeySet(KEYS.public, frozenset({7})))
    assert caught.value.verdict is TokenVerdict.REVOKED_KEY


def test_256_characters_are_read_and_257_are_not() -> None:
    padded = TOKEN + " " * (256 - len(TOKEN))
    assert verify(padded, KEYS, NOW).verdict is TokenVerdict.OK
    assert verify(f"{padded} ", KEYS, NOW).verdict is TokenVerdict.MALFORMED


@pytest.mark.parametrize(
    "text",
    [
        f"HTTPS://PASS.EXAMPLE.ORG/V/{TOKEN}/",
        f"HTTPS://PASS.EXAMPLE.ORG/V/{TOKEN}?A=1",
        f"HTTPS://PASS.EXAMPLE.ORG/V/ {TOKEN}",
        f"/V/{TOKEN}",
        TOKEN.replace(".", ""),
        TOKEN.replace(".", ".."),
        "://",
        "://V/",
    ],
)
def test_what_only_resembles_a_token_is_malformed(text: str) -> None:
    assert verify(text, KEYS, NOW).verdict is TokenVerdict.MALFORMED


def test_a_key_that_is_no_point_of_the_curve_verifies_nothing() -> None:
    broken = KeySet({7: b"\xff" * 32})
    assert verify(TOKEN, broken, NOW).verdict is TokenVerdict.BAD_SIGNATURE


@given(PLACES, ASCII)
def test_a_token_with_another_character_is_never_accepted(place: int, character: str) -> None:
    text = TOKEN[:place] + character + TOKEN[place + 1 :]
    _accepted_only_where_it_is_the_same(text)


@given(PLACES, ASCII)
def test_a_token_with_a_character_more_is_never_accepted(place: int, character: str) -> None:
    _accepted_only_where_it_is_the_same(TOKEN[:place] + character + TOKEN[place:])


@given(PLACES, PLACES)
def test_a_piece_of_a_token_is_never_accepted(start: int, end: int) -> None:
    _accepted_only_where_it_is_the_same(TOKEN[start:end])
    _accepted_only_where_it_is_the_same(TOKEN[:start] + TOKEN[end:])


@given(st.text(max_size=300))
def test_any_text_at_all_gets_a_verdict(text: str) -> None:
    assert verify(text, KEYS, NOW).verdict is TokenVerdict.MALFORMED


@given(st.lists(st.sampled_from(["A", "7", ".", "/V/", "://", " ", "\x1d", "AE", TOKEN])))
def test_any_arrangement_of_a_tokens_parts_gets_a_verdict(parts: list[str]) -> None:
    text = "".join(parts)
    answer = verify(text, KEYS, NOW)
    assert (answer.verdict is TokenVerdict.OK) == (answer.payload == PAYLOAD)


def test_every_single_change_of_one_letter_is_refused() -> None:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
    for place, old in enumerate(TOKEN):
        new = letters[(letters.find(old) + 1) % 32]
        text = TOKEN[:place] + new + TOKEN[place + 1 :]
        assert verify(text, KEYS, NOW).verdict is not TokenVerdict.OK, place


def _accepted_only_where_it_is_the_same(text: str) -> None:
    """Lower case and white space around it do not make another token."""
    same = text.strip("\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f ").upper() == TOKEN
    assert (verify(text, KEYS, NOW).verdict is TokenVerdict.OK) == same
