"""The real bot in a simulated Discord: what it counts, whom it tells, and what it answers."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from app import clock
from app.achievements.intake import sample
from app.activity.counters import counting
from app.activity.event_log.models import StoredEvent
from app.communities import members
from app.jobs.models import DUE, Job
from app.notices.models import Notice
from app.worker import do_everything
from bot.client import KeepsakeBot
from bot.demo import scene_for
from bot.place import place_of
from bot.stage.scene import Person, Place, Scene
from tests.support.discord import There, discord_with, pictures, play
from tests.support.installations import PROGRAMME, World, make_installation, message

ROBIN, ADA = 1009000000000000001, 1009000000000000002
SCENE = Scene(
    "Test server",
    Person("robin", "Robin", ROBIN),
    places=(Place("general"), Place("introductions")),
    others=(Person("ada", "Ada", ADA),),
)
TO_MEMBERS = "/channels/*/messages"


def with_bot(
    world: World, scenario: Callable[[There], Awaitable[None]], *, errors_allowed: bool = False
) -> None:
    async def played() -> None:
        bot = KeepsakeBot(world.installation, place_of(world.installation))
        async with discord_with(bot, SCENE, errors_allowed=errors_allowed) as there:
            await scenario(there)

    play(played())


def counts(world: World, user_id: int) -> dict[str, int]:
    with world.installation.reading() as session:
        member = members.find(session, world.community_id, members.DISCORD, str(user_id))
        return counting.counts(session, world.community_id, member.id)


def give_robin_a_voucher(world: World) -> str:
    """Issued by hand, with its notice laid down for the bot; returns its code."""
    issued = world.issue(member=str(ROBIN), source=members.DISCORD, name="Robin")
    do_everything(world.installation)
    return issued.code


def outcome(world: World) -> str | None:
    with world.installation.reading() as session:
        return session.scalars(select(Notice.outcome)).one()


def waiting(world: World) -> list[tuple[int, str | None]]:
    """(attempts, last error) of what is still to be delivered."""
    with world.installation.reading() as session:
        rows = session.execute(
            select(Job.attempts, Job.last_error).where(Job.lane == "discord", Job.state == DUE)
        )
        return [(row.attempts, row.last_error) for row in rows]


def test_messages_count_by_their_channel_and_keep_no_text(world: World) -> None:
    async def scenario(there: There) -> None:
        await there.write("Hello!")
        await there.write("Hello again!", place="introductions")
        await there.write("Hi Robin", by="ada")
        await there.write_directly("psst")

    with_bot(world, scenario)
    assert counts(world, ROBIN) == {"message": 2, "active_days": 1, "channels_joined": 2}
    assert counts(world, ADA)["message"] == 1
    with world.installation.reading() as session:
        stored = session.scalars(select(StoredEvent)).all()
    assert len(stored) == 3
    assert "Hello" not in str([vars(event) for event in stored])


def test_another_servers_messages_are_not_this_communitys(world: World) -> None:
    async def played() -> None:
        place = place_of(world.installation)
        elsewhere = type(place)(place.community_id, place.community_name, frozenset({"1"}))
        bot = KeepsakeBot(world.installation, elsewhere)
        async with discord_with(bot, SCENE) as there:
            await there.write("Hello!")

    play(played())
    with world.installation.reading() as session:
        assert session.scalars(select(StoredEvent)).all() == []


def test_a_voucher_comes_once_by_direct_message(world: World) -> None:
    code = give_robin_a_voucher(world)

    async def scenario(there: There) -> None:
        [letter] = await there.direct_messages(1)
        assert code in letter.content
        assert len(await pictures(letter)) == 1
        await there.let_pass(10)
        assert len(there.env.errors) == 0

    with_bot(world, scenario)
    assert outcome(world) == "sent"
    assert waiting(world) == []


@pytest.mark.parametrize("refusal", [50007, 50278])
def test_who_takes_no_messages_is_settled_and_still_finds_the_voucher(
    world: World, refusal: int
) -> None:
    async def scenario(there: There) -> None:
        there.env.inject_error("POST", TO_MEMBERS, status=403, code=refusal, times=None)
        code = give_robin_a_voucher(world)
        await there.until(lambda: outcome(world) is not None)
        there.env.backend.faults.clear()
        [answer] = await there.command("vouchers")
        assert code in answer.content
        assert answer.flags.ephemeral

    with_bot(world, scenario)
    assert outcome(world) == "unreachable"
    assert waiting(world) == []


@pytest.mark.parametrize(("status", "code"), [(500, 0), (403, 20026)])
def test_what_is_not_the_members_doing_is_tried_again(world: World, status: int, code: int) -> None:
    async def scenario(there: There) -> None:
        there.env.inject_error("POST", TO_MEMBERS, status=status, code=code, times=None)
        give_robin_a_voucher(world)
        await there.until(lambda: any(attempts for attempts, _ in waiting(world)), within=120)
        assert outcome(world) is None
        there.env.backend.faults.clear()
        with world.installation.unit_of_work() as session:  # its pause is over
            session.execute(update(Job).values(run_at=clock.now()))
        await there.direct_messages(1)

    with_bot(world, scenario)
    assert outcome(world) == "sent"


def test_progress_shows_the_published_criteria_to_who_has_done_nothing_yet(world: World) -> None:
    async def scenario(there: There) -> None:
        [answer] = await there.command("progress", by="ada")
        assert answer.flags.ephemeral
        assert "**Starter** → Pin" in answer.content
        assert "0 of 3" in answer.content

    with_bot(world, scenario)


def test_vouchers_says_so_where_there_are_none(world: World) -> None:
    async def scenario(there: There) -> None:
        [answer] = await there.command("vouchers", by="ada")
        assert answer.content.startswith("You have no vouchers in Test yet.")
        assert answer.flags.ephemeral

    with_bot(world, scenario)


def test_many_vouchers_are_listed_with_what_can_be_used_first(world: World) -> None:
    now = clock.now()
    for days in range(14):
        issued = now - timedelta(days=days)
        world.issue(member=str(ROBIN), source=members.DISCORD, name="Robin", now=issued)

    async def scenario(there: There) -> None:
        [answer] = await there.command("vouchers")
        assert "… and 2 older ones." in answer.content
        assert len(answer.content) <= 2000
        assert len(answer.attachments) == 3

    with_bot(world, scenario)


def test_a_command_that_fails_says_so(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_told: object, **_how: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr("bot.commands.progress.progress_of", broken)

    async def scenario(there: There) -> None:
        [answer] = await there.command("progress")
        assert answer.content.startswith("Something went wrong on our side.")
        assert answer.flags.ephemeral

    with_bot(world, scenario, errors_allowed=True)


def test_the_demos_hint_says_what_is_left_to_do(tmp_path: Path) -> None:
    root = Path(__file__).resolve().parents[2]
    programme = (root / "programme.toml").read_text("utf-8").replace("picture", "# picture")
    installation = make_installation(tmp_path, f"sqlite:///{tmp_path / 'k.sqlite3'}", programme)
    assert "Write one message here" in scene_for(installation).hint
    world = World(installation)
    with installation.unit_of_work() as session:
        sample.enter_persona(session, world.community_id)
    world.take(*(message(str(n), sample.PERSONA, channel=f"c{n}") for n in range(5)))
    assert "is yours already" in scene_for(installation).hint
    installation.close()


def test_a_drink_card_says_how_much_is_left(engine_url: str, tmp_path: Path) -> None:
    programme = PROGRAMME + '\n[perks.drinks]\nname = "Drink card"\nuses = 3\n'
    world = World(make_installation(tmp_path, engine_url, programme))
    issued = world.issue("drinks", member=str(ROBIN), source=members.DISCORD, name="Robin")
    do_everything(world.installation)

    async def scenario(there: There) -> None:
        [letter] = await there.direct_messages(1)
        assert "It is good for 3 uses." in letter.content
        world.scan(world.add_device()[0], token=issued.token)
        [answer] = await there.command("vouchers")
        assert "2 of 3 uses left" in answer.content

    with_bot(world, scenario)
    world.installation.close()
