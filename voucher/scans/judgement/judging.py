"""Judging: the attempt first, then the token's checks, then the record's; then it is kept."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.refusals import Refused
from voucher.keys.keyring import key_set
from voucher.scans.attempts import Attempt, Seen, Shown, see
from voucher.scans.judgement import budget
from voucher.scans.judgement.admitting import admit
from voucher.scans.judgement.claims import (
    IMPOSSIBLE_TIME,
    claim_again,
    is_impossible,
    moment_of,
    objection_to,
)
from voucher.scans.judgement.confirmable import asked_before, held_instead
from voucher.scans.judgement.following import moments_of
from voucher.scans.judgement.judged import Judged
from voucher.scans.judgement.keeping import keep
from voucher.scans.judgement.ordering import apart, lock_first
from voucher.scans.judgement.taking import decide
from voucher.scans.judgement.verdicts import verdict_of
from voucher.scans.looking import look_up
from voucher.scans.requests import AttemptDiffers, ScanUnreadable
from voucher.scans.scanners import ScannerGone
from voucher.token import KeySet, TokenVerdict

Outcome = dict[str, Any] | Refused
"""The answer, or why there can be none."""


def judge_all(session: Session, attempts: Sequence[Attempt], *, now: datetime) -> list[Outcome]:
    """Judges and keeps attempts in the caller's transaction; one outcome for each, in order.

    An attempt that is known gets the stored answer with `replayed` true, whatever has happened
    since, and `AttemptDiffers` where it now asks for something else. Who may no longer scan, as
    this transaction sees it, gets `ScannerGone` or `MayNotRedeem`; who names somebody who does not
    hold the device `UnknownOperator` or `OperatorNotSignedIn`, and who names nobody where the
    station asks for it `OperatorRequired`; a device that guesses codes `TooManyGuesses`.
    """
    refused, admitted = admit(session, attempts, now=now)
    outcomes = _answered_before(session, attempts, refused, now)
    spent = budget.spent(session, {attempt.scanner.device_id for _, attempt in admitted}, now=now)
    waiting = _look_at_all(session, admitted, now)
    lock_first(session, waiting, now=now)
    while waiting:
        together, waiting = apart(waiting)
        outcomes |= _judge_together(session, together, spent, now)
    return [outcomes[place] for place in range(len(attempts))]


def _answered_before(
    session: Session, attempts: Sequence[Attempt], refused: dict[int, Refused], now: datetime
) -> dict[int, Outcome]:
    """The outcomes of those that are refused: an answer that was given online is given again.

    Whoever was signed in then, and whatever the device might do: else who asks again because the
    network lost the answer would never hear of it.
    """
    asked = {
        place: attempts[place]
        for place, refusal in refused.items()
        if attempts[place].request.offline is None and not isinstance(refusal, ScannerGone)
    }
    kept = look_up(session, list(asked.values()), []).attempts if asked else {}
    return {
        place: again(session, kept[asked[place].key], asked[place], now=now)
        if place in asked and asked[place].key in kept
        else refusal
        for place, refusal in refused.items()
    }


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
        if one.attempt.request.confirms_by_reference:
            outcomes[one.place] = ScanUnreadable("a reference needs a network.", key="reference")
            continue
        if refusal := spent.refusal_of(one):
            outcomes[one.place] = refusal
            continue
        row = known.vouchers.get((one.attempt.scanner.community_id, one.code or b""))
        looked_at = _first_look(session, held_instead(one, row), row, now)
        spent.count(looked_at)
        fresh.append(looked_at)
    judged = decide(session, fresh, now=now)
    answers = keep(session, judged, now=now)
    places = [done.shown.place for done in judged]
    return outcomes | dict(zip(places, answers, strict=True))


def _first_look(session: Session, one: Shown, row: Row[Any] | None, now: datetime) -> Judged:
    request = one.attempt.request
    if request.offline is not None:
        if request.is_self_judged:
            # What the device refused, or only looked at, stays so whatever the record says.
            return Judged(one, row, request.offline.verdict)
        if (objection := objection_to(one.attempt.scanner)) and _is_ours(one, row):
            return Judged(one, row, objection)
        if is_impossible(request.offline, now, one.attempt.scanner.told_until):
            return Judged(one, row, IMPOSSIBLE_TIME)
    return Judged(one, row, one.seen.refusal or verdict_of(session, one, row, now=now))


def _is_ours(one: Shown, row: Row[Any] | None) -> bool:
    """Whether what was shown is a voucher of ours; what is none stays a guess, and costs as one."""
    return row is not None and one.seen.refusal is None


def again(session: Session, kept: Row[Any], attempt: Attempt, *, now: datetime) -> Outcome:
    """The outcome for an attempt that was kept before."""
    if attempt.request.claims_hand_over:
        claimed = claim_again(session, kept, attempt, now=now)
        if claimed is not None:
            return claimed
    if kept.asked not in asked_before(attempt.request):
        return AttemptDiffers("This attempt id was used for another code or another mode.")
    return {**kept.answer, "replayed": True}


def _seen(attempt: Attempt, keys: KeySet) -> Seen:
    """What was read before, unless the keys have changed since: a reference needs none."""
    seen, request = attempt.seen, attempt.request
    stays = seen is not None and (seen.keys is keys or request.reference is not None)
    return seen if seen is not None and stays else see(request, keys)
