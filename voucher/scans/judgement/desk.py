"""`scan()`: attempts that wait for the database at the same time are judged together.

Who comes while nobody judges leads: takes all that wait and judges them in one transaction; who
comes meanwhile waits for the next. So sixteen scans cost the round trips and the flush to disk of
one, and a lone one waits for nobody. (Databases know this as group commit.)
"""

import logging
import threading
import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy.exc import IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.database import was_victim
from app.installation import Installation
from app.refusals import Refused
from voucher.keys import keyring
from voucher.scans.attempts import Attempt, see
from voucher.scans.judgement.judging import Outcome, again, judge_all
from voucher.scans.judgement.supervising import find
from voucher.scans.looking import look_up
from voucher.scans.requests import ScanRequest
from voucher.scans.scanners import Scanner

COMPANY_SECONDS = 0.01
"""How long a leader waits for those whom it expects, at most."""
TOGETHER = 50
"""How many of an upload are judged in one transaction: others come to their turn in between."""
EXPECTED_SECONDS = 0.05
"""How long after a batch those who were there are expected back."""


log = logging.getLogger(__name__)


class NotJudged(Refused):
    """Something of ours went wrong with this one; it is in our log, and the device keeps it."""

    code = "not_judged"
    status = 503


class Waiting:
    """An attempt that somebody waits for."""

    __slots__ = ("at", "attempt", "leads", "outcome", "turn")

    def __init__(self, attempt: Attempt, at: datetime):
        self.attempt, self.at = attempt, at
        self.outcome: Outcome | Exception | None = None
        self.leads = False
        self.turn = threading.Lock()
        """Free once there is an outcome, or this one is to lead."""
        self.turn.acquire()


class Desk:
    """Where the attempts of one process are judged, by one of those who wait."""

    def __init__(self, installation: Installation):
        self._installation = installation
        self._lock = threading.Lock()
        self._waiting: list[Waiting] = []
        self._busy = False
        self._expected, self._expected_until = 1, 0.0
        self._enough = threading.Event()

    def judge(self, attempt: Attempt, *, now: datetime) -> dict[str, Any]:
        """The attempt's answer; raises why there is none, or what kept the database from it."""
        own = Waiting(attempt, now)
        with self._lock:
            self._waiting.append(own)
            if self._busy:
                if len(self._waiting) >= self._expected:
                    self._enough.set()
            else:
                self._busy = own.leads = True
        if not own.leads:
            own.turn.acquire()
        if own.leads:
            self._lead(own)
        if isinstance(own.outcome, dict):
            return own.outcome
        raise own.outcome or RuntimeError("the attempt was not judged")

    def _lead(self, own: Waiting) -> None:
        batch: list[Waiting] = []
        try:
            self._wait_for_company()
            self._judge_all(batch)
        finally:
            for one in batch:
                if one is not own:
                    one.outcome = one.outcome or RuntimeError("the attempt was not judged")
                    one.turn.release()
            with self._lock:
                if own in self._waiting:  # nobody took it: what went wrong goes to its own caller
                    self._waiting.remove(own)
                self._expected = len(batch) + len(self._waiting)
                self._expected_until = time.monotonic() + EXPECTED_SECONDS
                self._hand_over()

    def _hand_over(self) -> None:
        """Lets the next one lead, with the lock held."""
        self._busy = bool(self._waiting)
        if self._busy:
            self._waiting[0].leads = True
            self._waiting[0].turn.release()

    def _wait_for_company(self) -> None:
        """Waits a little for as many as there were just now: half of them are on their way back.

        Without it those who come in turns are judged in two halves, each at the cost of all.
        """
        with self._lock:
            if time.monotonic() > self._expected_until:
                self._expected = 1
            if len(self._waiting) >= self._expected:
                return
            self._enough.clear()
        self._enough.wait(COMPANY_SECONDS)

    def _fill(self, batch: list[Waiting]) -> None:
        """Puts all who wait into an empty batch."""
        if not batch:
            with self._lock:
                batch += self._waiting
                self._waiting = []

    def _judge_all(self, batch: list[Waiting]) -> None:
        """Judges a batch; an empty one is filled with who waits.

        Not before it may write: those who came while others wrote are judged with it.
        """
        try:
            with self._installation.unit_of_work() as session:
                self._fill(batch)
                # A batch is judged at one moment: that of its last attempt.
                now = max(one.at for one in batch)
                outcomes = judge_all(session, [one.attempt for one in batch], now=now)
        except Exception as error:
            self._fill(batch)
            if len(batch) == 1:
                batch[0].outcome = self._kept_by_another(batch[0], error)
            elif _is_about_one(error):
                # Such as another process that judged it: that spoils no other attempt.
                for one in batch:
                    self._judge_all([one])
            else:
                for one in batch:
                    one.outcome = error
        else:
            for one, outcome in zip(batch, outcomes, strict=True):
                one.outcome = outcome

    def _kept_by_another(self, one: Waiting, error: Exception) -> Outcome | Exception:
        """The same attempt may have been judged twice at once, and the other one been kept."""
        if not isinstance(error, IntegrityError):
            return error
        try:
            with self._installation.reading() as session:
                kept = look_up(session, [one.attempt], []).attempts.get(one.attempt.key)
            if kept is None:
                return error
            with self._installation.unit_of_work() as session:
                return again(session, kept, one.attempt, now=one.at)
        except Exception as other:
            return other


def _is_about_one(error: Exception) -> bool:
    """Whether an attempt of a batch may have caused it; else the database is away, for all alike.

    To try each by itself would then make everybody wait as many times as there are attempts.
    """
    if isinstance(error, OperationalError):
        return was_victim(error)
    return not isinstance(error, InterfaceError | PoolTimeout)


def scan(
    installation: Installation, scanner: Scanner, request: ScanRequest, *, now: datetime
) -> dict[str, Any]:
    """Judges and keeps one attempt, and returns the answer.

    The same attempt again gets the stored answer with `replayed` true, whatever has happened
    since. Raises `AttemptDiffers` where it now asks for something else, `MayNotRedeem`, and
    `ScannerGone` where the scanner was withdrawn since it was looked up.
    """
    return _desk(installation).judge(_attempt(installation, scanner, request), now=now)


def scan_all(
    installation: Installation, scanner: Scanner, requests: Sequence[ScanRequest], *, now: datetime
) -> list[Outcome]:
    """As `scan()` for many, as a device uploads them: each has its own outcome, in order.

    What goes wrong with one keeps back none of the others.
    """
    attempts = [_attempt(installation, scanner, request) for request in requests]
    outcomes: list[Outcome] = []
    for start in range(0, len(attempts), TOGETHER):
        outcomes += _some(installation, attempts[start : start + TOGETHER], now)
    return outcomes


def _some(installation: Installation, attempts: Sequence[Attempt], now: datetime) -> list[Outcome]:
    try:
        with installation.unit_of_work() as session:
            return judge_all(session, attempts, now=now)
    except Exception as error:
        if not _is_about_one(error):
            raise
    outcomes: list[Outcome] = []
    for attempt in attempts:
        try:
            outcomes.append(_desk(installation).judge(attempt, now=now))
        except Refused as refused:
            outcomes.append(refused)
        except Exception as error:
            if not _is_about_one(error):
                raise
            log.exception("A scan of an upload could not be judged.")
            outcomes.append(NotJudged("This scan could not be judged. It is tried again later."))
    return outcomes


def _attempt(installation: Installation, scanner: Scanner, request: ScanRequest) -> Attempt:
    keys = keyring.remembered(installation)
    if request.reference is not None:
        with installation.glance() as reads:
            return Attempt(scanner, request, find(reads, scanner, request.reference, keys))
    # A signature takes its time: it is checked here, while others write.
    return Attempt(scanner, request, see(request, keys))


def _desk(installation: Installation) -> Desk:
    memory = installation.plugins.memory
    return cast(Desk, memory.get("desk") or memory.setdefault("desk", Desk(installation)))
