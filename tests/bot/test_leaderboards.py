"""`/leaderboard` in a simulated Discord, and results in the channel that a board names."""

from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select, update

from app import clock
from app.activity.boards.freezing import POST
from app.communities.members import DISCORD
from app.jobs.models import Job
from bot.client import KeepsakeBot
from bot.place import place_of
from bot.stage.scene import Person, Place, Scene
from tests.app.activity.boards.boards import (
    BOARDS,
    CLOSES,
    DAY,
    DAYS,
    TUESDAY,
    closed_at,
    community,
    messages,
)
from tests.support.discord import There, discord_with, play
from tests.support.installations import World, message

ROBIN, ADA, HALL = 1009000000000000001, 1009000000000000002, 1009000000000000077
SCENE = Scene(
    "Test server",
    Person("robin", "Robin", ROBIN),
    places=(Place("general"), Place("hall", id=HALL)),
    others=(Person("ada", "Ada", ADA),),
)


@pytest.fixture
def club(engine_url: str, tmp_path: Path) -> Iterator[World]:
    posted = BOARDS.replace("public = true", f'public = true\nchannel = "{HALL}"')
    with community(tmp_path, engine_url, posted) as world:
        yield world


def with_bot(
    world: World, scenario: Callable[[There], Awaitable[None]], *, errors_allowed: bool = False
) -> None:
    async def played() -> None:
        bot = KeepsakeBot(world.installation, place_of(world.installation))
        async with discord_with(bot, SCENE, errors_allowed=errors_allowed) as there:
            await scenario(there)

    play(played())


def posts(world: World) -> list[tuple[str, str | None]]:
    with world.installation.reading() as session:
        return [
            (job.state, job.last_error)
            for job in session.scalars(select(Job).where(Job.kind == POST))
        ]


def written_in_the_hall(there: There) -> list[str]:
    return [message.content for message in there.world.channels["hall"].history()]


def a_final_day(world: World) -> None:
    world.take(
        *(message(f"a{n}", str(ADA), TUESDAY, member_name="*Ada* @everyone") for n in range(3)),
        message("r", str(ROBIN), TUESDAY, member_name="Robin"),
        source=DISCORD,
        now=TUESDAY,
    )
    closed_at(world, CLOSES)
    world.take(*messages(CLOSES + DAYS, kim=1), source=DISCORD, now=CLOSES + DAYS)
    assert closed_at(world, CLOSES + DAYS) == 1


def test_the_command_shows_the_first_and_ones_own_place_and_lets_one_hide(club: World) -> None:
    now = clock.now()
    for number in range(12):
        many = [
            message(f"{number}-{each}", f"m{number}", now, member_name=f"Member {number}")
            for each in range(20 - number)
        ]
        club.take(*many, source=DISCORD)
    club.take(message("ada", str(ADA), now, member_name="Ada"), source=DISCORD)

    async def scenario(there: There) -> None:
        [answer] = await there.command("leaderboard show", by="ada", window="day")
        assert answer.flags.ephemeral
        assert "1. Member 0 – 20\n" in answer.content
        assert "10. Member 9 – 11\n…\n12. Member 11 – 9\n13. **You** – 1" in answer.content
        assert "/c/test/leaderboards/talk/" in answer.content
        [answer] = await there.command("leaderboard show", board="days")
        assert "You have no place in it yet" in answer.content
        [answer] = await there.command("leaderboard show", board="nothing")
        assert "There is no leaderboard nothing" in answer.content
        [answer] = await there.command("leaderboard hide", by="ada")
        assert "shown on no leaderboard" in answer.content
        await there.write("Now I am counted.")
        await there.let_pass(3)
        [answer] = await there.command("leaderboard show")
        assert "13. **You** – 1" in answer.content
        assert "Ada" not in answer.content
        [answer] = await there.command("leaderboard show", by="ada")
        assert "Only you see your place" in answer.content
        [answer] = await there.command("leaderboard appear", by="ada")
        assert "You are shown on leaderboards." in answer.content

    with_bot(club, scenario)


def test_a_result_is_posted_once_with_names_that_call_nobody(club: World) -> None:
    a_final_day(club)

    async def scenario(there: There) -> None:
        await there.until(lambda: bool(written_in_the_hall(there)))
        await there.let_pass(5)
        [text] = written_in_the_hall(there)
        assert "**Most talkative**: the result of 17 November 2026" in text
        assert "1. \\*Ada\\* @\u200beveryone – 3\n2. Robin – 1" in text
        assert "2 members have a place. Final since" in text
        assert f"https://keepsake.example/c/test/leaderboards/talk/{DAY}" in text

    with_bot(club, scenario)
    assert posts(club) == [("done", None)]


def test_a_channel_that_refuses_is_asked_again_and_the_reason_kept(club: World) -> None:
    async def scenario(there: There) -> None:
        there.env.inject_error("POST", "/channels/*/messages", status=403, code=50013, times=None)
        a_final_day(club)
        await there.until(lambda: posts(club)[0][1] is not None)
        assert posts(club)[0][0] == "due"
        there.env.backend.faults.clear()
        with club.installation.unit_of_work() as session:  # its pause is over
            session.execute(update(Job).values(run_at=clock.now()))
        await there.until(lambda: bool(written_in_the_hall(there)))

    with_bot(club, scenario, errors_allowed=True)
