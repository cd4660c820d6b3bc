"""What a device knows a voucher by: its code is a secret, and cannot be told from this."""

import base64
from hashlib import sha256

NAME_BYTES = 12


def name_of(code: bytes) -> str:
    """Base64url of the first 12 bytes of SHA-256 of a voucher's code."""
    return base64.urlsafe_b64encode(sha256(code).digest()[:NAME_BYTES]).decode("ascii")
