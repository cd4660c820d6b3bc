"""`keepsake run`: starts the processes, fills the demo, prints addresses, and watches."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from types import FrameType

import click

from app import demo
from app.installation import Installation
from app.ports import refuse_taken, wait_until_answered
from app.refusals import Refused

PROCESSES = ("web", "worker", "bot")
WEB_WITHIN = 60.0
LOOK_EVERY = 0.2
STOP_WITHIN = 10.0
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
LIVED_WELL = 60.0


class DidNotStart(Refused):
    """A process ended before it could be of use; it has said why itself."""

    code = "did_not_start"


class Child:
    """One process, started again with growing pauses when it ends by itself."""

    def __init__(self, name: str):
        self.name = name
        self._pause = FIRST_PAUSE
        self._start_at = 0.0
        self._started = 0.0
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts the process in a group of its own, so that Ctrl-C reaches only us."""
        self._started = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "app.cli", self.name], start_new_session=True
        )

    def look(self) -> None:
        """Starts it again if it ended and its pause is over."""
        now = time.monotonic()
        if self.process is not None and self.process.poll() is not None:
            code, self.process = self.process.returncode, None
            if now - self._started > LIVED_WELL:
                self._pause = FIRST_PAUSE
            self._start_at = now + self._pause
            click.echo(
                f"{self.name} ended with {code}; it starts again in {self._pause:.0f} s.", err=True
            )
            self._pause = min(self._pause * 2, LONGEST_PAUSE)
        if self.process is None and now >= self._start_at:
            self.start()

    def stop(self) -> None:
        """Asks it to end."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)

    def wait(self, within: float) -> None:
        """Waits for its end, and then does not ask any more."""
        if self.process is None:
            return
        try:
            self.process.wait(within)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def run_everything(installation: Installation, prepare: Callable[[Installation], None]) -> None:
    """Runs until SIGINT or SIGTERM; raises with a sentence where it cannot start."""
    settings = installation.settings
    refuse_taken(settings.host, settings.port)
    if settings.is_demo:
        refuse_taken(settings.host, settings.stage_port, "KEEPSAKE_STAGE_PORT")
    prepare(installation)
    signal.signal(signal.SIGTERM, _as_interrupt)
    children = [Child(name) for name in PROCESSES]
    try:
        for child in children:
            child.start()
        _wait_for_web(installation, children[0])
        print_addresses(installation)
        if settings.is_demo:
            demo.fill(installation)
        while True:
            for child in children:
                child.look()
            time.sleep(LOOK_EVERY)
    except KeyboardInterrupt:
        click.echo("Stopping.", err=True)
    finally:
        _stop(children)


def print_addresses(installation: Installation) -> None:
    """One address a line, with nothing after it."""
    for addresses in installation.plugins.addresses:
        for label, address in addresses(installation):
            click.echo(f"{click.style(label + ':', bold=True)} {address}")


def _wait_for_web(installation: Installation, web: Child) -> None:
    settings = installation.settings
    deadline = time.monotonic() + WEB_WITHIN
    while time.monotonic() < deadline:
        if web.process is not None and web.process.poll() is not None:
            raise DidNotStart("The web process did not start; it said why above.")
        if wait_until_answered(settings.host, settings.port, within=0.5):
            return
    raise DidNotStart(f"The web process did not answer within {WEB_WITHIN:.0f} s.")


def _stop(children: list[Child]) -> None:
    for child in children:
        child.stop()
    deadline = time.monotonic() + STOP_WITHIN
    for child in children:
        child.wait(max(0.1, deadline - time.monotonic()))


def _as_interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
