"""Being asked to end while something long runs."""

import os
import signal
import threading
import time
from collections.abc import Iterator

import pytest

from app import interrupts


@pytest.fixture(autouse=True)
def python_s_own_handlers() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in interrupts.ASKING}
    signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", interrupts.ASKING)
def test_a_step_is_finished_before_the_work_ends(number: signal.Signals) -> None:
    done = []

    def work() -> None:
        with interrupts.between_steps() as stop_if_asked:
            for step in range(3):
                os.kill(os.getpid(), number)
                done.append(step)
                stop_if_asked()

    with pytest.raises(KeyboardInterrupt):
        work()
    assert done == [0]


def test_who_asks_twice_does_not_wait_for_the_step() -> None:
    started = time.monotonic()

    def work() -> None:
        with interrupts.between_steps():
            os.kill(os.getpid(), signal.SIGINT)
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(5)

    with pytest.raises(KeyboardInterrupt):
        work()
    assert time.monotonic() - started < 5


def test_afterwards_signals_mean_what_they_meant_before() -> None:
    before = [signal.getsignal(number) for number in interrupts.ASKING]
    with interrupts.between_steps() as stop_if_asked:
        stop_if_asked()
    assert [signal.getsignal(number) for number in interrupts.ASKING] == before


def test_in_a_thread_it_changes_nothing() -> None:
    found = []

    def work() -> None:
        with interrupts.between_steps() as stop_if_asked:
            stop_if_asked()
            found.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert found == [signal.getsignal(signal.SIGINT)]
