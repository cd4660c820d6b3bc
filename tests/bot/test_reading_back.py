"""What was written while the bot was away counts all the same; what cannot be read is told."""

from typing import Any

import discord
import pytest
from simcord.enums import ChannelType
from sqlalchemy import select

from app.activity.sources.models import Gap, IntakeRun
from bot.client import KeepsakeBot
from bot.collecting.reading_back import read_back
from bot.place import place_of
from tests.bot.test_bot import ADA, ROBIN, SCENE
from tests.bot.test_collecting import counts
from tests.support.discord import discord_with, play
from tests.support.installations import World

SAW = "saw_message"


def away(bot: KeepsakeBot) -> Any:
    """Nothing reaches the bot; returns what lets it again."""
    saw = bot.collector.saw_message
    setattr(bot.collector, SAW, lambda message: None)
    return saw


async def come_back(bot: KeepsakeBot, saw: Any) -> int:
    setattr(bot.collector, SAW, saw)
    return await read_back(bot.installation, bot.place, bot.collector, bot.guilds)


def test_what_was_missed_is_read_back_once(world: World) -> None:
    found: list[int] = []

    async def played() -> None:
        bot = KeepsakeBot(world.installation, place_of(world.installation))
        async with discord_with(bot, SCENE) as there:
            await there.write("Hello")
            await there.let_pass(2)
            saw = away(bot)
            saw_reaction = bot.collector.saw_reaction
            setattr(bot.collector, "saw_reaction", lambda *_: None)  # noqa: B010
            question = await there.write("Where is the bot?")
            await there.world.members["ada"].react(question, "\N{HEAVY BLACK HEART}")
            await there.write("No idea", by="ada")
            await there.let_pass(2)
            setattr(bot.collector, "saw_reaction", saw_reaction)  # noqa: B010
            found.append(await come_back(bot, saw))
            found.append(await come_back(bot, saw))
            # What is told of live later is what was read.
            await there.world.members["ada"].unreact(question, "\N{HEAVY BLACK HEART}")

    play(played())
    assert found == [1, 0]
    assert counts(world, ROBIN)["message"] == 2
    assert counts(world, ADA)["message"] == 1
    assert (counts(world, ADA)["reaction_given"], counts(world, ROBIN)["reaction_received"]) == (
        0,
        0,
    )
    with world.installation.reading() as session:
        [run] = session.scalars(select(IntakeRun)).all()
    assert (run.what, run.ended_at is not None) == ("read_back", True)


def test_a_bot_that_ends_before_all_was_read_back_begins_where_it_was(world: World) -> None:
    async def played() -> None:
        bot = KeepsakeBot(world.installation, place_of(world.installation))
        async with discord_with(bot, SCENE) as there:
            await there.write("Hello")
            await there.let_pass(2)
            saw = away(bot)
            await there.write("Missed")
            await there.let_pass(1)
            # It is there again, hears what is new first, and ends.
            bot.collector.is_behind = True
            setattr(bot.collector, SAW, saw)
            await there.write("Heard")
            await there.let_pass(2)
            assert await come_back(bot, saw) == 1

    play(played())
    assert counts(world, ROBIN)["message"] == 3


def test_a_history_that_may_not_be_read_is_a_gap_in_the_record(world: World) -> None:
    async def played() -> None:
        bot = KeepsakeBot(world.installation, place_of(world.installation))
        async with discord_with(bot, SCENE, errors_allowed=True) as there:
            await there.write("Hello")
            await there.let_pass(2)
            saw = away(bot)
            await there.write("Missed")
            await there.let_pass(1)
            there.env.inject_error(
                "GET", "/channels/*/messages", status=403, code=50001, times=None
            )
            await come_back(bot, saw)

    play(played())
    with world.installation.reading() as session:
        [gap] = session.scalars(select(Gap)).all()
    assert (gap.source, gap.reason) == ("discord", "no_history")
    assert gap.from_at < gap.until_at


def test_a_thread_that_was_started_meanwhile_is_read_from_its_beginning(world: World) -> None:
    async def played() -> None:
        bot = KeepsakeBot(world.installation, place_of(world.installation))
        async with discord_with(bot, SCENE) as there:
            message = await there.write("Hello")
            await there.let_pass(2)
            saw, saw_thread = away(bot), bot.collector.saw_thread
            setattr(bot.collector, "saw_thread", lambda thread: None)  # noqa: B010
            channel = bot.get_channel(message.channel.id)
            assert isinstance(channel, discord.TextChannel)
            await (await channel.fetch_message(message.id)).create_thread(name="News")
            [thread] = there.world.channels["general"].threads
            await there.world.members["ada"].send(thread, "Read this")
            await there.let_pass(2)
            setattr(bot.collector, "saw_thread", saw_thread)  # noqa: B010
            await come_back(bot, saw)

    play(played())
    assert counts(world, ADA)["message"] == 1


@pytest.mark.parametrize("kind", [ChannelType.PUBLIC_THREAD, ChannelType.PRIVATE_THREAD])
def test_a_thread_that_was_archived_meanwhile_is_read_back(world: World, kind: int) -> None:
    async def played() -> None:
        bot = KeepsakeBot(world.installation, place_of(world.installation))
        async with discord_with(bot, SCENE) as there:
            await there.write("Hello")
            await there.let_pass(2)
            saw, saw_thread = away(bot), bot.collector.saw_thread
            setattr(bot.collector, "saw_thread", lambda thread: None)  # noqa: B010
            backend, general = there.env.backend, there.world.channels["general"]
            made = backend.create_thread(general.id, "News", ROBIN, type=kind)
            backend.create_message(made.id, ADA, "Read this")
            assert made.thread_metadata is not None
            made.thread_metadata.archived = True
            made.thread_metadata.archive_timestamp = there.env.now().isoformat()
            await there.let_pass(1)
            [guild] = bot.guilds
            guild._threads.clear()
            setattr(bot.collector, "saw_thread", saw_thread)  # noqa: B010
            await come_back(bot, saw)
            assert await come_back(bot, saw) == 0

    play(played())
    assert counts(world, ADA) == {
        "message": 1,
        "active_days": 1,
        "channels_joined": 1,
        "thread_answered": 1,
    }
    assert counts(world, ROBIN)["thread_started"] == 1


def test_who_joined_meanwhile_is_noted_where_members_are_told(world: World) -> None:
    async def played() -> None:
        intents = discord.Intents.default()
        intents.members = True
        bot = KeepsakeBot(world.installation, place_of(world.installation), intents)
        async with discord_with(bot, SCENE) as there:
            await there.write("Hello")
            await there.let_pass(2)
            user = there.env.create_user("grace")
            [guild] = bot.guilds
            there.env.backend.add_member(guild.id, user.id)
            guild._member_count = None
            for _ in range(2):
                await read_back(
                    bot.installation, bot.place, bot.collector, bot.guilds, sees_members=True
                )
            await there.let_pass(1)
            came.append(user.id)

    came: list[int] = []
    play(played())
    assert counts(world, came[0]) == {"joined": 1}
    assert "joined" not in counts(world, ROBIN)
