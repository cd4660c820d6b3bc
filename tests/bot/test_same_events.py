"""What the bot sees is what an export tells later; and a community may have several guilds."""

import asyncio
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import discord
from sqlalchemy import select

from app.achievements.intake.importing import import_exports, surveyed
from app.activity.counters import counting
from app.activity.event_log.models import StoredEvent
from app.activity.events import ActivityEvent
from app.activity.formats.discord_export.reading import ExportReader
from app.communities import members
from bot.client import KeepsakeBot
from bot.collecting.collectors import Collector
from bot.place import Place, place_of
from tests.bot.test_bot import ADA, ROBIN, SCENE, counts
from tests.support.discord import There, discord_with, play
from tests.support.installations import NOON, World


def test_an_export_tells_the_bot_nothing_new(world: World, tmp_path: Path) -> None:
    written: list[discord.Message] = []

    async def scenario(there: There) -> None:
        backend, general = there.env.backend, there.world.channels["general"]
        written.append(await there.write("Who is here?"))
        backend.create_thread(general.id, "Here", ROBIN)
        [thread] = general.threads
        writers = [there.world.members[name] for name in ("ada", "robin", "ada")]
        written.extend([await writer.send(thread, "I am") for writer in writers])

    async def played() -> None:
        bot = KeepsakeBot(world.installation, place_of(world.installation))
        async with discord_with(bot, SCENE) as there:
            await scenario(there)

    play(played())
    assert counts(world, ROBIN)["thread_started"] == counts(world, ADA)["thread_answered"] == 1
    with world.installation.reading() as session:
        rows = session.scalars(select(StoredEvent)).all()
        seen = {row.event_id: (row.kind, row.channel, row.thread, row.other) for row in rows}
    files = [export(tmp_path, written[:1]), export(tmp_path, written[1:])]
    exports = surveyed(world.installation, world.community_id, files)
    done = import_exports(world.installation, world.community_id, exports)
    # By the export alone the thread would be Ada's, who wrote in it first.
    assert (done.counted, done.duplicates) == (0, 5)
    lines = ExportReader(exports, b"key", {str(written[1].channel.id): str(ROBIN)})
    events = [line for line in lines if isinstance(line, ActivityEvent)]
    told = {event.id: (event.kind, event.channel, event.thread, event.other) for event in events}
    assert told == {key: seen[key] for key in told}
    assert seen.keys() - told.keys() == {f"{written[1].channel.id}-t"}


def export(folder: Path, messages: list[discord.Message]) -> Path:
    """As DiscordChatExporter writes it."""
    channel: Any = messages[0].channel
    is_thread = isinstance(channel, discord.Thread)
    content = {
        "guild": {"id": str(channel.guild.id), "name": channel.guild.name},
        "channel": {
            "id": str(channel.id),
            "type": "GuildPublicThread" if is_thread else "GuildTextChat",
            "categoryId": str(channel.parent_id) if is_thread else None,
        },
        "messages": [
            {
                "id": str(message.id),
                "type": "Default",
                "timestamp": message.created_at.isoformat(),
                "content": message.content,
                "author": {"id": str(message.author.id), "name": message.author.name},
            }
            for message in messages
        ],
    }
    path = folder / f"{channel.id}.json"
    path.write_text(json.dumps(content), "utf-8")
    return path


def test_several_guilds_have_one_set_of_members_and_counters(world: World) -> None:
    place = Place(world.community_id, "Test", frozenset({"71", "72"}))
    collector = Collector(world.installation, place)
    for number, guild in enumerate((71, 72, 73), start=1):
        collector.saw_message(wrote(number, guild))
    asyncio.run(collector.write_rest())
    with world.installation.reading() as session:
        member = members.find(session, world.community_id, members.DISCORD, "5")
        found = counting.counts(session, world.community_id, member.id)
    assert found == {"message": 2, "active_days": 1, "channels_joined": 2}


def wrote(number: int, guild: int) -> discord.Message:
    """A message of the same member in some guild."""
    author = SimpleNamespace(id=5, display_name="Ada", bot=False, roles=[], avatar=None)
    return cast(
        discord.Message,
        SimpleNamespace(
            id=number,
            guild=SimpleNamespace(id=guild),
            type=discord.MessageType.default,
            channel=SimpleNamespace(id=guild * 10, category_id=None),
            author=author,
            created_at=NOON,
            content="",
            stickers=[],
            attachments=[],
        ),
    )
