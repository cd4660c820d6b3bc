"""`scan()`: attempts that wait for the database at the same time are judged together.

Who comes while nobody judges takes all that wait and judges them in one transaction; who comes
meanwhile waits for the next. So sixteen scans cost the round trips and the flush to disk of one,
and a lone one waits for nobody. (Databases know this as group commit.)
"""

import threading
from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy.exc import IntegrityError

from app.installation import Installation
from voucher.scans.judging import Outcome, again, judge_all
from voucher.scans.looking import look_up
from voucher.scans.requests import Attempt, MayNotRedeem, Scanner, ScanRequest


class Waiting:
    """An attempt that somebody waits for."""

    def __init__(self, attempt: Attempt, at: datetime):
        self.attempt, self.at = attempt, at
        self.outcome: Outcome | Exception | None = None


class Desk:
    """Where the attempts of one process are judged, by one of those who wait."""

    def __init__(self, installation: Installation):
        self._installation = installation
        self._changed = threading.Condition()
        self._waiting: list[Waiting] = []
        self._busy = False

    def judge(self, attempt: Attempt, *, now: datetime) -> dict[str, Any]:
        """The attempt's answer; raises `AttemptDiffers`, or what kept the database from it."""
        own, batch = Waiting(attempt, now), list[Waiting]()
        with self._changed:
            self._waiting.append(own)
            while self._busy and own.outcome is None:
                self._changed.wait()
            if own.outcome is None:
                self._busy, batch, self._waiting = True, self._waiting, []
        if batch:
            self._lead(batch)
        if isinstance(own.outcome, dict):
            return own.outcome
        raise own.outcome or RuntimeError("the attempt was not judged")

    def _lead(self, batch: Sequence[Waiting]) -> None:
        try:
            self._judge_all(batch)
        finally:
            with self._changed:
                self._busy = False
                for one in batch:
                    # Only where this thread itself was ended: nobody is to wait for it.
                    one.outcome = one.outcome or RuntimeError("the attempt was not judged")
                self._changed.notify_all()

    def _judge_all(self, batch: Sequence[Waiting]) -> None:
        # A batch is judged at one moment: that of its last attempt.
        now = max(one.at for one in batch)
        try:
            with self._installation.unit_of_work() as session:
                outcomes = judge_all(session, [one.attempt for one in batch], now=now)
        except Exception as error:
            if len(batch) == 1:
                batch[0].outcome = self._kept_by_another(batch[0], error)
                return
            # What spoils one attempt, such as another process that judged it, spoils no other.
            for one in batch:
                self._judge_all([one])
        else:
            for one, outcome in zip(batch, outcomes, strict=True):
                one.outcome = outcome

    def _kept_by_another(self, one: Waiting, error: Exception) -> Outcome | Exception:
        """The same attempt may have been judged twice at once, and the other one been kept."""
        if not isinstance(error, IntegrityError):
            return error
        with self._installation.reading() as session:
            kept = look_up(session, [one.attempt], []).attempts.get(one.attempt.key)
        return error if kept is None else again(kept, one.attempt)


def scan(
    installation: Installation, scanner: Scanner, request: ScanRequest, *, now: datetime
) -> dict[str, Any]:
    """Judges and keeps one attempt, and returns the answer.

    The same attempt again gets the stored answer with `replayed` true, whatever has happened
    since. Raises `AttemptDiffers` where it now asks for something else, and `MayNotRedeem`.
    """
    if scanner.withdrawn:
        raise MayNotRedeem(f"The programme no longer has the station {scanner.station_name}.")
    memory = installation.plugins.memory
    desk = memory.get("desk") or memory.setdefault("desk", Desk(installation))
    return cast(Desk, desk).judge(Attempt(scanner, request), now=now)
