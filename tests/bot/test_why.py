"""`/why` and `/achievements`: what did not count, what is missing, and what can be earned."""

from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from app import clock
from app.communities import members
from bot.client import KeepsakeBot
from bot.commands.progress import bar, linked, messages
from bot.commands.why import UNKNOWN
from bot.place import place_of
from bot.stage.scene import Person, Place, Scene
from tests.support.discord import There, discord_with, play
from tests.support.installations import PROGRAMME, World, make_installation, message, minutes

ROBIN, ADA = 1009000000000000001, 1009000000000000002
SCENE = Scene(
    "Test server",
    Person("robin", "Robin", ROBIN),
    places=(Place("general"),),
    others=(Person("ada", "Ada", ADA),),
)
LIMITED = PROGRAMME + (
    '\n[achievements.chatter]\nname = "Chatter"\nrepeat = {}\n'
    'all = [{ metric = "message", at_least = 3 }]\nreward = { channel = "voucher", perk = "pin" }\n'
    '\n[metrics.talk]\nname = "talk"\nkinds = ["message"]\n'
    "limits = { cooldown_seconds = 60, repeated_hours = 1 }\n"
    '[achievements.talker]\nname = "Talker"\nbudget = 7\n'
    'all = [{ metric = "talk", at_least = 5 }]\nreward = { channel = "voucher", perk = "pin" }\n'
)


@pytest.fixture
def world(engine_url: str, tmp_path: Path) -> Iterator[World]:
    world, at = World(make_installation(tmp_path, engine_url, LIMITED)), clock.now() - minutes(20)
    said = ((0, "a"), (0.5, "b"), (3, "a"), (6, "c"))
    world.take(
        *[
            message(str(i), str(ROBIN), at + minutes(1) * after, fingerprint=text)
            for i, (after, text) in enumerate(said)
        ],
        source=members.DISCORD,
    )
    yield world
    world.installation.close()


def with_bot(world: World, scenario: Callable[[There], Awaitable[None]]) -> None:
    async def played() -> None:
        bot = KeepsakeBot(world.installation, place_of(world.installation))
        async with discord_with(bot, SCENE) as there:
            await scenario(there)

    play(played())


def test_why_says_what_did_not_count_one_by_one_and_what_is_missing(world: World) -> None:
    async def scenario(there: There) -> None:
        [answer] = await there.command("why", by="robin")
        assert answer.flags.ephemeral
        assert "2 did not count as talk: cooldown 1, repeated text 1." in answer.content
        assert answer.content.count("✗") == 2 and answer.content.count("✓") == 2
        assert "not as talk: repeated text" in answer.content
        assert "Talker: 5 talk (2 of 5)" in answer.content
        [answer] = await there.command("why", by="ada")
        assert answer.content == UNKNOWN
        [answer] = await there.command("achievements", by="robin")
        assert "`████░░░░░░` 5 talk: 2 of 5" in answer.content
        assert "Nobody has it yet. 7 of 7 left." in answer.content

    with_bot(world, scenario)


def test_a_channel_that_is_gone_is_not_told_by_its_number(world: World) -> None:
    async def scenario(there: There) -> None:
        here = there.world.channels["general"].id
        seen = [message(f"c{channel}", str(ROBIN), channel=str(channel)) for channel in (here, 7)]
        world.take(*seen, source=members.DISCORD)
        [answer] = await there.command("why", by="robin")
        assert f"message in <#{here}>" in answer.content
        assert (
            "message in a channel that is gone" in answer.content and "<#7>" not in answer.content
        )

    with_bot(world, scenario)


def test_how_far_one_is_to_have_it_again_is_told(world: World) -> None:
    async def scenario(there: There) -> None:
        [answer] = await there.command("achievements", by="robin")
        assert "Yours since" in answer.content and "For the next time:" in answer.content
        assert "`███░░░░░░░` 3 messages: 1 of 3" in answer.content
        [answer] = await there.command("why", by="robin")
        assert "Chatter once more: 3 messages (1 of 3)" in answer.content

    with_bot(world, scenario)


def test_a_bar_is_full_only_when_nothing_is_missing() -> None:
    assert bar(99, 100) == "█████████░"
    assert bar(200, 100) == "██████████"


def test_blocks_fill_as_few_messages_as_discord_takes() -> None:
    told = messages(["a" * 900, "b" * 900, "c" * 900, "d" * 5000])
    assert [len(one) for one in told] == [1802, 900, 2000]


def test_of_a_long_block_no_line_is_lost() -> None:
    lines = [f"{number} {'x' * 300}" for number in range(25)]
    told = messages(["before", "\n".join(lines), "behind"])
    assert all(len(one) <= 2000 for one in told)
    assert "\n".join(told).split("\n")[-1] == "behind"
    assert [line for one in told for line in one.split("\n") if "x" in line] == lines


def test_channels_that_rules_name_are_told_as_discord_shows_them() -> None:
    rule = "in channel 1009000000000000021 with the role 1009000000000000040 it counts twice"
    assert linked(rule).startswith("in channel <#1009000000000000021> with the role 10090000")
