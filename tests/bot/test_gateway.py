"""`keepsake bot` as it is run, on a real gateway: nothing is lost that is cut or forgotten."""

import subprocess
from collections.abc import Iterator
from typing import Any

import pytest

from app.activity.counters import counting
from app.communities import members
from bot.commands.wallet_door import NOT_FOR_OTHERS
from tests.support.gateway.process import GatewayServer
from tests.support.gateway.words import member_id
from tests.support.installations import World

ADA, ROBIN, MIKA = 1, 2, 3
GENERAL, INTRODUCTIONS, THREAD = 0, 1, 3
"""Places of the small town: its fourth is the thread, which person 0 has started."""


@pytest.fixture
def town() -> Iterator[GatewayServer]:
    """A small Discord."""
    with GatewayServer().start() as there:
        yield there


@pytest.fixture
def bot(world: World, town: GatewayServer) -> Iterator[subprocess.Popen[bytes]]:
    """The bot, which has just come: what was before it will be read back 2 s later at the soonest,
    so in these tests while it is cut off.
    """
    with town.bot(world.installation) as process:
        town.until(lambda: town.do("state")["identified"] == 1)
        yield process


def counts(world: World, person: int) -> dict[str, int]:
    with world.installation.reading() as session:
        try:
            member = members.find(
                session, world.community_id, members.DISCORD, str(member_id(person))
            )
        except members.UnknownMember:
            return {}
        return counting.counts(session, world.community_id, member.id)


def answer(town: GatewayServer, token: str) -> Any:
    town.until(lambda: town.do("asked", token=token)["answered"] is not None)
    return town.do("asked", token=token)


def test_what_a_cut_connection_held_back_is_told_again_and_counts_once(
    world: World, town: GatewayServer, bot: subprocess.Popen[bytes]
) -> None:
    first = town.do("post", place=GENERAL, by=ADA, text="Hello")
    town.do("react", message=first, by=ROBIN, emoji="x")
    town.until(lambda: counts(world, ROBIN) == {"reaction_given": 1})

    # The network breaks; meanwhile people go on, and something is taken back.
    town.do("cut", told_twice=2)
    town.do("post", place=INTRODUCTIONS, by=ADA, text="Is the bot there?")
    town.do("post", place=THREAD, by=ADA, text="And here?")
    town.do("react", message=first, by=ROBIN, emoji="x", added=False)
    town.do("react", message=first, by=MIKA, emoji="x")
    asked = town.do("command", name="why", by=ADA)
    town.do("let_in")

    assert "Everything of yours counted." in answer(town, asked)["texts"][0]
    town.until(lambda: counts(world, MIKA) == {"reaction_given": 1})
    assert counts(world, ROBIN) == {"reaction_given": 0}
    ada = counts(world, ADA)
    assert (ada["message"], ada["thread_answered"], ada["reaction_received"]) == (3, 1, 1)
    state = town.do("state")
    assert (state["identified"], state["resumed"], state["unknown"]) == (1, 1, [])

    # Who is told to end writes what it has heard.
    for number in range(50):
        town.do("post", place=GENERAL, by=ROBIN, text=f"Last {number}")
    asked = town.do("command", name="achievements", by=ROBIN)
    town.until(lambda: town.do("asked", token=asked)["acknowledged"] is not None)
    bot.terminate()
    assert bot.wait(20) == 0
    assert counts(world, ROBIN)["message"] == 50


@pytest.mark.usefixtures("bot")
def test_what_a_forgotten_session_missed_is_read_back(world: World, town: GatewayServer) -> None:
    town.do("post", place=GENERAL, by=ADA, text="Hello")
    town.until(lambda: counts(world, ADA).get("message") == 1)

    town.do("cut")
    town.do("forget")
    town.do("post", place=GENERAL, by=ADA, text="Missed")
    for number in range(120):
        town.do("post", place=INTRODUCTIONS, by=ROBIN, text=f"Missed {number}")
    town.do("let_in")
    town.until(lambda: town.do("state")["identified"] == 2)
    town.do("post", place=GENERAL, by=MIKA, text="Heard")

    town.until(lambda: counts(world, ROBIN).get("message") == 120)
    town.until(lambda: counts(world, ADA).get("message") == 2)
    assert counts(world, MIKA)["message"] == 1
    assert town.do("state")["resumed"] == 0
    pressed = answer(town, town.do("press", custom_id="keepsake:wallet:", by=MIKA))
    assert pressed["texts"] == [NOT_FOR_OTHERS]
