"""PINs: six digits, drawn by us or chosen, kept as argon2id.

To hash one takes a twentieth of a second and 64 MiB on purpose: never inside a transaction.
"""

import secrets
import threading
from itertools import pairwise

from nacl import pwhash
from nacl.exceptions import InvalidkeyError

from app.refusals import Refused

DIGITS = 6
AT_ONCE = threading.BoundedSemaphore(2)
"""How many are hashed in one process at a time: each takes memory."""
NOBODYS = (
    "$argon2id$v=19$m=65536,t=2,p=1$VRNXkx1K4hONi0YT7LgWxg$"
    "Oe82I6aPPK8RU+MmjE3zdhn1RGCMfOwqObNkw90zoC4"
)
"""Hashed with the limits that ours are, so that who is not known takes as long as who is."""


class WeakPin(Refused):
    """The PIN is one of the first that somebody would try."""

    code = "weak_pin"


def drawn() -> str:
    """A PIN that nobody would try first."""
    while True:
        pin = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
        if not is_weak(pin):
            return pin


def is_weak(pin: str) -> bool:
    """Whether six digits are a run (123456, 975319), repeat themselves (123123, 112233), or are of
    two digits alone.
    """
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    repeats = pin[:3] == pin[3:] or pin[:3] == pin[:2:-1] or pin[0::2] == pin[1::2]
    return len(steps) == 1 or len(set(pin)) <= 2 or repeats


def check_strength(pin: str) -> None:
    """Raises `WeakPin`."""
    if is_weak(pin):
        raise WeakPin(
            "Choose six digits that are no run and do not repeat themselves.", key="new_pin"
        )


def hash_of(pin: str) -> str:
    """What the database keeps."""
    limits = {
        "opslimit": pwhash.argon2id.OPSLIMIT_INTERACTIVE,
        "memlimit": pwhash.argon2id.MEMLIMIT_INTERACTIVE,
    }
    with AT_ONCE:
        return pwhash.argon2id.str(pin.encode(), **limits).decode()


def matches(pin: str, hashed: str | None) -> bool:
    """Whether it is this PIN; without one it is not, which takes as long to say."""
    with AT_ONCE:
        try:
            right = pwhash.verify((hashed or NOBODYS).encode(), pin.encode())
        except InvalidkeyError:
            return False
    return right and hashed is not None
