"""Starts the server, and the bot beside it as it is run."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Self

from app.installation import Installation
from tests.support.gateway.api import API
from tests.support.gateway.sessions import TOKEN

ROOT = Path(__file__).resolve().parents[3]
STOP_WITHIN, LOOK_EVERY = 20.0, 0.05


class GatewayServer:
    """The server in a process of its own; what it can do is in `serving.Serving`."""

    def __init__(self, module: str = "tests.support.gateway.serving"):
        self._module = module
        self._process: subprocess.Popen[str] | None = None
        self.port = 0

    @contextmanager
    def start(self) -> Iterator[Self]:
        """Starts it, and ends it."""
        with subprocess.Popen(
            [sys.executable, "-m", self._module],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as self._process:
            try:
                self.port = json.loads(self._heard())
                yield self
            finally:
                assert self._process.stdin is not None
                self._process.stdin.close()
                self._process.wait(STOP_WITHIN)

    def do(self, what: str, **how: Any) -> Any:
        """Has it do something; returns its answer."""
        self.begin(what, **how)
        return self.outcome()

    def begin(self, what: str, **how: Any) -> None:
        """Has it do something that lasts; `outcome()` must be asked for before anything else."""
        assert self._process is not None and self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": what, **how}) + "\n")
        self._process.stdin.flush()

    def outcome(self) -> Any:
        """The answer to what was begun; waits for it."""
        return json.loads(self._heard())

    def until(self, met: Callable[[], bool], *, within: float = 30.0) -> None:
        """Waits until something that the bot does is done; fails after `within` seconds."""
        end = time.monotonic() + within
        while not met():
            if time.monotonic() > end:
                raise AssertionError(f"not within {within:g} s: {self.do('state')}")
            time.sleep(LOOK_EVERY)

    @contextmanager
    def bot(
        self,
        installation: Installation,
        log: IO[bytes] | None = None,
        module: tuple[str, ...] = ("app.cli", "bot"),
    ) -> Iterator[subprocess.Popen[bytes]]:
        """`keepsake bot` on this Discord, from now on until the end, or another module that is run;
        what it says goes to `log`.
        """
        settings = installation.settings
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "DATABASE_URL": installation.database.url.render_as_string(hide_password=False),
            "KEEPSAKE_DATA_DIR": str(settings.data_dir),
            "KEEPSAKE_PROGRAMME": str(settings.programme_file),
            "PUBLIC_URL": settings.public_url,
            "DISCORD_TOKEN": TOKEN,
            "KEEPSAKE_DISCORD_API_URL": f"http://127.0.0.1:{self.port}{API}",
        }
        command = [sys.executable, "-m", *module]
        with subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=log, stderr=log
        ) as started:
            try:
                yield started
            finally:
                started.terminate()
                started.wait(STOP_WITHIN)

    def _heard(self) -> str:
        assert self._process is not None and self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError("the server of the gateway has ended")
        return line
