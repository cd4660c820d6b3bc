"""The kiosk's JavaScript judges as Python does: each vector, and generated cases of every kind."""

import base64
import json
from pathlib import Path
from random import Random
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.support.node import run_node
from voucher.token import KeySet, Payload, TokenRefused, Window, base32, mint, read
from voucher.token.judging import judge

HERE = Path(__file__).parent
VECTORS = json.loads((HERE.parents[1] / "vectors" / "voucher-tokens.json").read_text())
CASES = 2000
START = 1_780_000_000
SEEDS = {number: bytes([number % 251]) * 32 for number in (1, 7, 8, 300, 65535)}
STRANGER, REVOKED = 9, 8
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
AROUND = ("", " ", "\n", "\t\r\n", "\x1c", "\x1f ", "\x0b", "\x00", "\xa0", "\u2003", "\ufeff")
HOSTS = (
    "HTTPS://PASS.EXAMPLE/V/",
    "https://pass.example/v/",
    "https://a/V/x/V/",
    "ftp://a/",
    "a/V/",
)

Case = dict[str, Any]


def public(seed: bytes) -> bytes:
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


KEYS = KeySet({number: public(seed) for number, seed in SEEDS.items()}, frozenset({REVOKED}))


def by_python(case: Case, keys: KeySet) -> Case:
    """The answer of `verify()`, with the record's window, which that one does not take."""
    window = Window(**case["window"]) if case.get("window") else None
    try:
        payload = read(case["text"], keys)
        judge(payload, case["now"], offline=case.get("offline", False), window=window)
    except TokenRefused as refused:
        return {"verdict": str(refused.verdict), "fields": None}
    return {"verdict": "ok", "fields": payload.as_fields()}


def by_javascript(cases: list[Case], jwks: object) -> list[Case]:
    # JSON has no word for infinity: a number that is too large is read as one by both.
    given = json.dumps({"jwks": jwks, "cases": cases}).replace("Infinity", "1e400")
    told = run_node(HERE / "twin.mjs", given=given)
    answers: list[Case] = json.loads(told)
    return answers


def test_the_twin_passes_every_vector() -> None:
    answers = by_javascript(VECTORS["cases"], VECTORS["jwks"])
    wanted = [
        {"verdict": case["verdict"], "fields": case.get("fields")} for case in VECTORS["cases"]
    ]
    assert answers == wanted


def test_the_twin_agrees_on_generated_cases() -> None:
    cases = [generate(Random(seed)) for seed in range(CASES)]
    wanted = [by_python(case, KEYS) for case in cases]
    answers = by_javascript(cases, KEYS.as_jwks())
    for case, answer, expected in zip(cases, answers, wanted, strict=True):
        assert answer == expected, case
    # What is compared is worth something only where every answer is among them.
    assert len({answer["verdict"] for answer in answers}) == 10
    assert sum(answer["verdict"] == "ok" for answer in answers) > CASES / 10


@pytest.mark.parametrize(
    "jwks",
    [
        {"keys": []},
        {"keys": [None, 5, [], {}, {"kid": "ks1-1"}], "revoked": [True, 5.0, 2.5, "7", None]},
        {"keys": [], "revoked": [1e400, 7.0]},
    ],
)
def test_odd_entries_of_a_key_set_are_passed_over_alike(jwks: Case) -> None:
    entry = KEYS.as_jwks()["keys"]
    assert isinstance(entry, list)
    odd = [
        {**entry[0], **change}
        for change in (
            {"kid": "ks1-0"},
            {"kid": "ks1-01"},
            {"kid": "ks1-65536"},
            {"kid": "ks1-70\n"},
            {"kid": 71},
            {"kid": "ks1-72", "x": entry[0]["x"][:-1]},
            {"kid": "ks1-73", "x": entry[0]["x"] + "="},
            {"kid": "ks1-74", "x": entry[0]["x"][:-1] + "B"},
            {"kid": "ks1-75", "kty": "EC"},
            {"kid": "ks1-76", "use": "enc"},
            {"kid": "ks1-77", "alg": None},
        )
    ] + [{"kid": "ks1-78", "kty": "OKP", "crv": "Ed25519", "x": entry[0]["x"]}]
    document = {"keys": [*jwks["keys"], *odd, *entry], "revoked": jwks.get("revoked", [])}
    keys = KeySet.from_jwks(document)
    numbers = [*range(1, 10), 65, *range(70, 80), 300, 655, 65535]
    cases = [
        {"text": token(Payload(1, n, 1, 1, bytes(8), 1, 9), SEEDS[1]), "now": 5} for n in numbers
    ]
    text = json.dumps(document).replace("Infinity", "1e400")
    assert by_javascript(cases, json.loads(text)) == [by_python(case, keys) for case in cases]
    assert by_python(cases[numbers.index(78)], keys)["verdict"] == "ok"


def generate(random: Random) -> Case:
    """A token that may count, or one that was spoiled in one of many ways, at some moment."""
    payload = some_payload(random)
    seed = SEEDS.get(payload.key, bytes([STRANGER]) * 32)
    if random.random() < 0.05:
        seed = bytes([STRANGER]) * 32
    text = token(payload, seed)
    if random.random() < 0.35:
        text = spoil(random, text)
    if random.random() < 0.3:
        text = random.choice(HOSTS) + text
    if random.random() < 0.2:
        text = text.lower()
    text = random.choice(AROUND) * (random.random() < 0.2) + text
    text += random.choice(AROUND) * (random.random() < 0.2)
    edges = (payload.valid_from, payload.valid_until)
    off = random.choice((-31, -30, -29, -1, 0, 1, 29, 30, 31))
    inside = (payload.valid_from + payload.valid_until) // 2
    case: Case = {
        "text": text,
        "now": inside if random.random() < 0.5 else random.choice(edges) + off,
        "offline": random.random() < 0.3,
    }
    if random.random() < 0.2:
        start = START + random.randint(-600, 600)
        case["window"] = {"valid_from": start, "valid_until": start + random.randint(1, 90_000)}
    return case


def some_payload(random: Random) -> Payload:
    live = random.random() < 0.3
    lasts = random.choice((60, 119, 120, 121) if live else (1, 3600, 259_200))
    start = START + random.randint(-300, 300)
    if random.random() < 0.05:
        lasts = random.choice((0, -1))
    flags = random.choice((1, 1, 1, 0, 2, 3)) | (4 if live else 0)
    if random.random() < 0.05:
        flags |= random.choice((8, 16, 128))
    return Payload(
        version=1 if random.random() < 0.95 else random.choice((0, 2, 255)),
        key=random.choice((1, 7, 7, 7, 7, 7, 7, 300, 65535, REVOKED, STRANGER, 0)),
        flags=flags,
        perk=random.choice((0, 1, 42, 2**32 - 1)),
        voucher=random.randbytes(8),
        valid_from=start,
        valid_until=start + lasts,
    )


def spoil(random: Random, text: str) -> str:
    at = random.randrange(len(text))
    body, _, signature = text.partition(".")
    return random.choice(
        (
            text[:at] + random.choice(LETTERS) + text[at + 1 :],
            text[:at] + random.choice("018.=+/ é\x00ß") + text[at + 1 :],
            text[:at],
            text[at:],
            text[:at] + text[at + 1 :],
            text + random.choice((".", "=", "A", "." + body)),
            body,
            f"{signature}.{body}",
            f".{signature}",
            f"{body}.",
            f"{text[:-1]}{LETTERS[LETTERS.index(text[-1]) ^ 1]}",
            text + " " * 120,
            base32.encode(random.randbytes(random.randint(0, 40))) + "." + signature,
        )
    )


def token(payload: Payload, seed: bytes) -> str:
    """As `mint()`, also for what it refuses to sign."""
    body = base32.encode(payload.pack())
    message = b"keepsake.voucher.v1:" + body.encode()
    signature = Ed25519PrivateKey.from_private_bytes(seed).sign(message)
    return f"{body}.{base32.encode(signature)}"


def test_the_generator_signs_as_mint_does() -> None:
    payload = Payload(1, 7, 1, 42, bytes(range(8)), START, START + 60)
    assert token(payload, SEEDS[7]) == mint(payload, SEEDS[7])
    assert base64.b32decode(token(payload, SEEDS[7])[:39] + "=") == payload.pack()
