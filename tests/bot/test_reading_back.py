"""What was written while the bot was away counts all the same; what cannot be read is told."""

from typing import Any

from sqlalchemy import select

from app.activity.boards.models import Gap
from app.activity.models import IntakeRun
from bot.client import KeepsakeBot
from bot.place import place_of
from bot.reading_back import read_back
from tests.bot.test_bot import ADA, ROBIN, SCENE
from tests.bot.test_collecting import counts
from tests.support.discord import discord_with, play
from tests.support.installations import World


def away(bot: KeepsakeBot) -> Any:
    """Nothing reaches the bot."""
    saw = bot.collector.saw_message
    bot.collector.saw_message = lambda message: None  # type: ignore[method-assign]
    return saw


async def come_back(bot: KeepsakeBot, saw: Any) -> int:
    bot.collector.saw_message = saw  # type: ignore[method-assign]
    return await read_back(bot.installation, bot.place, bot.collector, bot.guilds)


def test_what_was_missed_is_read_back_once(world: World) -> None:
    found: list[int] = []

    async def played() -> None:
        bot = KeepsakeBot(world.installation, place_of(world.installation))
        async with discord_with(bot, SCENE) as there:
            await there.write("Hello")
            await there.let_pass(2)
            saw = away(bot)
            await there.write("Where is the bot?")
            await there.write("No idea", by="ada")
            await there.let_pass(2)
            found.append(await come_back(bot, saw))
            found.append(await come_back(bot, saw))

    play(played())
    assert found == [1, 0]
    assert counts(world, ROBIN)["message"] == 2
    assert counts(world, ADA)["message"] == 1
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
            bot.collector.saw_message = saw  # type: ignore[method-assign]
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
