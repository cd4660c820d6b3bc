"""The load process: a Discord server in which many people write and react, and some ask the bot.

A process of its own, so that it shares nothing with what is measured.
"""

import asyncio
import random
import time
from itertools import cycle
from typing import Any

from tests.support.gateway.serving import Serving, serve
from tests.support.gateway.town import FIRST_THREAD, Town
from tests.support.gateway.words import Payload, member_id

CHANNELS, THREADS, MEMBERS = 40, 20, 3_000
TICK, ANSWERED_WITHIN = 0.01, 30
EMOJI = ("👍", "❤️", "😂", "🎉")
MIX = {"message": 78, "reaction": 16, "unreaction": 3, "deletion": 3}
"""Of 100 events."""
RECENT = 400
"""Messages that people still react to."""


class Crowd:
    """Lets things happen, and remembers what must be counted in the end."""

    def __init__(self, serving: Serving):
        self._serving, self._drawn = serving, random.Random(7)
        self._recent: list[Payload] = []
        self._reactions: list[tuple[Payload, int, str]] = []
        self.expected: dict[str, bool] = {}
        """The events that are to be stored, by id, and whether they count in the end."""
        self.sent: list[tuple[float, int]] = []
        """When each was sent (`time.time()`), and how many are to be stored by then."""

    async def acts(self) -> None:
        """One event."""
        [what] = self._drawn.choices(list(MIX), list(MIX.values()))
        if what == "deletion" and self._recent:
            await self._delete()
        elif what == "unreaction" and self._reactions:
            await self._unreact()
        elif what == "reaction" and self._recent:
            await self._react()
        else:
            await self._write()
        self.sent.append((time.time(), len(self.expected)))

    async def _write(self) -> None:
        place, by = self._drawn.randrange(CHANNELS + THREADS), self._member()
        message = await self._serving.post(place, by, "Good morning, how are you all?")
        self.expected[message["id"]] = True
        thread = int(message["channel_id"])
        if thread >= FIRST_THREAD and by != thread - FIRST_THREAD:
            self.expected[f"{thread}-a-{member_id(by)}"] = True
        self._recent.append(message)
        del self._recent[:-RECENT]

    async def _react(self) -> None:
        message, by = self._drawn.choice(self._recent), self._member()
        emoji = self._drawn.choice(EMOJI)
        known_by = f"{message['id']}-r-{emoji}-{member_id(by)}"
        if known_by in self.expected:
            await self._write()
            return
        await self._serving.react(message, by, emoji)
        self.expected |= {known_by: True, f"{known_by}-got": True}
        self._reactions.append((message, by, emoji))

    async def _unreact(self) -> None:
        place = self._drawn.randrange(len(self._reactions))
        message, by, emoji = self._reactions.pop(place)
        await self._serving.react(message, by, emoji, added=False)
        known_by = f"{message['id']}-r-{emoji}-{member_id(by)}"
        self.expected |= {known_by: False, f"{known_by}-got": False}

    async def _delete(self) -> None:
        message = self._recent.pop(self._drawn.randrange(len(self._recent)))
        await self._serving.delete(message)
        self.expected[message["id"]] = False

    def _member(self) -> int:
        # As real ones are: some write far more than most.
        return int(MEMBERS * self._drawn.random() ** 2)


async def load(serving: Serving, rate: int, seconds: float, asks: int) -> dict[str, Any]:
    """So many events a second for so long, and so many interactions a second meanwhile."""
    crowd = Crowd(serving)
    tokens: list[str] = []
    began = time.perf_counter()
    questions = cycle(_questions(serving))
    while (passed := time.perf_counter() - began) < seconds:
        while len(crowd.sent) < passed * rate:
            await crowd.acts()
        while len(tokens) < passed * asks:
            tokens.append(await next(questions)(len(tokens)))
        await asyncio.sleep(TICK)
    took = time.perf_counter() - began
    for _ in range(int(ANSWERED_WITHIN / TICK)):
        if all(serving.api.asked[one].answered for one in tokens):
            break
        await asyncio.sleep(TICK)
    return {
        "seconds": took,
        "sent": crowd.sent,
        "expected": crowd.expected,
        "asked": [await serving.asked(token) for token in tokens],
    }


def _questions(serving: Serving) -> list[Any]:
    show = [{"type": 1, "name": "show", "options": []}]
    return [
        lambda by: serving.command("achievements", by),
        lambda by: serving.command("leaderboard", by, show),
        lambda by: serving.command("why", by),
        lambda by: serving.press("keepsake:wallet:", by),
    ]


async def main() -> None:
    serving = Serving(Town(CHANNELS, THREADS))

    async def begin(**how: Any) -> dict[str, Any]:
        return await load(serving, **how)

    await serve(serving, {"load": begin})


if __name__ == "__main__":
    asyncio.run(main())
