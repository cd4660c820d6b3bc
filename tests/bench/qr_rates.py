"""`make qr-rates`: how often a spoilt picture of a QR code is read, by the form of what it carries.

Prints the table of docs/qr.md. The same seed spoils the same frames in the same way.
"""

import base64
from collections.abc import Callable
from random import Random

import qrcode
import zxingcpp
from itsdangerous import Signer, URLSafeSerializer
from PIL import Image
from qrcode.constants import ERROR_CORRECT_M

from tests.bench.frames import CONDITIONS
from tests.bench.tokens import KEY
from voucher.cards import make_symbol
from voucher.token import Flag, Payload, base32, mint
from voucher.token.reading import take_apart
from voucher.token.signer import Ed25519

SEED = 1
VOUCHERS = 40
MODULE = 12
BEGINS, ENDS = 1_795_608_000, 1_795_867_200
ADDRESS = "https://keepsake.example/V/"

Drawn = tuple[str, int, Image.Image]
"""The text, the symbol's version, and its picture with the whole quiet zone."""


def ours(payload: Payload) -> Drawn:
    text = f"{ADDRESS}{mint(payload, KEY)}".upper()
    symbol = make_symbol(text)
    return text, symbol.version, symbol.image(MODULE)


def as_base64url(payload: Payload) -> Drawn:
    sealed = take_apart(mint(payload, KEY))
    raw = (base32.decode(text) for text in (sealed.body, sealed.signature))
    parts = [base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in raw]
    return _drawn(ADDRESS + ".".join(parts))


def as_json(payload: Payload) -> Drawn:
    """As itsdangerous writes it, with the same kind of signature."""
    how = {"key_derivation": "none", "algorithm": Ed25519(KEY)}
    serializer = URLSafeSerializer(b"", signer=Signer, signer_kwargs=how)
    return _drawn(ADDRESS + str(serializer.dumps(payload.as_fields())))


def as_json_by_hmac(payload: Payload) -> Drawn:
    """As itsdangerous does it by default: who verifies needs the secret."""
    return _drawn(ADDRESS + str(URLSafeSerializer("secret").dumps(payload.as_fields())))


FORMS: dict[str, Callable[[Payload], Drawn]] = {
    "ours: base32, upper case": ours,
    "base64url": as_base64url,
    "itsdangerous JSON, Ed25519": as_json,
    "itsdangerous JSON, HMAC": as_json_by_hmac,
}


def main() -> None:
    drawn = {name: [form(one) for one in _payloads()] for name, form in FORMS.items()}
    print("| | " + " | ".join(FORMS) + " |")
    print("| --- |" + " ---: |" * len(FORMS))
    _row("characters", [str(max(len(text) for text, _, _ in every)) for every in drawn.values()])
    _row("QR version", [str(max(version for _, version, _ in every)) for every in drawn.values()])
    rates = {name: [_rate(name, every) for every in drawn.values()] for name in CONDITIONS}
    for name, row in rates.items():
        _row(name, [f"{100 * rate:.0f}" for rate in row])
    means = [sum(column) / len(rates) for column in zip(*rates.values(), strict=True)]
    _row("**mean**", [f"**{100 * mean:.1f}**" for mean in means])


def _payloads() -> list[Payload]:
    chance = Random(SEED)
    window = BEGINS, ENDS
    return [
        Payload(1, 1, Flag.OFFLINE_OK, 7, chance.randbytes(8), *window) for _ in range(VOUCHERS)
    ]


def _drawn(text: str) -> Drawn:
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, box_size=MODULE, border=4)
    code.add_data(text)
    code.make()
    return text, code.version, code.make_image().get_image().convert("L")


def _rate(condition: str, every: list[Drawn]) -> float:
    """The share that is read; each form's n-th frame is spoilt by the same chance."""
    read = 0
    for number, (text, _, picture) in enumerate(every):
        frame = CONDITIONS[condition](picture, Random(f"{SEED} {condition} {number}"))
        found = zxingcpp.read_barcode(frame)
        read += found is not None and found.text == text
    return read / len(every)


def _row(name: str, cells: list[str]) -> None:
    print(f"| {name} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
