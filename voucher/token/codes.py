"""The voucher's code: its id as people read it aloud and type it.

Douglas Crockford's base32 (https://www.crockford.com/base32.html): no I, L, O and U, and what
looks like a 1 or a 0 is read as one. 13 characters hold 65 bits, an id has 64: the top bit is
zero, so a code begins with 0 to 9 or A to F, and each id has one spelling.
"""

from voucher.token import base32
from voucher.token.verdicts import CodeUnreadable

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 13
CROCKFORDS = str.maketrans(base32.LETTERS, ALPHABET)
READ_AS = str.maketrans("OIL", "011", " -\t\r\n")
LONGEST_TYPED = 64
SENTENCE = "A code has 13 letters and digits, like 01JK-9QRS-TVWXY. Type it again."


def print_code(voucher: bytes) -> str:
    """Spell an id of 8 bytes as 13 characters, written 4-4-5 with hyphens."""
    if len(voucher) != 8:
        raise CodeUnreadable(f"a voucher id has 8 bytes, not {len(voucher)}")
    # 65 bits, the first of them zero, and seven more to fill nine bytes.
    padded = (int.from_bytes(voucher, "big") << 7).to_bytes(9, "big")
    text = base32.encode(padded)[:LENGTH].translate(CROCKFORDS)
    return f"{text[:4]}-{text[4:8]}-{text[8:]}"


def parse_code(text: str) -> bytes:
    """Read a typed code into its id of 8 bytes; raise CodeUnreadable if it is none.

    Lower case, spaces and hyphens anywhere, O for 0, and I or L for 1 are all understood.
    """
    # Before upper-casing: several letters outside ASCII become ASCII by it.
    if not text.isascii() or len(text) > LONGEST_TYPED:
        raise CodeUnreadable(SENTENCE)
    bare = text.upper().translate(READ_AS)
    digits = [ALPHABET.find(character) for character in bare]
    if len(digits) != LENGTH or min(digits) < 0 or digits[0] >= 16:
        raise CodeUnreadable(SENTENCE)
    number = 0
    for digit in digits:
        number = number << 5 | digit
    return number.to_bytes(8, "big")
