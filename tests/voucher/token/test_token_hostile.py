"""Hostile texts: the parser raises nothing but its own, and believes nothing that nobody minted.

`KEEPSAKE_HOSTILE_TEXTS=200000` makes the whole of it; by itself a tenth is tried.
"""

import os
from random import Random

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from voucher.token import KeySet, Payload, TokenRefused, mint, parse_code, print_code, read
from voucher.token.verdicts import CodeUnreadable

TEXTS = int(os.environ.get("KEEPSAKE_HOSTILE_TEXTS", "20000"))
SEED = bytes([7]) * 32
PUBLIC = Ed25519PrivateKey.from_private_bytes(SEED).public_key().public_bytes_raw()
KEYS = KeySet({7: PUBLIC}, frozenset({5}))
PLAIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567.ABC"
ODD = (
    "abz019-_=+/:.?&#% \t\n\r\x00\x1c\x7f\x80\xa0\xdf\u0130\u0131\u017f\u2003\ufeff\U0001f600\ud800"
)


def minted(random: Random) -> str:
    start = random.randint(0, 2**32 - 200_000)
    payload = Payload(1, 7, random.randint(0, 3), 42, random.randbytes(8), start, start + 60)
    return mint(payload, SEED)


def hostile(random: Random, tokens: list[str]) -> str:
    """Mutated, cut, spliced or random, alone or in an address."""
    token, other = random.choice(tokens), random.choice(tokens)
    match random.randrange(8):
        case 0 | 1 | 2:
            letters = list(token)
            for _ in range(random.choice((1, 1, 2, 5))):
                letters[random.randrange(len(letters))] = random.choice(PLAIN + ODD)
            token = "".join(letters)
        case 3:
            token = token[random.randrange(20) : random.randrange(100, 160)]
        case 4:  # one token's payload with another's signature
            token = token.partition(".")[0] + "." + other.partition(".")[2]
        case 5:
            at = random.randrange(len(token))
            token = token[:at] + random.choice((".", "=", "A", token)) + token[at:]
        case 6:
            token = "".join(random.choices(PLAIN, k=random.randrange(300)))
        case _:
            token = "".join(random.choices(PLAIN + ODD, k=random.randrange(300)))
    around = random.choice(("", "", " ", "HTTPS://PASS.EXAMPLE/V/", "x://", "/V/", "\x00"))
    return around + token


def test_no_text_is_believed_that_was_not_minted_and_none_breaks_the_parser() -> None:
    random = Random(20_260_601)
    tokens = [minted(random) for _ in range(200)]
    genuine = {read(token, KEYS) for token in tokens}
    believed = refused = 0
    for _ in range(TEXTS):
        text = hostile(random, tokens)
        try:
            payload = read(text, KEYS)
        except TokenRefused:
            refused += 1
            continue
        # A mutation may be none, or change only the case: then it is still what was minted.
        assert payload in genuine, text
        assert any(token in text.upper() for token in tokens), text
        believed += 1
    assert refused > TEXTS / 2
    assert believed > 0


def test_no_typed_text_breaks_the_reader_of_codes() -> None:
    random = Random(20_260_602)
    code = print_code(bytes(range(8)))
    letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    for _ in range(TEXTS):
        text = list(code)
        for _ in range(random.randrange(4)):
            text[random.randrange(len(text))] = random.choice(letters + ODD)
        typed = "".join(text)[: random.randrange(20)] if random.random() < 0.2 else "".join(text)
        try:
            voucher = parse_code(typed)
        except CodeUnreadable:
            continue
        # What is read has one spelling, and is read from it again.
        assert parse_code(print_code(voucher)) == voucher
