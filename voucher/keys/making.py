"""Making signing keys, and revoking one that leaked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import journal, keyfiles
from app.actor import Actor
from app.clock import as_text
from app.config import Settings
from app.refusals import Refused
from app.statements import lock
from voucher.keys import keyring, life, signers
from voucher.keys.facts import KeyPublished, KeyRevoked
from voucher.keys.models import SigningKey
from voucher.keys.signers import path_of

MOST = 65_535
PUBLISHED_AHEAD = timedelta(hours=24)
"""So that kiosks have a key before they meet it, and its file can be copied to every machine."""


class RotationRefused(Refused):
    """No new signing key is made now; the text says why."""

    code = "no_rotation"


class UnknownKey(Refused):
    """There is no signing key of this number."""

    code = "unknown_key"
    status = 404


@dataclass(frozen=True)
class Revocation:
    """A key that is revoked, and the one that signs since then in its place."""

    key: SigningKey
    at: datetime
    made: SigningKey | None
    """The new key; None where the revoked one did not sign, or was revoked before."""
    before: bool
    """Whether it was revoked already."""


def make_first(session: Session, *, now: datetime) -> None:
    """Makes the first signing key where there is none, and checks the one that there is."""
    if session.scalar(select(func.count()).select_from(SigningKey)):
        keyring.signing(session)
        return
    public = _given_and_unused(session, [])
    if public is None:
        public = _new_file(session, 1)
    _add(session, 1, public, signs_from=now, now=now)


def rotate(session: Session, *, now: datetime, at_once: bool) -> SigningKey:
    """Makes the next signing key; it is published now and signs a day later, or `at_once`.

    Raises `RotationRefused` where a key waits for its time already. The one that signs until then
    goes on to verify what it signed.
    """
    lock(session, keyring.IN_USE)
    keys = keyring.every(session)
    waiting = [key for key in keys if life.state_of(key, keys, now) == life.State.PUBLISHED]
    if waiting and not at_once:
        raise RotationRefused(
            f"Signing key {waiting[0].number} is published and signs from "
            f"{as_text(waiting[0].signs_from)} on: another one is not needed before."
        )
    return _make(session, keys, signs_from=now if at_once else now + PUBLISHED_AHEAD, now=now)


def revoke(
    session: Session, number: int, *, reason: str, community_id: int, actor: Actor, now: datetime
) -> Revocation:
    """Puts a key on the revoked list, in the caller's transaction; where it signed, a new one does.

    One that is revoked already stays as it is. What it signed is not looked at here: see
    `voucher.ledger.changes.signing_anew`. Raises `UnknownKey`, and `RotationRefused` where no new
    one can be made.
    """
    lock(session, keyring.IN_USE)
    keys = keyring.every(session)
    key = next((key for key in keys if key.number == number), None)
    if key is None:
        raise UnknownKey(f"There is no signing key {number}: `keepsake keys show` lists them.")
    if key.revoked_at is not None:
        return Revocation(key, key.revoked_at, None, before=True)
    made = None
    if key is life.current(keys, now):
        made = _make(session, keys, signs_from=now, now=now)
        record_published(session, made, community_id=community_id, actor=actor, now=now)
    key.revoked_at = now
    session.flush()
    fact = KeyRevoked(
        key=number,
        replaced_by=made.number if made else None,
        reason=journal.remark(session, community_id, reason, now=now),
    )
    journal.record(session, fact, community_id=community_id, actor=actor, now=now)
    return Revocation(key, now, made, before=False)


def record_published(
    session: Session, made: SigningKey, *, community_id: int, actor: Actor, now: datetime
) -> None:
    """Records that a key was made."""
    fact = KeyPublished(
        key=made.number, public_key=made.public_key.hex(), signs_from=made.signs_from
    )
    journal.record(session, fact, community_id=community_id, actor=actor, now=now)


def _make(
    session: Session, keys: Sequence[SigningKey], *, signs_from: datetime, now: datetime
) -> SigningKey:
    number = max((key.number for key in keys), default=0) + 1
    public = _given_and_unused(session, keys)
    if public is None:
        # A file that the database does not know may be of a making that was cut off, or of a
        # database that was lost: its number is passed over, never used twice.
        while path_of(session.info["settings"], number).exists():
            number += 1
        _refuse_past_the_last(number)
        public = _new_file(session, number)
    _refuse_past_the_last(number)
    return _add(session, number, public, signs_from=signs_from, now=now)


def _refuse_past_the_last(number: int) -> None:
    if number > MOST:
        raise RotationRefused(f"All {MOST} numbers of signing keys have been given out.")


def _given_and_unused(session: Session, keys: Sequence[SigningKey]) -> bytes | None:
    """The public half of a key that lies in no file and has no number yet; None for a file's."""
    known = {key.public_key for key in keys}
    everything = list(signers.given(session))
    unused = [private.public_key for private in everything if private.public_key not in known]
    if everything and not unused:
        raise RotationRefused(
            f"Each key in {signers.VARIABLE} or handed over by a package has a number already: "
            "add another one there, beside the old, on every machine; then ask again."
        )
    return unused[0] if unused else None


def _new_file(session: Session, number: int) -> bytes:
    settings = cast(Settings, session.info["settings"])
    return keyfiles.write_new(path_of(settings, number)).public_key().public_bytes_raw()


def _add(
    session: Session, number: int, public: bytes, *, signs_from: datetime, now: datetime
) -> SigningKey:
    row = SigningKey(number=number, public_key=public, created_at=now, signs_from=signs_from)
    session.add(row)
    session.flush()
    return row
