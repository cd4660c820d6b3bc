"""Minting a voucher with its card, and verifying a token: in CPU seconds, so of one core."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from statistics import median
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from PIL import Image

from voucher.cards import CardText, draw_card
from voucher.token import Flag, KeySet, Payload, judge, mint, print_code, read

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
KEYS = KeySet({1: KEY.public_key().public_bytes_raw()})
SIGNED = b"keepsake.voucher.v1:" + b"A" * 39
BEGINS = datetime(2026, 11, 25, 12, tzinfo=UTC)
ENDS = BEGINS + timedelta(hours=72)
CARDS, TOKENS = 60, 3000
"""How many of each in a round."""


class Rates(NamedTuple):
    """Medians over the rounds, a second and core; ratios are of each round's own two rates."""

    rate: float
    yardstick: float
    ratio: float


def measure_cards(rounds: int) -> Rates:
    """A voucher minted and its card drawn as PNG; the yardstick only packs the finished picture."""
    picture = Image.open(BytesIO(_mint_with_card(0)))
    picture.load()

    def pack(_number: int) -> None:
        picture.save(BytesIO(), "PNG", compress_level=3)

    return _compare(_mint_with_card, pack, CARDS, rounds)


def measure_verifying(rounds: int) -> Rates:
    """A token read and judged; the yardstick only verifies its signature."""
    texts = [f"HTTPS://KEEPSAKE.EXAMPLE/V/{_mint(number)}" for number in range(TOKENS)]
    signature, public, now = KEY.sign(SIGNED), KEY.public_key(), int(BEGINS.timestamp()) + 60

    def verify(number: int) -> None:
        judge(read(texts[number], KEYS), now)

    return _compare(verify, lambda _: public.verify(signature, SIGNED), TOKENS, rounds)


def _compare(
    ours: Callable[[int], object], yardstick: Callable[[int], object], count: int, rounds: int
) -> Rates:
    found = [(_rate(ours, count), _rate(yardstick, count)) for _ in range(rounds)]
    return Rates(
        median(one for one, _ in found),
        median(other for _, other in found),
        median(one / other for one, other in found),
    )


def _rate(work: Callable[[int], object], count: int) -> float:
    began = time.thread_time()
    for number in range(count):
        work(number)
    return count / (time.thread_time() - began)


def _mint(number: int) -> str:
    window = int(BEGINS.timestamp()), int(ENDS.timestamp())
    return mint(Payload(1, 1, Flag.OFFLINE_OK, 7, number.to_bytes(8, "big"), *window), KEY)


def _mint_with_card(number: int) -> bytes:
    return draw_card(
        CardText(
            community="Pixel Café",
            perk="Enamel pin",
            link=f"HTTPS://KEEPSAKE.EXAMPLE/V/{_mint(number)}",
            code=print_code(number.to_bytes(8, "big")),
            valid_until=ENDS,
            zone=UTC,
            station="Pop-up Berlin",
        )
    )
