"""What `/vouchers` says of vouchers that a member will get."""

from sqlalchemy import insert

from app import clock
from app.communities import members
from bot.commands.vouchers import MOST_LETTERS
from tests.bot.test_bot import ADA, ROBIN, with_bot
from tests.support.discord import There
from tests.support.installations import PROGRAMME, World, thread, world_of
from voucher.ledger.issuance.orders import Reason
from voucher.ledger.models import OwedVoucher
from voucher.perks.settings import perk

LONG = "A lantern enamel pin with a very long name indeed, number "
PINS = PROGRAMME.replace('name = "Pin"', 'name = "Lantern enamel pin"\nitem = "pin"')
PINS += '\n[items.pin]\nname = "Pin"\n'
PINS += "".join(f'\n[perks.p{n}]\nname = "{LONG}{n}"\n' for n in range(6))
WHY = (
    "**Lantern enamel pin**: none is left just now. It is kept in mind for you, and comes by "
    "itself as soon as there is one."
)


world = world_of(PINS)


def earn(world: World, member: int = ROBIN) -> None:
    threads = [thread(f"{member}-{number}", str(member)) for number in range(3)]
    world.take(*threads, source=members.DISCORD)


def owe(world: World, key: str) -> None:
    with world.installation.unit_of_work() as session:
        row = {
            "community_id": world.community_id,
            "perk_number": perk(session, world.community_id, key).number,
            "member_id": members.find(session, world.community_id, members.DISCORD, str(ROBIN)).id,
            "cause": "test",
            "reason": Reason.LIMIT,
            "since": clock.now(),
            "try_at": clock.now(),
        }
        session.execute(insert(OwedVoucher), row)


def test_who_has_no_voucher_yet_reads_what_comes(world: World) -> None:
    earn(world)

    async def scenario(there: There) -> None:
        [answer] = await there.command("vouchers")
        assert answer.content == f"You have no vouchers in Test yet.\n{WHY}"
        assert answer.flags.ephemeral

    with_bot(world, scenario)


def test_it_stands_below_what_there_is_and_is_nobody_elses(world: World) -> None:
    issued = world.issue("elsewhere", member=str(ROBIN), source=members.DISCORD, name="Robin")
    earn(world)
    world.issue("elsewhere", member=str(ADA), source=members.DISCORD, name="Ada")

    async def scenario(there: There) -> None:
        [answer] = await there.command("vouchers")
        first, second, *_ = answer.content.split("\n")
        assert issued.code in first and second == WHY
        [answer] = await there.command("vouchers", by="ada")
        assert "kept in mind" not in answer.content

    with_bot(world, scenario)


def test_a_message_has_room_for_what_comes(world: World) -> None:
    for number in range(14):
        world.issue(f"p{number % 6}", member=str(ROBIN), source=members.DISCORD, name="Robin")
    earn(world)
    for number in range(6):
        owe(world, f"p{number}")

    async def scenario(there: There) -> None:
        [answer] = await there.command("vouchers")
        assert len(answer.content) <= MOST_LETTERS
        assert WHY in answer.content
        assert "… and 3 more to come." in answer.content
        assert "older ones." in answer.content

    with_bot(world, scenario)
