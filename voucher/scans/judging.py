"""Judging: the attempt first, then the token's checks, then the record's; then it is kept."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Row
from sqlalchemy.orm import Session

from app.communities import hours
from app.plugins import Plugins
from app.refusals import Refused
from voucher.keys.keyring import key_set
from voucher.ledger.redeeming import take_uses
from voucher.scans.keeping import Judged, keep
from voucher.scans.looking import look_up
from voucher.scans.requests import (
    Attempt,
    AttemptDiffers,
    MayNotRedeem,
    Scanner,
    ScannerGone,
    Seen,
    see,
)
from voucher.scans.rules import OK, REDEEMED, VALID, RecordView, judge
from voucher.token import KeySet, TokenVerdict

Outcome = dict[str, Any] | Refused
"""The answer, or why there can be none."""


@dataclass(frozen=True, slots=True)
class Shown:
    """An attempt with what was shown, and its place among those that are judged."""

    place: int
    attempt: Attempt
    seen: Seen


def judge_all(session: Session, attempts: Sequence[Attempt], *, now: datetime) -> list[Outcome]:
    """Judges and keeps attempts in the caller's transaction; one outcome for each, in order.

    An attempt that is known gets the stored answer with `replayed` true, whatever has happened
    since, and `AttemptDiffers` where it now asks for something else. Who may no longer scan, as
    this transaction sees it, gets `ScannerGone` or `MayNotRedeem`.
    """
    outcomes, admitted = _admit(session, attempts)
    waiting = _look_at_all(session, admitted)
    while waiting:
        together, waiting = _apart(waiting)
        outcomes |= _judge_together(session, together, now)
    return [outcomes[place] for place in range(len(attempts))]


def _look_at_all(session: Session, admitted: Sequence[tuple[int, Attempt]]) -> list[Shown]:
    """What each shows, as the keys that are remembered tell it.

    Where they know none of that number they are read anew: after a key leaked, the new one signs
    at once.
    """
    keys = key_set(session)
    shown = [Shown(place, attempt, _seen(attempt, keys)) for place, attempt in admitted]
    if all(one.seen.refusal != TokenVerdict.UNKNOWN_KEY for one in shown):
        return shown
    keys = key_set(session, anew=True)
    return [Shown(place, attempt, _seen(attempt, keys)) for place, attempt in admitted]


def _admit(
    session: Session, attempts: Sequence[Attempt]
) -> tuple[dict[int, Outcome], list[tuple[int, Attempt]]]:
    """Those whose scanner stands, with what it is now; refusals for the others."""
    plugins = cast(Plugins, session.info["plugins"])
    standing = plugins.scanners(session, {one.scanner.known_by for one in attempts})
    refused: dict[int, Outcome] = {}
    admitted: list[tuple[int, Attempt]] = []
    for place, attempt in enumerate(attempts):
        scanner = standing.get(attempt.scanner.known_by)
        if scanner is None:
            refused[place] = ScannerGone("This device may not scan any more: pair it anew.")
        elif scanner.withdrawn:
            told = f"The programme no longer has the station {scanner.station_name}."
            refused[place] = MayNotRedeem(told)
        else:
            admitted.append((place, replace(attempt, scanner=scanner)))
    return refused, admitted


def _apart(waiting: Sequence[Shown]) -> tuple[list[Shown], list[Shown]]:
    """Those who can be judged together, and the rest: no attempt and no voucher stands twice."""
    seen: set[object] = set()
    together: list[Shown] = []
    rest: list[Shown] = []
    for one in waiting:
        code = one.seen.code
        own = {one.attempt.key} | ({code} if code is not None else set())
        (rest if own & seen else together).append(one)
        seen |= own
    return together, rest


def _judge_together(
    session: Session, together: Sequence[Shown], now: datetime
) -> dict[int, Outcome]:
    known = look_up(session, [one.attempt for one in together], [one.seen.code for one in together])
    outcomes: dict[int, Outcome] = {}
    fresh: list[tuple[Shown, Row[Any] | None, str]] = []
    for one in together:
        kept = known.attempts.get(one.attempt.key)
        if kept is not None:
            outcomes[one.place] = again(kept, one.attempt)
            continue
        scanner = one.attempt.scanner
        row = known.vouchers.get((scanner.community_id, one.seen.code or b""))
        fresh.append((one, row, one.seen.refusal or _judge(one, row, now)))
    judged = _decide(session, fresh, now)
    answers = keep(session, judged, now=now)
    places = [one.place for one, _, _ in fresh]
    return outcomes | dict(zip(places, answers, strict=True))


def again(kept: Row[Any], attempt: Attempt) -> Outcome:
    """The outcome for an attempt that was kept before."""
    if kept.asked != attempt.request.asked:
        return AttemptDiffers("This attempt id was used for another code or another mode.")
    return {**kept.answer, "replayed": True}


def _seen(attempt: Attempt, keys: KeySet) -> Seen:
    """What was read before, unless the keys have changed since."""
    seen = attempt.seen
    return seen if seen is not None and seen.keys is keys else see(attempt.request, keys)


def _judge(one: Shown, row: Row[Any] | None, now: datetime) -> str:
    view = None
    if row is not None:
        view = RecordView(
            uses_left=_left(row) or 0,
            valid_from=row.valid_from,
            valid_until=row.valid_until,
            stations=row.stations,
            standing=row.standing,
            is_open=_is_open(one.attempt.scanner, row.closed, now),
        )
    station, uses = one.attempt.scanner.station_key, one.attempt.request.uses
    return judge(one.seen.payload, view, station=station, uses=uses, now=now)


def _is_open(scanner: Scanner, closed: Sequence[str], now: datetime) -> bool:
    shut = (*scanner.station_closed, *closed)
    return hours.is_open(scanner.station_hours, shut, scanner.station_zone, now)


def _left(row: Row[Any] | None) -> int | None:
    return None if row is None else row.uses - row.uses_taken


def _decide(
    session: Session, fresh: Sequence[tuple[Shown, Row[Any] | None, str]], now: datetime
) -> list[Judged]:
    """Takes the uses of those that are `ok` and not only checked."""
    wanted: dict[int, set[int]] = {}
    for one, row, verdict in fresh:
        if row is not None and verdict == OK and one.attempt.request.mode == "redeem":
            wanted.setdefault(one.attempt.request.uses, set()).add(row.id)
    left: dict[int, int] = {}
    for uses, vouchers in sorted(wanted.items()):
        left |= take_uses(session, vouchers, uses, now=now)
    judged = []
    for one, row, verdict in fresh:
        if row is None or verdict != OK:
            judged.append(Judged(one.attempt, row, verdict, _left(row)))
        elif one.attempt.request.mode == "check":
            judged.append(Judged(one.attempt, row, VALID, _left(row)))
        elif row.id in left:
            judged.append(Judged(one.attempt, row, REDEEMED, left[row.id]))
        else:
            judged.append(_too_late(session, one, now))
    return judged


def _too_late(session: Session, one: Shown, now: datetime) -> Judged:
    """Between our reading and our update somebody else took the uses: the record has the answer."""
    known = look_up(session, [one.attempt], [one.seen.code])
    row = known.vouchers.get((one.attempt.scanner.community_id, one.seen.code or b""))
    verdict = _judge(one, row, now)
    if verdict == OK:
        raise RuntimeError("uses that the record has left could not be taken")
    return Judged(one.attempt, row, verdict, _left(row))
