"""Checks one to six: from a text to a payload that may be believed."""

from typing import NamedTuple

from voucher.token import base32
from voucher.token.keyset import KeySet
from voucher.token.layout import LAYOUT, VERSION, Payload
from voucher.token.signer import SIGNATURE_BYTES, VoucherSigner
from voucher.token.verdicts import TokenRefused, TokenVerdict

LONGEST_TEXT = 256
# Named, because Python's strip() and JavaScript's trim() differ in what is white space.
STRIPPED = bytes([9, 10, 11, 12, 13, 28, 29, 30, 31, 32]).decode("ascii")
ROUTE = "/V/"


class Sealed(NamedTuple):
    """A token in its parts, which nobody has vouched for yet."""

    payload: Payload
    body: str
    signature: str


def read(text: str, keys: KeySet) -> Payload:
    """Make checks one to six and return the payload, or raise TokenRefused.

    ``text`` is what a scanner saw: a token or an address that ends with one. Nothing is said
    yet about the time (see ``judge``).
    """
    sealed = take_apart(find_token(refuse_unlikely(text)))
    refuse_key(sealed, keys)
    refuse_signature(sealed, keys)
    refuse_unsound(sealed)
    return sealed.payload


def refuse_unlikely(text: str) -> str:
    """Check 1: at most 256 characters, all of them ASCII (before any upper-casing)."""
    if len(text) > LONGEST_TEXT or not text.isascii():
        raise TokenRefused(TokenVerdict.MALFORMED)
    return text


def find_token(text: str) -> str:
    """Check 2: strip, upper-case, and take what follows an address's last ``/V/``."""
    token = text.strip(STRIPPED).upper()
    if "://" not in token:
        return token
    _, route, token = token.rpartition(ROUTE)
    if not route:
        raise TokenRefused(TokenVerdict.MALFORMED)
    return token


def take_apart(token: str) -> Sealed:
    """Check 3: two canonical parts of the right version, then of the right sizes."""
    try:
        body, signature = token.split(".")
        raw, signed = base32.decode(body), base32.decode(signature)
    except ValueError:
        raise TokenRefused(TokenVerdict.MALFORMED) from None
    if raw and raw[0] != VERSION:
        raise TokenRefused(TokenVerdict.UNSUPPORTED_VERSION)
    if len(raw) != LAYOUT.size or len(signed) != SIGNATURE_BYTES:
        raise TokenRefused(TokenVerdict.MALFORMED)
    return Sealed(Payload.unpack(raw), body, signature)


def refuse_key(sealed: Sealed, keys: KeySet) -> None:
    """Check 4: the key's number is not revoked, and known."""
    if sealed.payload.key in keys.revoked:
        raise TokenRefused(TokenVerdict.REVOKED_KEY)
    if sealed.payload.key not in keys.public:
        raise TokenRefused(TokenVerdict.UNKNOWN_KEY)


def refuse_signature(sealed: Sealed, keys: KeySet) -> None:
    """Check 5: the signature is the named key's (RFC 8032)."""
    if not VoucherSigner(keys).verify_signature(sealed.body, sealed.signature):
        raise TokenRefused(TokenVerdict.BAD_SIGNATURE)


def refuse_unsound(sealed: Sealed) -> None:
    """Check 6: no reserved flag, dates in order, a live token no longer than it may be."""
    if not sealed.payload.sound:
        raise TokenRefused(TokenVerdict.MALFORMED)
