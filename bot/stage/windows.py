"""One live view for each place of the world, all at once."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import cast

import simcord
from simcord.preview import Preview

from bot.stage.world import World

DIRECT = "dm"
"""The slug of the place where the bot writes to the person alone."""


@dataclass
class Window:
    """A running preview of one channel, known by `slug`; `label` is for people."""

    slug: str
    label: str
    channel_id: int
    preview: Preview
    seen: int = field(default=0)

    @property
    def capability(self) -> str:
        """The secret that a page must send with each request to this preview."""
        return self.preview.capability

    @property
    def address(self) -> str:
        """Where the preview itself listens."""
        return self.preview.url.partition("#")[0].rstrip("/")


class _Audience:
    """Sits where an environment keeps its one preview, and passes on what that would be told.

    simcord allows one preview at a time by asking whether the last one is closed. Apart from that
    question it only ever tells it that an action of a visitor has reached the backend, and a
    preview which did not act ignores this.
    """

    _closed = True

    def __init__(self) -> None:
        self.previews: list[Preview] = []

    def _mark_action_dispatched(self) -> None:
        for preview in self.previews:
            preview._mark_action_dispatched()


@asynccontextmanager
async def open_windows(
    env: simcord.Env, world: World, *, bot_name: str, timezone: str
) -> AsyncIterator[list[Window]]:
    """Opens a preview of each channel and of the direct messages, and closes them at the end."""
    audience, windows = _Audience(), []
    async with AsyncExitStack() as stack:
        for slug, label, channel in _places(world, bot_name):
            env._preview = cast(Preview, audience)
            preview = env.preview(
                channel,
                viewers=[world.you if channel.guild else world.you.user],
                layout="channel",
                timezone=timezone,
                assets=world.avatars,
            )
            await stack.enter_async_context(preview)
            audience.previews.append(preview)
            windows.append(Window(slug, label, channel.id, preview))
        env._preview = cast(Preview, audience)
        yield windows


def _places(world: World, bot_name: str) -> list[tuple[str, str, simcord.ChannelHandle]]:
    channels = [(name, f"#{name}", channel) for name, channel in world.channels.items()]
    return [(DIRECT, f"DM with {bot_name}", world.direct), *channels]


async def show_news(env: simcord.Env, windows: list[Window]) -> None:
    """Publishes anew where something in the channel has changed since the last time."""
    commands = repr(env.backend.commands)
    for window in windows:
        messages = env.backend.messages.get(window.channel_id, {})
        # A dataclass's repr holds all its fields: edits, reactions and buttons count as changes.
        looks = hash((commands, repr(list(messages.values()))))
        if looks != window.seen:
            window.seen = looks
            await window.preview.refresh()


def count_received(env: simcord.Env, window: Window, person_id: int) -> int:
    """How many messages of others the person can read there."""
    messages = env.backend.messages.get(window.channel_id, {}).values()
    return sum(m.author_id != person_id and m.visible_to(person_id) for m in messages)
