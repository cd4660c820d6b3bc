"""A stage that is open: what a demo may know of it, and let happen on it."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar

from bot.stage.live import LiveEnv, keep_up
from bot.stage.scene import Scene
from bot.stage.windows import Window, show_news
from bot.stage.world import World

Answer = TypeVar("Answer")


@dataclass
class Stage:
    """A running stage: what a demo may want to know of it, or let happen on it."""

    scene: Scene
    env: LiveEnv
    world: World
    url: str
    windows: list[Window]
    start_id: str = field(default_factory=lambda: secrets.token_hex(8))
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _crossed: int = 0

    @property
    def guild_id(self) -> int:
        """The server's id."""
        return self.world.guild.id

    @property
    def person_id(self) -> int:
        """The user id of the person who tries it."""
        return self.world.you.id

    @property
    def channel_ids(self) -> dict[str, int]:
        """The text channels' ids by name."""
        return {name: channel.id for name, channel in self.world.channels.items()}

    @property
    def member_ids(self) -> dict[str, int]:
        """Everybody's user id by account name."""
        return {name: member.id for name, member in self.world.members.items()}

    async def say(self, name: str, place: str, text: str) -> None:
        """Has the member with this account name write in a channel, as if they sat there too."""
        member, channel = self.world.members[name], self.world.channels[place]
        await self.take_turn(lambda: member.send(channel, text))

    async def post_file(self, window: Window, name: str, content: bytes) -> None:
        """Has the person who tries it post a file in a window's channel."""
        backend, channel = self.env.backend, window.channel_id

        async def post() -> None:
            files = backend.store_attachments(channel, [(name, content)])
            backend.create_message(channel, self.person_id, attachments=files)
            await self.env.settle()

        await self.take_turn(post)

    async def take_turn(self, act: Callable[[], Awaitable[Answer]]) -> Answer:
        """Runs `act` while nothing else moves the world, then shows what came of it.

        simcord refuses a second operation during the first.
        """
        async with self._turn:
            answer = await act()
            await self._show()
            return answer

    async def tick(self) -> None:
        """Lets the time since the last tick pass in the world."""
        await self.take_turn(lambda: keep_up(self.env))

    async def _show(self) -> None:
        crossed = len(self.env.backend.transcript)
        if crossed != self._crossed:
            self._crossed = crossed
            await show_news(self.env, self.windows)
