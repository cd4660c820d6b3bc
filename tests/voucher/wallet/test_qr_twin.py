"""The phone's own QRs: what a reader reads, and module by module what the cards' maker makes."""

import json
from pathlib import Path

import pytest
import qrcode
import zxingcpp
from PIL import Image, ImageOps
from qrcode.constants import ERROR_CORRECT_M

from tests.support.node import run_node

SCRIPT = Path(__file__).parent / "qr.mjs"
LINK = "HTTPS://KEEPSAKE.EXAMPLE/V/" + "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567." * 4
TEXTS = [*("A1:/" * length for length in range(1, 78, 4)), LINK, LINK[:170], "7" * 311]


def encode(*asked: tuple[str, int | None]) -> list[list[str]]:
    drawn: list[list[str]] = json.loads(run_node(SCRIPT, given=json.dumps(asked)))
    return drawn


def test_a_reader_reads_each() -> None:
    for text, rows in zip(TEXTS, encode(*((text, None) for text in TEXTS)), strict=True):
        image = Image.new("L", (len(rows), len(rows)))
        image.putdata([255 * (1 - int(bit)) for row in rows for bit in row])
        framed = ImageOps.expand(image, 4, fill=255)
        (read,) = zxingcpp.read_barcodes(framed.resize((framed.width * 4,) * 2, 0))
        assert read.text == text


def test_each_module_is_the_other_encoders() -> None:
    texts = ["A", "KEEPSAKE " * 7, LINK, LINK + LINK[:140]]
    pairs = [(text, mask) for text in texts for mask in range(8)]
    for (text, mask), rows in zip(pairs, encode(*pairs), strict=True):
        code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, mask_pattern=mask, border=0)
        code.add_data(text, optimize=0)
        code.make()
        assert rows == ["".join(str(int(bool(bit))) for bit in row) for row in code.modules]


@pytest.mark.parametrize("text", ["a", "Ä", "A" * 312])
def test_what_it_cannot_hold_is_refused(text: str) -> None:
    with pytest.raises(AssertionError, match="RangeError"):
        encode((text, None))
