"""Standard Webhooks 1.0.0: the symmetric signature `v1`.

Source: the specification's sections on the signature scheme and the headers
(https://github.com/standard-webhooks/standard-webhooks, spec/standard-webhooks.md).
"""

import base64
import binascii
import hmac
import re
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256

from app.refusals import Refused

ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
TOLERANCE = timedelta(minutes=5)
SECRET_PREFIX = "whsec_"  # noqa: S105
SECRET_BYTES = 32


class SignatureRefused(Refused):
    """A message is not signed by who shares the secret, or not lately."""

    code = "bad_signature"
    status = 401


def new_secret() -> str:
    """A secret for an endpoint: `whsec_` and random bytes in Base64."""
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def sign(secret: str, message_id: str, body: bytes, *, at: datetime) -> dict[str, str]:
    """The three headers for a body that is sent `at` this moment."""
    timestamp = str(int(at.timestamp()))
    signature = base64.b64encode(_mac(secret, message_id, timestamp, body)).decode()
    return {ID: message_id, TIMESTAMP: timestamp, SIGNATURE: f"v1,{signature}"}


def verify(secret: str, headers: Mapping[str, str], body: bytes, *, now: datetime) -> None:
    """Raises `SignatureRefused` unless one of the signatures is right and at most 5 minutes off.

    `headers` has its names in lower case, or finds them in any.
    """
    message_id, timestamp = headers.get(ID, ""), headers.get(TIMESTAMP, "")
    if not message_id or not re.fullmatch("[0-9]{1,12}", timestamp):
        raise SignatureRefused(f"The headers {ID}, {TIMESTAMP} and {SIGNATURE} are needed.")
    if abs(now.timestamp() - int(timestamp)) > TOLERANCE.total_seconds():
        raise SignatureRefused("The message was signed more than five minutes ago or ahead.")
    expected = _mac(secret, message_id, timestamp, body)
    # Several may stand there while a secret is being replaced; each is compared in constant time.
    given = [_decoded(part) for part in headers.get(SIGNATURE, "").split(" ")]
    if not any(hmac.compare_digest(expected, one) for one in given):
        raise SignatureRefused("No signature fits this message.")


def _mac(secret: str, message_id: str, timestamp: str, body: bytes) -> bytes:
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    return hmac.digest(key, f"{message_id}.{timestamp}.".encode() + body, sha256)


def _decoded(signature: str) -> bytes:
    """The bytes of one `v1,…`; of another version, or of what is no Base64, none."""
    version, _, text = signature.partition(",")
    try:
        return base64.b64decode(text, validate=True) if version == "v1" else b""
    except (binascii.Error, ValueError):
        return b""
