"""Who attended a scheduled event: who was there, or where Discord cannot know, who said so."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app import clock
from app.activity.event_log.models import StoredEvent
from app.activity.presence.models import ScheduledEvent
from app.activity.sources.models import Gap
from bot import client as clients
from bot.client import KeepsakeBot
from bot.place import place_of
from tests.bot.test_bot import ADA, ROBIN, SCENE
from tests.bot.test_collecting import ada, counts
from tests.support.discord import There, discord_with, play
from tests.support.installations import World, minutes

ELSEWHERE, VOICE = 3, 2
ACTIVE, COMPLETED, CANCELED = 2, 3, 4


@pytest.fixture(autouse=True)
def _looks_when_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clients, "LOOK_EVERY", 1e6)


def played(world: World, scenario: Callable[[There, KeepsakeBot], Awaitable[None]]) -> None:
    async def run() -> None:
        bot = KeepsakeBot(world.installation, place_of(world.installation))
        async with discord_with(bot, SCENE) as there:
            await there.let_pass(1)
            await scenario(there, bot)
            await there.let_pass(1)

    play(run())


def announce(there: There, *, kind: int = ELSEWHERE, begins_in: float = 60, **how: Any) -> Any:
    """An event that ends only when it is told to."""
    begins = there.env.now() + timedelta(minutes=begins_in)
    ends = begins + timedelta(days=1)
    return there.world.guild.create_scheduled_event(
        "Meeting",
        start_time=begins.isoformat(),
        end_time=ends.isoformat(),
        entity_type=kind,
        location="The park" if kind == ELSEWHERE else None,
        **how,
    )


async def become(there: There, event: Any, status: int, **more: Any) -> None:
    there.env.backend.edit_scheduled_event(event.guild_id, event.id, {"status": status, **more})
    await there.let_pass(0.5)


def attended(world: World, user: int) -> int:
    return counts(world, user).get("event_attended", 0)


def gaps(world: World) -> list[str]:
    with world.installation.reading() as session:
        return list(session.scalars(select(Gap.reason)))


def followed(world: World) -> int:
    with world.installation.reading() as session:
        return len(session.scalars(select(ScheduledEvent)).all())


def test_an_event_elsewhere_counts_for_who_says_that_they_come_as_it_ends(world: World) -> None:
    async def scenario(there: There, bot: KeepsakeBot) -> None:
        event, off = announce(there), announce(there)
        await ada(there).subscribe_event(event)
        await ada(there).subscribe_event(off)
        await there.you.subscribe_event(event)
        await become(there, event, ACTIVE)
        await become(there, off, ACTIVE)
        await there.you.unsubscribe_event(event)
        assert attended(world, ADA) == 0
        await become(there, event, COMPLETED)
        await become(there, off, CANCELED)
        await bot.scheduled.look_at(bot.guilds)
        await become(there, event, COMPLETED)

    played(world, scenario)
    assert (attended(world, ADA), attended(world, ROBIN)) == (1, 0)
    assert (gaps(world), followed(world)) == ([], 0)


def test_events_elsewhere_count_for_nobody_where_organisers_say_so(world: World) -> None:
    file = world.installation.settings.programme_file
    text = file.read_text("utf-8").replace('key = "test"', 'key = "test"\nexternal_events = false')
    file.write_text(text, "utf-8")

    async def scenario(there: There, _bot: KeepsakeBot) -> None:
        event = announce(there)
        await ada(there).subscribe_event(event)
        await become(there, event, ACTIVE)
        await become(there, event, COMPLETED)

    played(world, scenario)
    assert attended(world, ADA) == 0


def test_an_event_in_voice_counts_for_who_was_there_long_enough(world: World) -> None:
    async def scenario(there: There, bot: KeepsakeBot) -> None:
        lounge = there.world.guild.create_voice_channel("Lounge")
        # It begins before its time, and nobody needs to have said that they come.
        event = announce(there, kind=VOICE, begins_in=30, channel=lounge)
        await there.you.join_voice(lounge)
        await ada(there).join_voice(lounge)
        start = clock.now()

        async def minute(number: int) -> None:
            with clock.standing_at(start + minutes(number)):
                bot.collector.look_at_voice(bot.guilds)
                await bot.collector.write_rest()

        await minute(-2)
        with clock.standing_at(start - minutes(1)):
            await become(there, event, ACTIVE)
        for number in range(4):
            await minute(number)
        await there.you.leave_voice()
        other = there.world.guild.add_member(there.env.create_user("grace"))
        await other.join_voice(lounge)
        await minute(4)
        with clock.standing_at(start + minutes(5)):
            await become(there, event, COMPLETED)

    played(world, scenario)
    assert (attended(world, ADA), attended(world, ROBIN)) == (1, 0)
    with world.installation.reading() as session:
        [found] = session.scalars(select(StoredEvent).where(StoredEvent.kind == "event_attended"))
    assert found.channel is not None


def test_what_was_over_while_the_bot_was_away_counts_as_long_as_discord_has_it(
    world: World,
) -> None:
    async def scenario(there: There, bot: KeepsakeBot) -> None:
        kept, gone = announce(there), announce(there)
        for event in (kept, gone):
            await ada(there).subscribe_event(event)
            await become(there, event, ACTIVE)
        backend, [guild] = there.env.backend, bot.guilds
        # Not told to the bot, which finds its guild without them when it comes back.
        backend.get_guild(guild.id).scheduled_events[kept.id].status = COMPLETED
        del backend.get_guild(guild.id).scheduled_events[gone.id]
        guild._scheduled_events.clear()
        with clock.standing_at(clock.now() + timedelta(hours=2)):
            await bot.scheduled.look_at(bot.guilds)
            await bot.scheduled.look_at(bot.guilds)

    played(world, scenario)
    assert attended(world, ADA) == 1
    assert (gaps(world), followed(world)) == (["event"], 0)


def test_an_event_that_comes_again_counts_each_time(world: World) -> None:
    async def scenario(there: There, _bot: KeepsakeBot) -> None:
        event = announce(there)
        await ada(there).subscribe_event(event)
        for week in (1, 2):
            await become(there, event, ACTIVE)
            # Discord does not say that it is over: it announces the next one.
            begins = there.env.now() + timedelta(weeks=week)
            await become(there, event, 1, scheduled_start_time=begins.isoformat())

    played(world, scenario)
    assert attended(world, ADA) == 2
    assert followed(world) == 1


def test_subscribers_are_read_page_by_page(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario(there: There, bot: KeepsakeBot) -> None:
        async def told(*_which: int, after: int, limit: int, with_member: bool) -> list[Any]:
            assert with_member
            every = [{"user": {"id": str(user), "username": "x"}} for user in range(1, 251)]
            return [one for one in every if int(one["user"]["id"]) > after][:limit]

        event = announce(there)
        monkeypatch.setattr(bot.http, "get_scheduled_event_users", told)
        await become(there, event, ACTIVE)
        await become(there, event, COMPLETED)

    played(world, scenario)
    with world.installation.reading() as session:
        assert len(session.scalars(select(StoredEvent)).all()) == 250
