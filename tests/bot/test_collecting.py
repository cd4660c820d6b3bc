"""What the bot collects beside messages, and what it takes back."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import simcord
from sqlalchemy import select

from app import clock
from app.activity.counters import counting
from app.activity.sources.models import Gap
from app.communities import members
from bot import client as clients
from bot.client import KeepsakeBot
from bot.place import place_of
from tests.bot.test_bot import ADA, ROBIN, SCENE, with_bot
from tests.support.discord import There, discord_with, play
from tests.support.installations import NOON, World, minutes

HEART = "\N{HEAVY BLACK HEART}"
STAR = "\N{WHITE MEDIUM STAR}"


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


def test_reactions_that_a_moderator_clears_do_not_count(world: World) -> None:
    async def scenario(there: There) -> None:
        message, other = await there.write("Hello!"), await there.write("Hello again!")
        for emoji in (HEART, STAR):
            await ada(there).react(message, emoji)
        await there.you.react(message, STAR)
        await ada(there).react(other, HEART)
        await there.let_pass(1)
        there.env.backend.clear_reaction(message.channel.id, message.id, STAR)
        await there.let_pass(1)
        assert counts(world, ADA)["reaction_given"] == 2
        assert counts(world, ROBIN)["reaction_given"] == 0
        there.env.backend.clear_reactions(message.channel.id, message.id)

    with_bot(world, scenario)
    assert counts(world, ADA)["reaction_given"] == 1
    # One's own star counted as well, until it went.
    assert counts(world, ROBIN)["reaction_received"] == 1


@pytest.mark.parametrize("is_cleared", [False, True])
def test_a_reaction_that_goes_while_its_channel_is_asked_for_does_not_count(
    world: World, monkeypatch: pytest.MonkeyPatch, is_cleared: bool
) -> None:
    """As in an archived thread, which the bot does not know."""

    async def played() -> None:
        bot = KeepsakeBot(world.installation, place_of(world.installation))
        async with discord_with(bot, SCENE) as there:
            message = await there.write("Hello!")
            known, answer = bot.get_channel, asyncio.Event()

            async def fetched(channel_id: int) -> Any:
                await answer.wait()
                return known(channel_id)

            monkeypatch.setattr(bot, "get_channel", lambda _: None)
            monkeypatch.setattr(bot, "fetch_channel", fetched)
            await ada(there).react(message, HEART)
            if is_cleared:
                there.env.backend.clear_reactions(message.channel.id, message.id)
            else:
                await ada(there).unreact(message, HEART)
            await there.let_pass(1)
            answer.set()
            await there.let_pass(1)

    play(played())
    assert counts(world, ADA).get("reaction_given", 0) == 0
    assert counts(world, ROBIN).get("reaction_received", 0) == 0


def in_voice(
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    scenario: Callable[[There, simcord.ChannelHandle, Callable[[int], None]], Awaitable[None]],
) -> None:
    """Plays in a voice channel that is looked at only when `minute(number)` says so."""
    monkeypatch.setattr(clients, "LOOK_EVERY", 1e6)

    async def played() -> None:
        bot = KeepsakeBot(world.installation, place_of(world.installation))
        async with discord_with(bot, SCENE) as there:
            start = NOON

            def minute(number: int) -> None:
                # As by a bot that has just started: twice a minute is once.
                bot.collector._minute = 0
                with clock.standing_at(start + minutes(number)):
                    bot.collector.look_at_voice(bot.guilds)
                    bot.collector.look_at_voice(bot.guilds)

            await scenario(there, there.world.guild.create_voice_channel("Lounge"), minute)
            await there.let_pass(1)

    play(played())


def test_voice_counts_by_the_minute_for_who_hears_and_is_not_alone(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario(there: There, lounge: simcord.ChannelHandle, minute: Any) -> None:
        await there.you.join_voice(lounge)
        minute(1)  # alone
        await ada(there).join_voice(lounge)
        minute(2)
        minute(3)
        await there.you.set_voice(self_deaf=True)
        minute(4)
        await there.you.set_voice(self_deaf=False)
        minute(3)
        [guild] = there.env.bot.guilds
        guild.unavailable = True
        minute(5)  # Discord itself does not know just now

    in_voice(world, monkeypatch, scenario)
    assert counts(world, ROBIN) == {"voice_minutes": 2}
    assert counts(world, ADA) == {"voice_minutes": 2}
    assert gaps(world) == []


def test_minutes_that_nobody_saw_are_a_gap_and_are_not_made_up(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    where: list[str] = []

    async def scenario(there: There, lounge: simcord.ChannelHandle, minute: Any) -> None:
        where.append(str(lounge.id))
        await there.you.join_voice(lounge)
        await ada(there).join_voice(lounge)
        minute(1)
        minute(5)  # who is still there goes on
        minute(5)
        await ada(there).leave_voice()
        minute(8)  # who left ended when they were last seen
        minute(10)  # a minute without anybody is none that is missed
        minute(30)  # in so many there may have been somebody

    in_voice(world, monkeypatch, scenario)
    assert counts(world, ROBIN) == counts(world, ADA) == {"voice_minutes": 2}
    spans = [(2, 5), (6, 8), (11, 30)]
    assert gaps(world) == [
        (channel, NOON + minutes(begin), NOON + minutes(end), "voice")
        for channel, (begin, end) in zip([*where * 2, None], spans, strict=True)
    ]


def gaps(world: World) -> list[tuple[Any, ...]]:
    with world.installation.reading() as session:
        rows = session.scalars(select(Gap).order_by(Gap.from_at)).all()
        return [(one.channel, one.from_at, one.until_at, one.reason) for one in rows]


def test_while_discord_is_not_heard_nobody_is_taken_to_be_in_voice(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clients, "LOOK_EVERY", 0.1)
    looked: list[bool] = []

    async def played() -> None:
        bot = KeepsakeBot(world.installation, place_of(world.installation))
        async with discord_with(bot, SCENE) as there:
            monkeypatch.setattr(bot.collector, "look_at_voice", lambda _: looked.append(True))
            await there.let_pass(1)
            assert looked
            bot.dispatch("disconnect")
            await there.let_pass(1)
            looked.clear()
            await there.let_pass(1)
            assert not looked
            bot.dispatch("resumed")
            await there.let_pass(1)
            assert looked

    play(played())
