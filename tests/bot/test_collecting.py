"""What the bot collects beside messages, and what it takes back."""

import pytest
import simcord

from app import clock
from app.activity import counting
from app.communities import members
from bot.client import KeepsakeBot
from bot.place import place_of
from tests.bot.test_bot import ADA, ROBIN, SCENE, with_bot
from tests.support.discord import There, discord_with, play
from tests.support.installations import World, minutes

HEART = "\N{HEAVY BLACK HEART}"


def counts(world: World, user_id: int) -> dict[str, int]:
    with world.installation.reading() as session:
        try:
            member = members.find(session, world.community_id, members.DISCORD, str(user_id))
        except members.UnknownMember:
            return {}
        return counting.counts(session, world.community_id, member.id)


def ada(there: There) -> simcord.MemberActor:
    return there.world.members["ada"]


def test_a_reaction_counts_for_who_gave_it_and_whose_message_it_is_on(world: World) -> None:
    async def scenario(there: There) -> None:
        message = await there.write("Hello!")
        await ada(there).react(message, HEART)

    with_bot(world, scenario)
    assert counts(world, ADA) == {"reaction_given": 1}
    assert counts(world, ROBIN)["reaction_received"] == 1


def test_a_reaction_that_is_removed_and_given_again_does_not_count(world: World) -> None:
    async def scenario(there: There) -> None:
        message = await there.write("Hello!")
        await ada(there).react(message, HEART)
        await there.let_pass(1)
        await ada(there).unreact(message, HEART)
        await ada(there).react(message, HEART)

    with_bot(world, scenario)
    assert counts(world, ADA)["reaction_given"] == 0
    assert counts(world, ROBIN)["reaction_received"] == 0


@pytest.mark.parametrize(("age", "counted"), [(1, 0), (11, 1)])
def test_a_message_that_is_deleted_soon_does_not_count(
    world: World, age: int, counted: int
) -> None:
    async def scenario(there: There) -> None:
        message = await there.write("Oops")
        await there.let_pass(1)
        with clock.standing_at(clock.now() + minutes(age)):
            await there.you.delete(message)
            await there.let_pass(1)

    with_bot(world, scenario)
    assert counts(world, ROBIN)["message"] == counted


def test_voice_counts_by_the_minute_for_who_hears_and_is_not_alone(world: World) -> None:
    async def played() -> None:
        bot = KeepsakeBot(world.installation, place_of(world.installation))
        async with discord_with(bot, SCENE) as there:
            start = clock.now()

            def minute(number: int) -> None:
                with clock.standing_at(start - minutes(60 - number)):
                    bot.collector.look_at_voice(bot.guilds)
                    bot.collector.look_at_voice(bot.guilds)

            lounge = there.world.guild.create_voice_channel("Lounge")
            await there.you.join_voice(lounge)
            await there.let_pass(1)
            minute(1)  # alone
            await ada(there).join_voice(lounge)
            await there.let_pass(1)
            minute(2)
            minute(3)
            await there.you.set_voice(self_deaf=True)
            await there.let_pass(1)
            minute(4)
            # Who is seen by another start of the bot in the same minute is counted once.
            bot.collector._minute = 0
            await there.you.set_voice(self_deaf=False)
            await there.let_pass(1)
            minute(3)

    play(played())
    assert counts(world, ROBIN) == {"voice_minutes": 2}
    assert counts(world, ADA) == {"voice_minutes": 2}
