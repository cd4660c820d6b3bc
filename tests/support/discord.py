"""The real bot in a simulated Discord, without a browser: what a test of the bot needs.

    def test_a_first_message_brings_a_card() -> None:
        async def scenario() -> None:
            async with discord_with(make_bot()) as there:
                await there.write("Hello!")
                [card] = await there.direct_messages(1)
                assert await pictures(card) == [b"..."]

        play(scenario())

Time is the simulation's: it starts at the wall's and moves only in `until` and `let_pass`, as fast
as the bot can follow.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, TypeVar

import discord
import simcord

from bot.stage.live import LiveEnv
from bot.stage.scene import Person, Place, Scene
from bot.stage.world import World, build

SCENE = Scene(
    "Test server",
    Person("robin", "Robin"),
    places=(Place("general"), Place("introductions")),
    others=(Person("ada", "Ada"),),
)

Answer = TypeVar("Answer")

_STEP = 0.25


@dataclass
class There:
    """A running bot and the people around it; `you` is who acts where nobody else is named."""

    env: LiveEnv
    world: World
    _read: dict[int, int] = field(default_factory=dict)

    @property
    def you(self) -> simcord.MemberActor:
        """The member who acts by default."""
        return self.world.you

    async def write(self, text: str, *, place: str = "general", by: str = "") -> discord.Message:
        """Has a member write in a channel, and lets the bot react."""
        return await self._member(by).send(self.world.channels[place], text)

    async def write_directly(self, text: str, *, by: str = "") -> discord.Message:
        """Has a member write to the bot alone."""
        return await self._member(by).send_dm(text)

    async def command(
        self, name: str, *, place: str = "general", by: str = "", **options: object
    ) -> list[simcord.ResponseMessage]:
        """Runs a slash command and returns what the bot answered, follow-ups included.

        A user, channel or role is given as its handle, a file as (name, bytes).
        """
        result = await self._member(by).slash(self.world.channels[place], name, **options)
        await self.until(lambda: result.acknowledged and bool(answers(result)))
        return answers(result)

    async def press(
        self, message: discord.Message | simcord.ResponseMessage, label: str, *, by: str = ""
    ) -> list[simcord.ResponseMessage]:
        """Presses the button with this label and returns what the bot answered to it."""
        result = await self._who_presses(message, by).click(message, label=label)
        await self.until(lambda: result.acknowledged and not _is_thinking(result))
        return answers(result)

    async def direct_messages(self, count: int, *, to: str = "") -> list[discord.Message]:
        """Waits until the bot has written `count` more direct messages, and returns them."""
        person = self._member(to).user
        read = self._read.get(person.id, 0)
        await self.until(lambda: len(self._written_to(person)) >= read + count)
        new = self._written_to(person)[read:]
        self._read[person.id] = read + len(new)
        return new

    async def until(self, met: Callable[[], bool], *, within: float = 30.0) -> None:
        """Lets simulated time pass until `met()`; fails after `within` simulated seconds."""
        passed = 0.0
        while not met():
            if passed >= within:
                story = "\n".join(self.env.transcript().splitlines()[-15:])
                raise AssertionError(f"Not within {within:g} s. What happened last:\n{story}")
            await self.env.advance_time(_STEP)
            passed += _STEP

    async def let_pass(self, seconds: float) -> None:
        """Lets simulated time pass, in steps that the bot's loops can follow."""
        while seconds > 0:
            step = min(_STEP, seconds)
            await self.env.advance_time(step)
            seconds -= step

    def _written_to(self, person: simcord.UserHandle) -> list[discord.Message]:
        bot = self.env.backend.bot_user.id
        history = person.dm_channel.history(viewer=person)
        return [message for message in history if message.author.id == bot]

    def _who_presses(
        self, message: discord.Message | simcord.ResponseMessage, by: str
    ) -> simcord.MemberActor | simcord.UserHandle:
        member = self._member(by)
        direct = member.user.dm_channel.id
        seen = message.channel.id if isinstance(message, discord.Message) else message.channel_id
        return member.user if seen == direct else member

    def _member(self, name: str) -> simcord.MemberActor:
        return self.world.members[name] if name else self.you


@asynccontextmanager
async def discord_with(
    bot: discord.Client,
    scene: Scene = SCENE,
    *,
    at: datetime | None = None,
    guild_id: int | None = None,
    errors_allowed: bool = False,
) -> AsyncIterator[There]:
    """Starts `bot` in a simulated server and stops it; what the bot raised fails the test.

    `at` (aware) is the simulated time at the start; it cannot be before 2026.
    """
    env = LiveEnv(bot)
    world = build(env, replace(scene, guild_id=guild_id or scene.guild_id))
    env.backend.advance_clock(((at or datetime.now(UTC)) - env.now()).total_seconds())
    await env.start()
    try:
        yield There(env, world)
    finally:
        await env.shutdown()
        await bot.close()
    if not errors_allowed:
        env.raise_errors()


def answers(result: simcord.InteractionResult) -> list[simcord.ResponseMessage]:
    """The response to an interaction and its follow-ups, without a response still being thought."""
    first = [result.response] if result.response is not None else []
    return [*(answer for answer in first if not answer.flags.loading), *result.followups]


def _is_thinking(result: simcord.InteractionResult) -> bool:
    return result.response is not None and result.response.flags.loading and not result.followups


def play(scenario: Coroutine[Any, Any, Answer]) -> Answer:
    """Runs a test's scenario to its end, in a thread of its own.

    `asyncio.run` alone would refuse where a browser of Playwright's is open in this thread.
    """
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, scenario).result()


async def pictures(message: discord.Message | simcord.ResponseMessage) -> list[bytes]:
    """The contents of the files attached to a message."""
    attachments: Sequence[discord.Attachment] = message.attachments
    return [await attachment.read() for attachment in attachments]
