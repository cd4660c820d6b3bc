"""Who may be named as holding a device: whom it vouches for, or who signed in there."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.refusals import Refused
from voucher.scans.models import Hold, Scan
from voucher.scans.scanners import (
    SUPERVISOR,
    Operator,
    Scanner,
    known_operators,
    plugins_of,
)


class UnknownOperator(Refused):
    """The community has no such operator, or no longer."""

    code = "unknown_operator"


class OperatorNotSignedIn(Refused):
    """They have a PIN, and it was not given at this device."""

    code = "operator_not_signed_in"


class SupervisorNeeded(Refused):
    """Only a supervisor who has a PIN may ask this, and be named for it."""

    code = "supervisor_needed"
    status = 403


def check_supervisor(operator: Operator) -> None:
    """Raises `SupervisorNeeded` for anybody but a supervisor with a PIN: whom a device only vouches
    for may not be named for what others could not do.
    """
    if operator.role != SUPERVISOR:
        raise SupervisorNeeded("Only a supervisor may do this: call one.", key="operator")
    if operator.pin_since is None:
        raise SupervisorNeeded(
            f"{operator.name} has no PIN yet: an organiser can give them one.", key="operator"
        )


class OperatorRequired(Refused):
    """The station wants to know who holds the device, and nobody was named."""

    code = "operator_required"


def check_named(scanner: Scanner) -> None:
    """For a request that names nobody: raises `OperatorRequired` where the station asks for it."""
    if scanner.operators_required:
        raise OperatorRequired(
            f"At {scanner.station_name} staff sign in before they scan.", key="operator"
        )


def vouch(
    session: Session, scanner: Scanner, operator: Operator | None, named: str, *, now: datetime
) -> Operator:
    """Who is named online, found as `operator`.

    Who has no PIN yet is vouched for by the device; others have to be signed in there, or to have
    given their PIN for one request, which this then is: only then it writes. Raises
    `UnknownOperator`, `OperatorNotSignedIn`.
    """
    if operator is None or operator.withdrawn:
        raise _unknown(named)
    if operator.pin_since is None or _is_ahead(operator.signed_in_until, now):
        return operator
    if _is_ahead(operator.once_until, now) and plugins_of(session).act_once(
        session, scanner.device_id, operator.id, now
    ):
        return operator
    raise OperatorNotSignedIn(
        f"{operator.name} is not signed in on this device: sign in with the PIN.", key="operator"
    )


def vouch_for_upload(operator: Operator | None, named: str, moment: datetime) -> Operator:
    """Who is named for what was done at `moment`, found as `operator`: no hand-over is lost for who
    left since.

    Who was withdrawn or dismissed since counts, and who had no PIN yet at that moment. Raises
    `UnknownOperator`, and `OperatorNotSignedIn` for who was never admitted to the device.
    """
    if operator is None:
        raise _unknown(named)
    if operator.pin_since is None or operator.admitted or moment < operator.pin_since:
        return operator
    raise OperatorNotSignedIn(
        f"{operator.name} was never admitted to this device: upload it without a name.",
        key="operator",
    )


def operator_of(
    session: Session, scanner: Scanner, operator_id: str | None, *, now: datetime
) -> Operator | None:
    """Who the device says holds it, None where it names nobody.

    Raises as `vouch()`, and `OperatorRequired`.
    """
    if operator_id is None:
        check_named(scanner)
        return None
    found = _operator(session, scanner, operator_id)
    return vouch(session, scanner, found, operator_id, now=now)


def operator_then(
    session: Session,
    scanner: Scanner,
    operator_id: str | None,
    done_at: datetime | None,
    *,
    now: datetime,
) -> Operator | None:
    """Who held the device at `done_at`, in what may have waited for the network since: who is not
    signed in any more counts as in an upload. Without a moment, and else, as `operator_of()`.
    """
    try:
        return operator_of(session, scanner, operator_id, now=now)
    except (UnknownOperator, OperatorNotSignedIn):
        if operator_id is None or done_at is None:
            raise
        return vouch_for_upload(_operator(session, scanner, operator_id), operator_id, done_at)


def supervisor_of(
    session: Session, scanner: Scanner, operator_id: str, *, now: datetime
) -> Operator:
    """The supervisor who is named for what only one may do; raises as `check_supervisor()` and
    `vouch()`.
    """
    found = _operator(session, scanner, operator_id)
    if found is not None:
        check_supervisor(found)
    return vouch(session, scanner, found, operator_id, now=now)


def who_ends(
    session: Session, scanner: Scanner, scan: Scan, operator_id: str | None, *, now: datetime
) -> Operator | None:
    """Who ended what a scan had begun, withdrawn since or not: no hand-over is lost for it.

    Who is not named is whom the scan named; they need not be signed in any more. What has ended is
    only told again, whoever asks. Raises as `vouch()`.
    """
    named = operator_id or scan.operator
    found = _operator(session, scanner, named) if named is not None else None
    hold = session.get(Hold, scan.id)
    has_ended = hold is not None and hold.end_answer is not None
    if operator_id is None or operator_id == scan.operator or has_ended:
        return found
    if found is not None and found.withdrawn and _stood(found, now):
        return found
    return vouch(session, scanner, found, operator_id, now=now)


def _stood(withdrawn: Operator, now: datetime) -> bool:
    """Whether they held the device, or were vouched for, as they were withdrawn."""
    return withdrawn.pin_since is None or _is_ahead(withdrawn.signed_in_until, now)


def _operator(session: Session, scanner: Scanner, operator_id: str) -> Operator | None:
    key = scanner.community_id, operator_id, scanner.device_id
    return known_operators(session, [key]).get(key)


def _is_ahead(moment: datetime | None, now: datetime) -> bool:
    return moment is not None and moment > now


def _unknown(operator_id: str) -> UnknownOperator:
    return UnknownOperator(f"No operator {operator_id} is known here.", key="operator")
