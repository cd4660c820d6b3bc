"""Ctrl-C, or a polite end, in long work: it ends between two steps, not in the middle of one."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

ASKING = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def between_steps() -> Iterator[Callable[[], None]]:
    """Gives what a long task calls after each step: it raises `KeyboardInterrupt` if asked to.

    Python raises it wherever it stands, and an extension module that is interrupted there may turn
    it into an error of its own. Who asks twice does not wait for the step's end. Outside the main
    thread, where no signal arrives, it changes nothing.
    """
    if threading.current_thread() is not threading.main_thread():
        yield lambda: None
        return
    asked = False

    def ask(_number: int, _frame: FrameType | None) -> None:
        nonlocal asked
        asked = True
        restore()

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    def stop_if_asked() -> None:
        if asked:
            raise KeyboardInterrupt

    before = {number: signal.signal(number, ask) for number in ASKING}
    try:
        yield stop_if_asked
    finally:
        restore()
