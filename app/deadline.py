"""A limit for a request as a whole: httpx2's own timeout is for each single wait."""

import contextlib
import socket
import threading
from types import TracebackType
from typing import Any, Self


class Deadline:
    """Breaks a request's connection when its time is up, wherever it then stands.

    Without it, a server that sends a byte now and then would hold a thread for hours.
    """

    def __init__(self, seconds: float) -> None:
        self.passed = False
        self._lines: list[socket.socket] = []
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._timer.cancel()
        for line in self._lines:
            line.close()

    def watch(self, event: str, told: dict[str, Any]) -> None:
        """Learns of the connection: this is the request's `trace` extension."""
        if event == "connection.connect_tcp.complete":
            # A second handle on the same connection stays ours when TLS wraps the first.
            self._lines.append(told["return_value"].get_extra_info("socket").dup())
            if self.passed:
                self._end()

    def _end(self) -> None:
        self.passed = True
        for line in list(self._lines):
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
