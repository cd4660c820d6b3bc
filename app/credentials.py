"""Secrets that are shown once and kept only as their hash."""

import secrets
from hashlib import sha256


def new_secret(size: int = 24) -> str:
    """A random text of `size` bytes, safe in a URL."""
    return secrets.token_urlsafe(size)


def hash_of(secret: str) -> bytes:
    """What the database keeps. A plain hash is enough: what is hashed is random and long."""
    return sha256(secret.encode(errors="surrogatepass")).digest()
