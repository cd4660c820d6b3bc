"""An installation of real processes, reached by its commands and over HTTP."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).resolve().parents[2]


class Installed:
    """An installation that is reached by its commands alone."""

    def __init__(self, folder: Path, database: str):
        self.folder = folder
        self.environment = {
            **os.environ,
            "DATABASE_URL": database,
            "KEEPSAKE_WEB_PROCESSES": "1",
            "PYTHONPATH": str(ROOT),
        }

    def answer(self, *arguments: str) -> Any:
        """What a command prints as JSON."""
        told = subprocess.run(
            self._command(*arguments, "--json"),
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            check=True,
            text=True,
        )
        return json.loads(told.stdout)

    def run(self, *arguments: str) -> str:
        """Runs a command and returns what it printed; fails where it does."""
        return subprocess.run(
            self._command(*arguments),
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            check=True,
            text=True,
        ).stdout

    @contextmanager
    def process(self, name: str, port: int, log: IO[bytes] | None = None) -> Iterator[None]:
        """`keepsake web` or `worker`, from now on until the end; what it says goes to `log`."""
        environment = self.environment | {"PORT": str(port)}
        with subprocess.Popen(
            self._command(name), cwd=self.folder, env=environment, stdout=log, stderr=log
        ) as started:
            try:
                yield
            finally:
                started.terminate()
                started.wait(30)

    @staticmethod
    def _command(*arguments: str) -> list[str]:
        return [sys.executable, "-m", "app.cli", *arguments]
