"""With which avatars the bot saw people, and when that is kept."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from app.communities import members
from app.communities.avatars.models import MemberAvatar
from app.communities.models import Identity, Member
from app.jobs.models import Job
from bot.client import KeepsakeBot
from bot.place import place_of
from bot.stage.scene import Person, Place, Scene
from tests.support.discord import There, discord_with, play
from tests.support.installations import PROGRAMME, World, make_installation, world_of

ROBIN, ADA = 1009000000000000001, 1009000000000000002
GUILD = 1009000000000000009
SCENE = Scene(
    "Test server",
    Person("robin", "Robin", ROBIN),
    places=(Place("general"),),
    others=(Person("ada", "Ada", ADA),),
    guild_id=GUILD,
)
CDN = "http://127.0.0.1:9"
"""Nobody is there: the bot itself fetches nothing."""


world = world_of(discord_cdn_address=CDN)


def with_bot(world: World, scenario: Callable[[There], Awaitable[None]]) -> None:
    async def played() -> None:
        bot = KeepsakeBot(world.installation, place_of(world.installation))
        async with discord_with(bot, SCENE) as there:
            await scenario(there)

    play(played())


def noted(world: World) -> dict[int, str]:
    with world.installation.reading() as session:
        rows = session.execute(
            select(Identity.external_id, MemberAvatar.path)
            .join(Member, Member.person_id == Identity.person_id)
            .join(MemberAvatar, MemberAvatar.member_id == Member.id)
        )
        return {int(row.external_id): row.path for row in rows}


def asked_for(world: World) -> list[str]:
    with world.installation.reading() as session:
        wanted = select(Job.payload).where(Job.lane == "avatars").order_by(Job.id)
        return [payload["path"] for payload in session.scalars(wanted)]


def wear(there: There, user: int, avatar: str | None) -> None:
    there.env.backend.get_user(user).avatar = avatar


def wear_here(there: There, user: int, avatar: str | None) -> None:
    there.env.backend.guilds[GUILD].members[user].avatar = avatar


def test_who_writes_is_noted_with_their_avatar_and_its_changes(world: World) -> None:
    async def scenario(there: There) -> None:
        wear(there, ROBIN, "first")
        wear(there, ADA, None)
        await there.write("Hello!")
        await there.write("Hi Robin", by="ada")
        await there.until(lambda: noted(world) == {ROBIN: f"avatars/{ROBIN}/first"})
        wear(there, ROBIN, "a_second")
        await there.write("New face!")
        await there.until(lambda: noted(world) == {ROBIN: f"avatars/{ROBIN}/a_second"})
        wear_here(there, ROBIN, "here")
        await there.write("Only here")
        here = f"guilds/{GUILD}/users/{ROBIN}/avatars/here"
        await there.until(lambda: noted(world) == {ROBIN: here})
        wear_here(there, ROBIN, None)
        wear(there, ROBIN, None)
        await there.write("No face")
        await there.until(lambda: noted(world) == {})

    with_bot(world, scenario)
    assert asked_for(world) == []


def test_a_picture_is_asked_for_once_of_who_can_redeem_something(world: World) -> None:
    world.issue(member=str(ROBIN), source=members.DISCORD, name="Robin")

    async def scenario(there: There) -> None:
        wear(there, ROBIN, "first")
        wear(there, ADA, "other")
        await there.write("Hello!")
        await there.write("Hi Robin", by="ada")
        await there.write("Hello again!")
        await there.until(lambda: len(noted(world)) == 2)

    with_bot(world, scenario)
    assert asked_for(world) == [f"avatars/{ROBIN}/first"]


@pytest.mark.parametrize("how", ["switched off", "demo"])
def test_nothing_is_noted_where_it_is_switched_off_and_in_the_demo(
    engine_url: str, tmp_path: Path, how: str
) -> None:
    off = PROGRAMME.replace('name = "Test"', 'name = "Test"\navatars = false')
    given = (off, CDN) if how == "switched off" else (PROGRAMME, None)
    installation = make_installation(tmp_path, engine_url, given[0], discord_cdn_address=given[1])
    world = World(installation)

    async def scenario(there: There) -> None:
        wear(there, ROBIN, "first")
        await there.write("Hello!")

    with_bot(world, scenario)
    with installation.reading() as session:
        assert session.scalars(select(Member.display_name)).all() == ["Robin"]
    assert noted(world) == {}
    installation.close()
