"""What a signing key does at a moment: all of it follows from the keys' dates."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from voucher.keys.models import SigningKey

LATE_UPLOADS = timedelta(days=8)
"""How long after the end of what it signed a kiosk may still hand in what it scanned."""

Keys = Sequence[SigningKey]
"""All keys of an installation, in the order of their numbers."""


class State(StrEnum):
    """The stations of a key's life."""

    PUBLISHED = "published"
    SIGNING = "signing"
    VERIFYING = "verifying"
    REMOVED = "removed"
    REVOKED = "revoked"


PUBLIC = frozenset({State.PUBLISHED, State.SIGNING, State.VERIFYING})
"""In these the key stands in the public set."""


def current(keys: Keys, now: datetime) -> SigningKey | None:
    """The key that signs: of those whose time has come, that of the highest number.

    Where none has, as on a machine whose clock is behind, it is the first one.
    """
    standing = [key for key in keys if key.revoked_at is None]
    due = [key for key in standing if _has_come(key, now)]
    return due[-1] if due else next(iter(standing), None)


def _has_come(key: SigningKey, now: datetime) -> bool:
    # Its making is past, whatever this machine's clock says: a key that is to sign at once, in
    # place of a leaked one, does so everywhere.
    return key.signs_from <= max(now, key.created_at)


def state_of(key: SigningKey, keys: Keys, now: datetime) -> State:
    """What it does now."""
    signing = current(keys, now)
    if key.revoked_at is not None:
        return State.REVOKED
    if signing is None or key.number > signing.number:
        return State.PUBLISHED
    if key.number == signing.number:
        return State.SIGNING
    until = verifies_until(key, keys)
    return State.VERIFYING if until is None or now < until else State.REMOVED


def verifies_until(key: SigningKey, keys: Keys) -> datetime | None:
    """When it leaves the public set; None while no later key has been made.

    What it signed may be shown until it ends, and handed in by kiosks for some days more. It comes
    back by itself where something that it signed is extended.
    """
    replaced = replaced_at(key, keys)
    return None if replaced is None else max(key.last_until or replaced, replaced) + LATE_UPLOADS


def replaced_at(key: SigningKey, keys: Keys) -> datetime | None:
    """When it signed for the last time: as the first later one began; None where there is none."""
    later = [one for one in keys if one.number > key.number and not _never_signed(one)]
    return min((one.signs_from for one in later), default=None)


def _never_signed(key: SigningKey) -> bool:
    return key.revoked_at is not None and key.revoked_at <= key.signs_from
