"""The public keys a verifier knows, as a JSON Web Key Set (RFC 7517, RFC 8037)."""

import base64
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from voucher.token.layout import HIGHEST_KEY
from voucher.token.verdicts import KeySetUnreadable

KID = re.compile(r"ks1-([1-9][0-9]{0,4})", re.ASCII)
OURS = {"kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA"}
DEMANDED = ("kty", "crv")


@dataclass(frozen=True)
class KeySet:
    """Raw public keys (32 bytes) by number, and the numbers that were revoked."""

    public: Mapping[int, bytes] = field(default_factory=dict)
    revoked: frozenset[int] = frozenset()

    @classmethod
    def from_jwks(cls, document: object) -> "KeySet":
        """Read a key set, ignoring every entry that is not one of ours.

        Raises KeySetUnreadable where it is not an object, where ``keys`` is not a list, or
        where ``revoked`` is there and not a list: to overlook that one would accept leaked keys.
        """
        if not isinstance(document, Mapping):
            raise KeySetUnreadable("A key set is a JSON object.")
        keys, revoked = document.get("keys"), document.get("revoked", [])
        if not isinstance(keys, list) or not isinstance(revoked, list):
            raise KeySetUnreadable("A key set has a list 'keys', and 'revoked' is a list.")
        return cls(dict(_public_keys(keys)), frozenset(_numbers(revoked)))

    def as_jwks(self) -> dict[str, object]:
        """Write the set as published at ``/.well-known/jwks.json``, in the numbers' order."""
        keys = [
            OURS | {"kid": f"ks1-{number}", "x": _base64url(self.public[number])}
            for number in sorted(self.public)
        ]
        return {"keys": keys, "revoked": sorted(self.revoked)}


def _public_keys(entries: Iterable[object]) -> Iterable[tuple[int, bytes]]:
    for entry in entries:
        if isinstance(entry, Mapping) and _is_ours(entry):
            number, raw = _number_of(entry.get("kid")), _raw(entry.get("x"))
            if number and raw:
                yield number, raw


def _is_ours(entry: Mapping[object, object]) -> bool:
    # RFC 7517: "use" and "alg" are optional, "kty" is not; "crv" is what makes it Ed25519.
    stated = {name: entry[name] for name in OURS if name in entry}
    return all(name in stated for name in DEMANDED) and stated.items() <= OURS.items()


def _number_of(kid: object) -> int | None:
    match = KID.fullmatch(kid) if isinstance(kid, str) else None
    number = int(match[1]) if match else 0
    return number if 1 <= number <= HIGHEST_KEY else None


def _raw(text: object) -> bytes | None:
    try:
        raw = base64.urlsafe_b64decode(f"{text}=")
    except ValueError:
        return None
    return raw if len(raw) == 32 and _base64url(raw) == text else None


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def _numbers(entries: Iterable[object]) -> Iterable[int]:
    for entry in entries:
        # JSON has one kind of number: 5.0 is 5. True is none, though Python counts with it.
        if isinstance(entry, int | float) and not isinstance(entry, bool) and entry % 1 == 0:
            yield int(entry)
