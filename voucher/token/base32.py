"""Base32 with one spelling a value: RFC 4648 alphabet, upper case, no padding."""

import base64
import re

SPELLING = re.compile("[A-Z2-7]*", re.ASCII)
# int() reads digits in the order of RFC 4648's second alphabet, "base32hex".
DIGITS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", "0123456789ABCDEFGHIJKLMNOPQRSTUV")


def encode(raw: bytes) -> str:
    """Spell bytes in upper case without padding (RFC 4648 section 6)."""
    return base64.b32encode(raw).rstrip(b"=").decode("ascii")


def decode(text: str) -> bytes:
    """Read what ``encode`` wrote, and nothing else; raise ValueError otherwise.

    64 bytes leave three spare bits in their last character. Were those ignored, each token
    would have eight spellings, and whatever is keyed by the text would see eight vouchers.
    By arithmetic, since the standard library's decoder takes five times as long.
    """
    size, spare = divmod(len(text) * 5, 8)
    if spare > 4 or not SPELLING.fullmatch(text):
        raise ValueError("not base32, or of a length that no bytes have")
    number = int(text.translate(DIGITS) or "0", 32)
    if number & ((1 << spare) - 1):
        raise ValueError("not the canonical base32 spelling")
    return (number >> spare).to_bytes(size, "big")
