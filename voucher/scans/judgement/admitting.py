"""Who may scan, and whom they may name, as the transaction that judges sees it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from app.refusals import Refused
from voucher.scans.attempts import Attempt
from voucher.scans.naming import check_named, check_supervisor, vouch, vouch_for_upload
from voucher.scans.requests import ScanRequest
from voucher.scans.scanners import (
    UPLOADS_AFTER,
    MayNotRedeem,
    Operator,
    OperatorKey,
    Scanner,
    ScannerGone,
    check_may_redeem,
    known_operators,
    standing_scanners,
)


def admit(
    session: Session, attempts: Sequence[Attempt], *, now: datetime
) -> tuple[dict[int, Refused], list[tuple[int, Attempt]]]:
    """Those whose scanner and operator stand, as they are now, and refusals for the others.

    What a device decided while it, its station and its operator stood comes in later as well:
    uploads are never lost.
    """
    scanners = standing_scanners(session, {one.scanner.known_by for one in attempts})
    operators = known_operators(
        session, [key for one in attempts if (key := _operator_of(one)) is not None]
    )
    refused: dict[int, Refused] = {}
    admitted: list[tuple[int, Attempt]] = []
    named: dict[tuple[object, ...], Operator | None] = {}
    for place, attempt in enumerate(attempts):
        # One that is asked again while it is judged is the same request: it names whom it named.
        request = attempt.request
        same = attempt.key, request.operator, request.offline is None
        try:
            scanner = _standing(attempt, scanners, now)
            if same not in named:
                known = replace(attempt, scanner=scanner)
                named[same] = _named(session, known, operators, now)
        except Refused as refusal:
            refused[place] = refusal
        else:
            admitted.append((place, replace(attempt, scanner=scanner, operator=named[same])))
    return refused, admitted


def _operator_of(attempt: Attempt) -> OperatorKey | None:
    scanner, named = attempt.scanner, attempt.request.operator
    return None if named is None else (scanner.community_id, named, scanner.device_id)


def _standing(attempt: Attempt, scanners: Mapping[bytes, Scanner], now: datetime) -> Scanner:
    scanner, request = scanners.get(attempt.scanner.known_by), attempt.request
    if scanner is None or _comes_too_late(scanner, request, now):
        raise ScannerGone("This device may not scan any more: pair it anew.")
    if request.offline is None:
        if scanner.withdrawn:
            told = f"The programme no longer has the station {scanner.station_name}."
            raise MayNotRedeem(told, why="withdrawn", station=scanner.station_name)
        # Who a voucher found by its member belongs to is not for a device that only checks.
        if request.mode != "check" or request.reference is not None:
            check_may_redeem(scanner)
    return scanner


def _comes_too_late(scanner: Scanner, request: ScanRequest, now: datetime) -> bool:
    """Whether a device was revoked, and this is nothing that it decided before that."""
    if scanner.revoked_at is None:
        return False
    claim = request.offline
    is_over = now >= scanner.revoked_at + UPLOADS_AFTER
    return is_over or claim is None or claim.moment >= scanner.revoked_at


def _named(
    session: Session, attempt: Attempt, operators: Mapping[OperatorKey, Operator], now: datetime
) -> Operator | None:
    request, key = attempt.request, _operator_of(attempt)
    if key is None or request.operator is None:
        if request.offline is None:
            check_named(attempt.scanner)
        return None
    operator = operators.get(key)
    if request.offline is not None:
        return vouch_for_upload(operator, request.operator, request.offline.moment)
    if request.is_supervised and operator is not None:
        # First: who may not ask this has not used up that they gave their PIN.
        check_supervisor(operator)
    return vouch(session, attempt.scanner, operator, request.operator, now=now)
