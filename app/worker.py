"""The worker: does what is due, each lane in threads of its own, and looks at the ticks."""

import logging
import threading
from collections import defaultdict
from collections.abc import Callable
from functools import partial

from app.faults import sentence_of
from app.installation import Installation
from app.jobs import loop
from app.plugins import Tick

IDLE_SECONDS = 0.25
AFTER_AN_ERROR = 2.0
BOTS_LANE = "discord"
"""Served by the bot's process, which alone has the gateway."""

log = logging.getLogger(__name__)


class Worker:
    """Serves every lane but the bot's until it is told to stop."""

    def __init__(self, installation: Installation):
        self._installation = installation
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
        self._looking: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)

    def start(self) -> None:
        """Starts the threads and returns."""
        plugins = self._installation.plugins
        for lane, threads in plugins.lanes.items():
            if lane != BOTS_LANE:
                for number in range(threads):
                    self._begin(f"{lane}-{number}", partial(self._do_lane, lane))
        for tick in plugins.ticks:
            self._begin(tick.name, partial(self._do_tick, tick))

    def stop(self, *, within: float = 10.0) -> None:
        """Lets each thread finish what it does now."""
        self._stop.set()
        for thread in self._threads:
            thread.join(within)

    def _begin(self, name: str, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=self._again_and_again, args=(work,), name=name)
        self._threads.append(thread)
        thread.start()

    def _again_and_again(self, work: Callable[[], None]) -> None:
        while not self._stop.is_set():
            try:
                work()
            except Exception as error:
                # The database may be away, or the disk full: say it, wait, and look again.
                told = sentence_of(error) or f"{type(error).__name__}: {error}"
                log.warning("%s: %s", threading.current_thread().name, told)
                self._stop.wait(AFTER_AN_ERROR)

    def _do_lane(self, lane: str) -> None:
        # One thread looks for all of a lane, however many wait to do what it finds.
        with self._looking[lane]:
            claimed = loop.claim(
                self._installation, lane, most=loop.good_for(self._installation, lane)
            )
            if not claimed:
                self._stop.wait(IDLE_SECONDS)
        for job in claimed:
            loop.do(self._installation, job)

    def _do_tick(self, tick: Tick) -> None:
        tick.run(self._installation)
        self._stop.wait(tick.every)


def do_everything(installation: Installation, *, rounds: int = 100) -> None:
    """Does all that is due in every lane but the bot's, then the ticks: for tests and commands."""
    for _ in range(rounds):
        lanes = [lane for lane in installation.plugins.lanes if lane != BOTS_LANE]
        if not sum(loop.do_due(installation, lane, most=loop.AT_ONCE) for lane in lanes):
            break
    for tick in installation.plugins.ticks:
        tick.run(installation)
