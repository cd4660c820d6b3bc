"""The worker looks for what is due without being a burden, and does it in all its threads."""

import threading
from collections.abc import Callable
from typing import Any

import pytest

from app import clock
from app.installation import Installation
from app.jobs import loop, queue
from app.jobs.queue import ClaimedJob
from app.plugins import JobHandler
from app.worker import Worker
from tests.support.installations import World

PATIENCE = 20
LANE = "test"


def add(world: World, times: int) -> None:
    with world.installation.unit_of_work() as session:
        for _ in range(times):
            queue.enqueue(session, "meet", {}, lane=LANE, now=clock.now())


def working(world: World, threads: int, run: Callable[[Installation, ClaimedJob], None]) -> Worker:
    plugins = world.installation.plugins
    plugins.ticks.clear()
    plugins.lanes.clear()
    plugins.lanes[LANE] = threads
    plugins.handlers["meet"] = JobHandler("meet", LANE, run)
    return Worker(world.installation)


def test_looking_in_vain_writes_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Installation) -> Any:
        raise AssertionError("it began to write")

    monkeypatch.setattr(Installation, "unit_of_work", refuse)
    assert loop.claim(world.installation, LANE) == []


def test_one_thread_looks_for_all_and_each_does_what_is_found(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    looking, most, claim = set[int](), list[int](), loop.claim
    together, done = threading.Barrier(3, timeout=PATIENCE), threading.Semaphore(0)

    def looked(*where: Any, **how: Any) -> list[ClaimedJob]:
        looking.add(threading.get_ident())
        most.append(len(looking))
        found = claim(*where, **how)
        looking.discard(threading.get_ident())
        return found

    def meet(installation: Installation, job: ClaimedJob) -> None:
        together.wait()  # only if all three are being done at once
        with loop.effect_of(installation, job):
            done.release()

    monkeypatch.setattr(loop, "claim", looked)
    add(world, 3)
    worker = working(world, 3, meet)
    worker.start()
    try:
        for _ in range(3):
            assert done.acquire(timeout=PATIENCE)
    finally:
        worker.stop()
    assert max(most) == 1
