"""Judging: the attempt first, then the token's checks, then the record's; then it is kept."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.refusals import Refused
from voucher.keys.keyring import key_set
from voucher.scans import budget
from voucher.scans.attempts import Attempt, Seen, Shown, see
from voucher.scans.claims import IMPOSSIBLE_TIME, claim_again, is_impossible, moment_of
from voucher.scans.following import moments_of
from voucher.scans.judged import Judged
from voucher.scans.keeping import keep
from voucher.scans.looking import Known, look_up
from voucher.scans.ordering import apart, lock_first
from voucher.scans.requests import AttemptDiffers
from voucher.scans.scanners import (
    MayNotRedeem,
    Operator,
    ScannerGone,
    known_operators,
    standing_scanners,
    unknown_operator,
)
from voucher.scans.taking import decide, verdict_of
from voucher.token import KeySet, TokenVerdict

Outcome = dict[str, Any] | Refused
"""The answer, or why there can be none."""


def judge_all(session: Session, attempts: Sequence[Attempt], *, now: datetime) -> list[Outcome]:
    """Judges and keeps attempts in the caller's transaction; one outcome for each, in order.

    An attempt that is known gets the stored answer with `replayed` true, whatever has happened
    since, and `AttemptDiffers` where it now asks for something else. Who may no longer scan, as
    this transaction sees it, gets `ScannerGone` or `MayNotRedeem`; a device that guesses codes
    `TooManyGuesses`.
    """
    outcomes, admitted = _admit(session, attempts)
    spent = budget.spent(session, {attempt.scanner.device_id for _, attempt in admitted}, now=now)
    waiting = _look_at_all(session, admitted, now)
    lock_first(session, waiting, now=now)
    while waiting:
        together, waiting = apart(waiting)
        outcomes |= _judge_together(session, together, spent, now)
    return [outcomes[place] for place in range(len(attempts))]


def _look_at_all(
    session: Session, admitted: Sequence[tuple[int, Attempt]], now: datetime
) -> list[Shown]:
    """What each shows, as the keys that are remembered tell it.

    Where they know none of that number they are read anew: after a key leaked, the new one signs
    at once.
    """
    moments = moments_of(session, [attempt for _, attempt in admitted], now)
    shown = _look_at(admitted, key_set(session), moments)
    if all(one.seen.refusal != TokenVerdict.UNKNOWN_KEY for one in shown):
        return shown
    return _look_at(admitted, key_set(session, anew=True), moments)


def _look_at(
    admitted: Sequence[tuple[int, Attempt]], keys: KeySet, moments: Sequence[datetime]
) -> list[Shown]:
    return [
        Shown(place, attempt, _seen(attempt, keys), moment_of(attempt.request, moment))
        for (place, attempt), moment in zip(admitted, moments, strict=True)
    ]


def _admit(
    session: Session, attempts: Sequence[Attempt]
) -> tuple[dict[int, Outcome], list[tuple[int, Attempt]]]:
    """Those whose scanner and operator stand, as they are now; refusals for the others.

    What a device decided while its station stood comes in later as well: uploads are never lost.
    """
    scanners = standing_scanners(session, {one.scanner.known_by for one in attempts})
    operators = known_operators(
        session,
        [
            (one.scanner.community_id, one.request.operator)
            for one in attempts
            if one.request.operator is not None
        ],
    )
    refused: dict[int, Outcome] = {}
    admitted: list[tuple[int, Attempt]] = []
    for place, attempt in enumerate(attempts):
        scanner, named = scanners.get(attempt.scanner.known_by), attempt.request.operator
        if scanner is None:
            refused[place] = ScannerGone("This device may not scan any more: pair it anew.")
        elif scanner.withdrawn and attempt.request.offline is None:
            told = f"The programme no longer has the station {scanner.station_name}."
            refused[place] = MayNotRedeem(told)
        else:
            operator = operators.get((scanner.community_id, named or ""))
            if named is not None and not _may_be_named(operator, attempt):
                refused[place] = unknown_operator(named)
            else:
                admitted.append((place, replace(attempt, scanner=scanner, operator=operator)))
    return refused, admitted


def _may_be_named(operator: Operator | None, attempt: Attempt) -> bool:
    """Who was withdrawn since may have handed something over before: uploads are never lost."""
    if operator is None:
        return False
    return not operator.withdrawn or attempt.request.offline is not None


def _judge_together(
    session: Session, together: Sequence[Shown], spent: budget.Spent, now: datetime
) -> dict[int, Outcome]:
    known = look_up(session, [one.attempt for one in together], [one.code for one in together])
    outcomes: dict[int, Outcome] = {}
    fresh: list[Judged] = []
    for one in together:
        kept = known.attempts.get(one.attempt.key)
        if kept is not None:
            outcomes[one.place] = again(session, kept, one.attempt, now=now)
            continue
        if refusal := spent.refusal_of(one):
            outcomes[one.place] = refusal
            continue
        looked_at = _first_look(session, one, known, now)
        spent.count(looked_at)
        fresh.append(looked_at)
    judged = decide(session, fresh, now=now)
    answers = keep(session, judged, now=now)
    places = [done.shown.place for done in judged]
    return outcomes | dict(zip(places, answers, strict=True))


def _first_look(session: Session, one: Shown, known: Known, now: datetime) -> Judged:
    row = known.vouchers.get((one.attempt.scanner.community_id, one.code or b""))
    request = one.attempt.request
    if request.offline is not None:
        if request.is_self_judged:
            # What the device refused, or only looked at, stays so whatever the record says.
            return Judged(one, row, request.offline.verdict)
        if is_impossible(request.offline, now):
            return Judged(one, row, IMPOSSIBLE_TIME)
    return Judged(one, row, one.seen.refusal or verdict_of(session, one, row, now=now))


def again(session: Session, kept: Row[Any], attempt: Attempt, *, now: datetime) -> Outcome:
    """The outcome for an attempt that was kept before."""
    if attempt.request.claims_hand_over:
        claimed = claim_again(session, kept, attempt, now=now)
        if claimed is not None:
            return claimed
    if kept.asked != attempt.request.asked:
        return AttemptDiffers("This attempt id was used for another code or another mode.")
    return {**kept.answer, "replayed": True}


def _seen(attempt: Attempt, keys: KeySet) -> Seen:
    """What was read before, unless the keys have changed since."""
    seen = attempt.seen
    return seen if seen is not None and seen.keys is keys else see(attempt.request, keys)
