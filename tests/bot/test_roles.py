"""Who holds which role, live; and a role that money buys brings nothing."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import discord
import pytest
from sqlalchemy import select

from app import clock
from app.achievements.evaluation.holding import grants_of
from app.achievements.published.progress import progress_of
from app.actor import COMMAND_LINE
from app.communities import members
from app.communities.erasing import Erasing, erase
from app.communities.roles import holding
from app.communities.roles.holding import Role
from app.communities.roles.models import GuildRole, RoleHeld
from app.programme.applying import ready
from bot.client import KeepsakeBot
from bot.place import place_of
from bot.roles import kept
from bot.roles.guild_roles import tag_of
from bot.stage.scene import Role as SceneRole
from tests.bot.test_bot import ADA, ROBIN, SCENE, counts, with_bot
from tests.bot.test_reading_back import away, come_back
from tests.support.discord import There, discord_with, play
from tests.support.installations import PROGRAMME, World, make_installation

HELPER = 1009000000000000077
HELPERS = f"""
[achievements.helper]
name = "Helper"
all = [{{ role = "{HELPER}" }}]
reward = {{ channel = "voucher", perk = "pin" }}
"""
STAGE = replace(SCENE, roles=(SceneRole("Helper", HELPER), SceneRole("Other")))


@pytest.fixture
def helpers(engine_url: str, tmp_path: Path) -> Any:
    world = World(make_installation(tmp_path, engine_url, PROGRAMME + HELPERS))
    yield world
    world.installation.close()


def played(
    world: World, scenario: Callable[[There, KeepsakeBot], Awaitable[None]], *, sees: bool = True
) -> None:
    async def run() -> None:
        intents = discord.Intents.default()
        intents.members = sees
        bot = KeepsakeBot(world.installation, place_of(world.installation), intents)
        async with discord_with(bot, STAGE) as there:
            await there.let_pass(1)
            await scenario(there, bot)
            await there.let_pass(1)

    play(run())


def give(there: There, user: int, role: int = HELPER) -> None:
    there.env.backend.add_member_role(there.world.guild.id, user, role)


def take(there: There, user: int) -> None:
    there.env.backend.remove_member_role(there.world.guild.id, user, HELPER)


def granted(world: World, user: int) -> list[str]:
    with world.installation.reading() as session:
        try:
            member = members.find(session, world.community_id, members.DISCORD, str(user))
        except members.UnknownMember:
            return []
        return [one.achievement for one in grants_of(session, world.community_id, member.id)]


def held(world: World) -> list[str]:
    with world.installation.reading() as session:
        return sorted(session.scalars(select(RoleHeld.role)))


def test_a_role_that_is_given_brings_its_achievement_at_once(helpers: World) -> None:
    async def scenario(there: There, _bot: KeepsakeBot) -> None:
        give(there, ROBIN)
        give(there, ADA, there.world.guild.roles["Other"].id)
        await there.let_pass(1)
        assert granted(helpers, ROBIN) == ["helper"]
        assert held(helpers) == [str(HELPER)]
        take(there, ROBIN)

    played(helpers, scenario)
    assert held(helpers) == []
    assert granted(helpers, ROBIN) == ["helper"]
    with helpers.installation.reading() as session, pytest.raises(members.UnknownMember):
        members.find(session, helpers.community_id, members.DISCORD, str(ADA))


def test_what_changed_while_the_bot_was_away_is_noted_at_its_start(helpers: World) -> None:
    async def scenario(there: There, bot: KeepsakeBot) -> None:
        give(there, ROBIN)
        await there.let_pass(1)
        take(there, ROBIN)
        give(there, ADA)
        # As if none of it had reached a bot that starts now.
        bot.roles._waiting.clear()
        await bot.roles.look_at(bot.guilds)

    played(helpers, scenario)
    assert held(helpers) == [str(HELPER)]
    assert granted(helpers, ADA) == ["helper"]


def test_who_leaves_holds_nothing_and_a_role_that_is_gone_is_held_by_nobody(
    helpers: World,
) -> None:
    async def scenario(there: There, _bot: KeepsakeBot) -> None:
        give(there, ROBIN)
        give(there, ADA)
        await there.let_pass(1)
        there.world.guild.remove_member(there.world.members["ada"])
        await there.let_pass(1)
        assert len(held(helpers)) == 1
        there.env.backend.delete_role(there.world.guild.id, HELPER)

    played(helpers, scenario)
    assert held(helpers) == []


def test_without_the_intent_what_somebody_writes_tells_their_roles(helpers: World) -> None:
    async def scenario(there: There, bot: KeepsakeBot) -> None:
        give(there, ROBIN)
        await there.let_pass(1)
        assert granted(helpers, ROBIN) == []
        await there.write("Hello!")
        await there.let_pass(1)
        assert granted(helpers, ROBIN) == ["helper"]
        # Nobody tells that they have it no longer, so the bot asks when it starts.
        take(there, ROBIN)
        await bot.roles.look_at(bot.guilds)

    played(helpers, scenario, sees=False)
    assert held(helpers) == []


def test_without_the_intent_who_was_active_lately_is_asked_for_after_a_gap(helpers: World) -> None:
    async def scenario(there: There, bot: KeepsakeBot) -> None:
        await there.write("Hello!")
        await there.let_pass(1)
        # Nobody tells of it, and neither does anything.
        give(there, ROBIN)
        give(there, ADA)
        await bot.roles.look_at(bot.guilds)

    played(helpers, scenario, sees=False)
    assert granted(helpers, ROBIN) == ["helper"]
    assert granted(helpers, ADA) == []


def test_who_was_erased_and_is_back_is_known_by_their_role_again(helpers: World) -> None:
    async def scenario(there: There, bot: KeepsakeBot) -> None:
        give(there, ROBIN)
        await there.write("Hello!")
        await there.let_pass(1)
        with helpers.installation.unit_of_work() as session:
            found = members.find(session, helpers.community_id, members.DISCORD, str(ROBIN))
            erase(session, found, Erasing("asked", COMMAND_LINE, clock.now()))
        await bot.roles.look_if_due(bot.guilds, again=True)
        assert not bot.roles._told
        await there.write("Here I am again")
        await there.let_pass(1)

    played(helpers, scenario, sees=False)
    assert held(helpers) == [str(HELPER)]
    assert granted(helpers, ROBIN) == ["helper"]


def test_a_role_that_comes_to_be_bought_suspends_and_says_so(
    helpers: World, caplog: pytest.LogCaptureFixture
) -> None:
    async def scenario(there: There, bot: KeepsakeBot) -> None:
        tagged(there, bot, {"subscription_listing_id": "1", "available_for_purchase": None})
        await there.let_pass(1)
        give(there, ROBIN)
        await there.let_pass(1)
        assert granted(helpers, ROBIN) == []
        with helpers.installation.reading() as session:
            every = progress_of(session, helpers.community_id, None, now=clock.now())
        [closed] = [one.closed for one in every if one.key == "helper"]
        assert closed == "Suspended: it asks for role Helper, but it can be bought."
        assert "Achievement Helper is suspended" in caplog.text
        tagged(there, bot, None)

    played(helpers, scenario)
    assert granted(helpers, ROBIN) == ["helper"]


def tagged(there: There, bot: KeepsakeBot, tags: dict[str, Any] | None) -> None:
    """What Discord sends when a role's tags change, which the simulation has none of."""
    role = there.env.backend.get_guild(there.world.guild.id).roles[HELPER]
    data: dict[str, Any] = {"id": str(HELPER), "name": role.name, "permissions": "0"}
    data |= {"position": 1, "color": 0, "hoist": False, "managed": False, "mentionable": False}
    data |= {"colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None}}
    data |= {} if tags is None else {"tags": tags}
    payload = {"guild_id": str(there.world.guild.id), "role": data}
    bot._connection.parsers["GUILD_ROLE_UPDATE"](payload)


def test_another_role_that_the_programme_asks_for_is_looked_for(helpers: World) -> None:
    async def scenario(there: There, bot: KeepsakeBot) -> None:
        other = there.world.guild.roles["Other"].id
        give(there, ADA, other)
        await there.let_pass(1)
        file = helpers.installation.settings.programme_file
        file.write_text(file.read_text("utf-8").replace(str(HELPER), str(other)), "utf-8")
        ready(helpers.installation)
        await bot.roles.look_if_due(bot.guilds, again=False)

    played(helpers, scenario)
    assert granted(helpers, ADA) == ["helper"]


def test_a_guild_that_could_not_be_looked_at_is_looked_at_again(
    helpers: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario(there: There, bot: KeepsakeBot) -> None:
        async def silent(_guild: discord.Guild) -> None:
            raise TimeoutError

        with monkeypatch.context() as broken:
            broken.setattr(discord.Guild, "chunk", silent)
            await bot.roles.look_at(bot.guilds)
        there.env.backend.get_member(bot.guilds[0].id, ADA).role_ids.append(HELPER)
        await bot.roles.look_if_due(bot.guilds, again=False)
        assert granted(helpers, ADA) == []
        await bot.roles.look_if_due(bot.guilds, again=True)

    played(helpers, scenario)
    assert granted(helpers, ADA) == ["helper"]


def test_what_could_not_be_written_waits_and_the_newest_counts(
    helpers: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scenario(there: There, _bot: KeepsakeBot) -> None:
        def full(*_what: object) -> None:
            raise OSError("the disk is full")

        with monkeypatch.context() as broken:
            broken.setattr(kept, "write", full)
            give(there, ROBIN)
            give(there, ADA)
            await there.let_pass(1)
            take(there, ADA)
        assert held(helpers) == []
        await there.let_pass(3)

    played(helpers, scenario)
    assert granted(helpers, ROBIN) == ["helper"]
    assert granted(helpers, ADA) == []


def test_one_guild_replaces_only_its_own_roles(helpers: World) -> None:
    with helpers.installation.unit_of_work() as session:
        community_id, now = helpers.community_id, clock.now()
        known = members.ids_of(session, community_id, "sample", {"1": None}, first_seen=now)["1"]

        def note(guild: str, *roles: str) -> dict[int, frozenset[str]]:
            held = {known: roles}
            return holding.note_members(session, community_id, guild, held, now=now)

        assert note("71", "1", "2") == {known: {"1", "2"}}
        assert note("72", "3") == {known: {"3"}}
        assert note("71", "2") == {}
        assert holding.roles_held(session, community_id, [known])[known] == {"2", "3"}
        holding.note_guild(session, community_id, "72", [Role("4", "Four")], now=now)
        assert holding.roles_held(session, community_id, [known])[known] == {"2"}


def test_what_a_history_tells_no_roles_of_is_weighed_by_those_that_are_known(
    engine_url: str, tmp_path: Path
) -> None:
    rule = f'\n[[channels]]\nrole = "{HELPER}"\nweight = 3\n'
    world = World(make_installation(tmp_path, engine_url, PROGRAMME + rule))

    async def scenario(there: There, bot: KeepsakeBot) -> None:
        give(there, ROBIN)
        await there.write("Hello")
        await there.let_pass(1)
        saw = away(bot)
        await there.write("Where is the bot?")
        await come_back(bot, saw)

    played(world, scenario, sees=False)
    assert counts(world, ROBIN)["message"] == 6
    world.installation.close()


def test_the_roles_of_the_guild_are_known_once_the_bot_is_there(world: World) -> None:
    async def scenario(there: There) -> None:
        await there.let_pass(1)

    with_bot(world, scenario)
    with world.installation.reading() as session:
        names = session.scalars(select(GuildRole.name)).all()
    assert "@everyone" in names


@pytest.mark.parametrize(
    ("data", "tag"),
    [
        (None, None),
        ({"bot_id": "1"}, None),
        ({"premium_subscriber": None}, "booster"),
        ({"subscription_listing_id": "1"}, "subscription"),
        ({"subscription_listing_id": "1", "available_for_purchase": None}, "purchasable"),
    ],
)
def test_discords_tags_say_what_money_buys(data: Any, tag: str | None) -> None:
    tags = None if data is None else discord.RoleTags(data)
    assert tag_of(cast(discord.Role, SimpleNamespace(tags=tags))) == tag
