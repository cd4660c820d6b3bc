"""simcord made for being watched: its clock follows the wall's, and nothing waits for silence.

simcord is built for tests. Each of its operations waits until the bot has nothing left to do, and
fails where that takes too long; its clock moves only when told to. A bot that people watch is
never silent: it polls, it sleeps for half a second, it waits for an event.
"""

import asyncio
from datetime import UTC, datetime
from typing import Any

import simcord
from simcord._settlement import _active_callbacks, _owned_tasks, _run_due_virtual_callbacks

from bot.stage.errors import StageError

PATIENCE = 0.4
"""Seconds for which an operation waits for the bot's answer before it goes on without."""

LONG_GAP = 20.0
"""Seconds of absence (a laptop that slept) that are skipped, not lived through step by step."""

_STILL_TURNS = 3


class LiveEnv(simcord.Env):
    """simcord's environment, settled as soon as the bot waits for anything at all."""

    async def _settle_internal(
        self,
        *,
        timeout: float | None = None,  # noqa: ASYNC109
        idle: float = 0.05,
        dispatch: str | None = None,
        _deadline: float | None = None,
    ) -> None:
        """Lets the bot run until it waits, or for PATIENCE; never raises for its being busy."""
        loop = asyncio.get_running_loop()
        give_up, still = loop.time() + PATIENCE, 0
        self._last_dispatch = dispatch
        while still < _STILL_TURNS and loop.time() < give_up:
            _run_due_virtual_callbacks(self._settlement_state(), give_up)
            await asyncio.sleep(0)
            if self._work.executors:
                await self._await_threads(give_up - loop.time())
            still = still + 1 if self._is_still() else 0

    async def _await_threads(self, seconds: float) -> None:
        """Waits for one of the bot's threads, no longer than `seconds`."""
        running = tuple(self._work.executors)
        first = asyncio.FIRST_COMPLETED
        await asyncio.wait(running, timeout=max(0.0, seconds), return_when=first)

    def _is_still(self) -> bool:
        state, now = self._settlement_state(), self._virtual_time
        timers = [record.when for record in _active_callbacks(state)]
        due = any(when is None or when <= now for when in timers)
        return not due and not self._work.executors and all(map(_waits, _owned_tasks(state)))


def _waits(task: asyncio.Task[Any]) -> bool:
    """Whether a task is suspended on something that has not happened yet."""
    waiter = getattr(task, "_fut_waiter", None)
    return waiter is not None and not waiter.done()


def behind(env: simcord.Env) -> float:
    """Seconds by which the simulated clock is behind the wall's."""
    return (datetime.now(UTC) - env.now()).total_seconds()


def wind_forward(env: simcord.Env, *, until: float = 0.0) -> None:
    """Moves the clock before the start to `until` seconds before now.

    Only before the start: afterwards each timer on the way would have to be lived through.
    """
    gap = behind(env) - until
    if gap < 0:
        raise StageError("clock", f"The machine's clock is before {env.now():%Y-%m-%d}; set it.")
    env.backend.advance_clock(gap)


async def keep_up(env: simcord.Env) -> None:
    """Brings the simulated clock to the wall's, and with it the bot's timers."""
    gap = behind(env)
    if gap > LONG_GAP:
        env.backend.advance_clock(gap - 1.0)
        gap = 1.0
    if gap > 0:
        try:
            await env.advance_time(gap)
        except TimeoutError:
            # Where it got is kept; the rest is made up for at the next turn.
            return
