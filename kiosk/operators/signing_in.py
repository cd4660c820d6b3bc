"""Signing in on a device with a PIN, and out: who holds it from now on."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any, ClassVar, Self, cast

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import CursorResult, update
from sqlalchemy.orm import Session

from app import journal
from app.actor import Actor
from app.installation import Installation, even_if_refused
from app.journal import Fact
from app.refusals import Refused
from kiosk.devices.holding import let_go
from kiosk.devices.models import Admission
from kiosk.operators import admitting, guessing, pins
from kiosk.operators.guessing import Guess
from kiosk.operators.models import Operator
from voucher.scans.requests import OperatorId, first_mistake
from voucher.scans.scanners import Scanner

HELD_FOR = timedelta(hours=12)
ONCE_WITHIN = timedelta(minutes=2)

Pin = Annotated[str, Field(pattern=rf"^[0-9]{{{pins.DIGITS}}}$")]


class SignInUnreadable(Refused):
    """The body is no sign-in."""

    code = "unprocessable_sign_in"


class SignInRequest(BaseModel):
    """The body of `POST /api/v1/operators/sign-in`."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    operator: OperatorId
    pin: Pin
    new_pin: Pin | None = None
    """What is to be the PIN from now on."""
    once: bool = False
    """For one request alone; who holds the device holds it still."""

    @classmethod
    def read(cls, body: Any) -> Self:
        """A validated request; raises `SignInUnreadable` with the first key that is wrong."""
        try:
            return cls.model_validate(body)
        except ValidationError as error:
            sentence, key = first_mistake(error)
            raise SignInUnreadable(sentence, key=key) from None


@dataclass(frozen=True, kw_only=True)
class OperatorSignedIn(Fact):
    """An operator gave their PIN on a device: to hold it, or for one request."""

    kind: ClassVar[str] = "operator.signed_in"
    operator: str
    device: str
    until: datetime
    once: bool


@dataclass(frozen=True, kw_only=True)
class OperatorSignedOut(Fact):
    """An operator holds a device no more."""

    kind: ClassVar[str] = "operator.signed_out"
    operator: str
    device: str


@dataclass(frozen=True, kw_only=True)
class PinChosen(Fact):
    """An operator chose another PIN."""

    kind: ClassVar[str] = "operator.pin_chosen"
    operator: str


@dataclass(frozen=True)
class SignedIn:
    """Who signed in, and until when."""

    operator: Operator
    until: datetime


def sign_in(
    installation: Installation, scanner: Scanner, asked: SignInRequest, *, now: datetime
) -> SignedIn:
    """Signs an operator in on a device; who was there before is signed out, unless it is `once`.

    Opens its own transactions, and hashes between them. Raises `WrongPin`, `SignInLocked`,
    `WeakPin` and `ScannerGone`.
    """
    if asked.new_pin is not None:
        pins.check_strength(asked.new_pin)
    with installation.unit_of_work() as session:
        guess = guessing.count_guess(session, scanner, asked.operator, now=now)
    if not pins.matches(asked.pin, guess.pin_hash):
        _tell_of_lock(installation, scanner, guess, now)
        raise guess.refusal()
    new_hash = pins.hash_of(asked.new_pin) if asked.new_pin is not None else None
    with installation.unit_of_work() as session:
        return take_hold(session, scanner, asked, guess, new_hash, now)


def sign_out(session: Session, scanner: Scanner, *, now: datetime) -> None:
    """Lets nobody hold a device, in the caller's transaction; where nobody did, that stays."""
    guessing.locked_device(session, scanner)
    held = admitting.holder_of(session, scanner.device_id, now=now)
    let_go(session, scanner.device_id)
    if held is not None:
        who = held.operator.id
        fact = OperatorSignedOut(operator=who, device=scanner.device_id)
        _record(session, scanner, fact, who, now)


def act_once(session: Session, device_id: str, operator_id: str, now: datetime) -> bool:
    """Uses up that an operator gave their PIN for one request; False where another one did.

    It stays used up where the request is refused: the next one needs the PIN again.
    """
    used = _use_up(session, device_id, operator_id, now)
    if used:
        even_if_refused(session, lambda after: _use_up(after, device_id, operator_id, now))
    return used


def _use_up(session: Session, device_id: str, operator_id: str, now: datetime) -> bool:
    used = session.execute(
        update(Admission)
        .where(
            Admission.device_id == device_id,
            Admission.operator_id == operator_id,
            Admission.once_until > now,
        )
        .values(once_until=None)
        .execution_options(synchronize_session=False)
    )
    return cast(CursorResult[Any], used).rowcount == 1


def take_hold(
    session: Session,
    scanner: Scanner,
    asked: SignInRequest,
    guess: Guess,
    new_hash: str | None,
    now: datetime,
) -> SignedIn:
    """Signs in whose PIN was right, in the caller's transaction.

    Whether it still is, and they are still admitted, is looked at again: raises as `sign_in()`.
    """
    device = guessing.locked_device(session, scanner)
    operator = session.get(Operator, guess.operator_id, with_for_update=True)
    admission = session.get(Admission, (device.id, guess.operator_id), with_for_update=True)
    if operator is None or admission is None or admission.dismissed_at is not None:
        raise guess.refusal()
    if operator.withdrawn_at is not None or operator.pin_hash != guess.pin_hash:
        raise guess.refusal()
    guessing.forgive(device, operator)
    until = now + (ONCE_WITHIN if asked.once else HELD_FOR)
    if asked.once:
        admission.once_until = until
    else:
        let_go(session, device.id, but=operator.id)
        admission.signed_in_until = until
    if new_hash is not None:
        operator.pin_hash = new_hash
        operator.pin_number, operator.pin_chosen = operator.pin_number + 1, True
        _record(session, scanner, PinChosen(operator=operator.id), operator.id, now)
    session.flush()
    fact = OperatorSignedIn(operator=operator.id, device=device.id, until=until, once=asked.once)
    _record(session, scanner, fact, operator.id, now)
    return SignedIn(operator, until)


def _tell_of_lock(
    installation: Installation, scanner: Scanner, guess: Guess, now: datetime
) -> None:
    if guess.locked_until is None:
        return
    fact = guessing.SignInWasLocked(device=scanner.device_id, until=guess.locked_until)
    actor = Actor("device", scanner.device_id)
    with installation.unit_of_work() as session:
        journal.record(session, fact, community_id=scanner.community_id, actor=actor, now=now)


def _record(session: Session, scanner: Scanner, fact: Fact, operator: str, now: datetime) -> None:
    actor = Actor("operator", operator)
    journal.record(session, fact, community_id=scanner.community_id, actor=actor, now=now)
