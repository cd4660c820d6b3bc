"""What a member reads after the card: reminders, receipts, the end, and what their buttons do."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from app import clock
from app.actor import COMMAND_LINE
from app.audit.models import AuditEntry
from app.communities import members
from app.jobs import loop
from app.jobs.models import Job
from app.notices import telling
from app.notices.models import Notice
from app.worker import do_everything
from bot.client import KeepsakeBot
from bot.delivering import presses
from bot.place import place_of
from bot.stage.scene import Person, Place, Scene
from tests.support.discord import There, discord_with, pictures, play
from tests.support.installations import PROGRAMME, World, world_of
from voucher.ledger.changes import extending, withdrawing
from voucher.ledger.finding import by_reference
from voucher.ledger.issuance.issuing import Issued
from voucher.ledger.models import Voucher
from voucher.scans.answering import answers
from voucher.scans.follow_ups.undoing import last_redemption, undo

ROBIN, ADA = 1009000000000000001, 1009000000000000002
SCENE = Scene(
    "Test server",
    Person("robin", "Robin", ROBIN),
    places=(Place("general"),),
    others=(Person("ada", "Ada", ADA),),
)
# Noon in Berlin, on days without a night in the windows' last hours.
NOON = datetime(2026, 11, 18, 11, tzinfo=UTC)
HOUR = timedelta(hours=1)
END = NOON + 72 * HOUR
MORE = """
[perks.drinks]
name = "Drink card"
uses = 3
stations = ["popup"]

[perks.second]
name = "Second chance"
missed = "renew"

[perks.live]
name = "Live"
missed = "renew"
live = true

[perks.gone]
name = "Gone"
missed = "lost"
"""


def labels(letter: Any) -> list[str]:
    """What stands on the buttons under a message."""
    rows = [
        row["components"] if isinstance(row, dict) else row.children for row in letter.components
    ]
    return [one["label"] if isinstance(one, dict) else one.label for row in rows for one in row]


world = world_of(PROGRAMME + MORE)


def with_bot(world: World, scenario: Callable[[There], Awaitable[None]]) -> None:
    async def played() -> None:
        bot = KeepsakeBot(world.installation, place_of(world.installation))
        async with discord_with(bot, SCENE) as there:
            await scenario(there)

    play(played())


def issue(world: World, perk: str = "pin", now: datetime = NOON) -> Issued:
    with clock.standing_at(now):
        return world.issue(perk, str(ROBIN), source=members.DISCORD, name="Robin")


def look(world: World, *moments: datetime) -> None:
    for moment in moments:
        with clock.standing_at(moment):
            do_everything(world.installation)


def only(world: World, kind: str) -> None:
    """Settles what waits of all other kinds."""
    with world.installation.unit_of_work() as session:
        others = select(Notice.id).where(Notice.kind != kind, Notice.settled_at.is_(None))
        for notice_id in session.scalars(others).all():
            telling.settle(session, notice_id, "sent", now=clock.now())


def outcomes(world: World, kind: str) -> list[str | None]:
    with world.installation.reading() as session:
        notices = select(Notice).where(Notice.kind == kind).order_by(Notice.id)
        return [notice.outcome for notice in session.scalars(notices)]


def redeem(world: World, voucher: Issued, now: datetime | None = None, **more: Any) -> None:
    scanner, _ = world.add_device()
    assert world.scan(scanner, now, token=voucher.token, **more)["verdict"] == "redeemed"


def do(world: World, voucher: Issued, move: Callable[..., Any], **more: Any) -> Any:
    how = {"reason": "x", "actor": COMMAND_LINE, "now": clock.now()} | more
    with world.installation.unit_of_work() as session:
        found = by_reference(session, world.community_id, voucher.reference).voucher
        return move(session, found, **how)


def take_back(session: Any, voucher: Voucher, **how: Any) -> None:
    undo(session, last_redemption(session, voucher), **how)


def entries(world: World, kind: str) -> list[AuditEntry]:
    with world.installation.reading() as session:
        return list(session.scalars(select(AuditEntry).where(AuditEntry.kind == kind)))


def stamp(moment: datetime, style: str) -> str:
    return f"<t:{int(moment.timestamp())}:{style}>"


def test_a_reminder_brings_the_card_again(world: World) -> None:
    voucher = issue(world, "drinks")
    with clock.standing_at(NOON):
        redeem(world, voucher)
    look(world, NOON, END - 24 * HOUR)
    only(world, "voucher_reminder")
    with clock.standing_at(END - 24 * HOUR):

        async def scenario(there: There) -> None:
            [letter] = await there.direct_messages(1)
            assert "**Drink card** still waits for you at Pop-up." in letter.content
            assert "2 of 3 uses are left." in letter.content
            assert stamp(END, "R") in letter.content
            assert len(await pictures(letter)) == 1

        with_bot(world, scenario)
    assert outcomes(world, "voucher_reminder") == ["sent"]


@pytest.mark.parametrize("what", ["redeemed", "extended", "void"])
def test_a_reminder_that_waits_is_dropped_where_it_came_to_be_wrong(
    world: World, what: str
) -> None:
    voucher = issue(world)
    look(world, NOON, END - 24 * HOUR)
    only(world, "voucher_reminder")
    with clock.standing_at(END - 23 * HOUR):
        if what == "redeemed":
            redeem(world, voucher)
        elif what == "extended":
            do(world, voucher, extending.extend, until=END + HOUR)
        else:
            do(world, voucher, withdrawing.void)

        async def scenario(there: There) -> None:
            await there.let_pass(5)

        with_bot(world, scenario)
    assert outcomes(world, "voucher_reminder") == ["overtaken"]


def test_a_reminder_that_waits_into_the_night_comes_in_the_morning(world: World) -> None:
    issue(world)
    look(world, NOON, END - 24 * HOUR)
    only(world, "voucher_reminder")
    night, morning = END - 13 * HOUR, END - 4 * HOUR - timedelta(seconds=1)

    async def scenario(there: There) -> None:
        await there.let_pass(5)

    with clock.standing_at(night):
        with_bot(world, scenario)
    assert outcomes(world, "voucher_reminder") == [None]
    with world.installation.reading() as session:
        [job] = session.scalars(select(Job).where(Job.lane == "discord", Job.state == "due"))
    assert (job.attempts, job.last_error) == (0, None)
    assert job.run_at == END - 4 * HOUR  # eight in Berlin, twelve at the end
    with clock.standing_at(morning):
        assert loop.claim(world.installation, "discord") == []


def test_a_receipt_says_what_where_and_when_and_names_its_entry(world: World) -> None:
    voucher = issue(world, "drinks")
    do_everything(world.installation)
    only(world, "voucher_redeemed")
    night = datetime(2026, 11, 19, 2, tzinfo=UTC)
    with clock.standing_at(night):
        redeem(world, voucher, night, uses=2)
        do_everything(world.installation)

        async def scenario(there: There) -> None:
            [receipt] = await there.direct_messages(1)
            assert "2 × **Drink card** was handed over at Pop-up" in receipt.content
            assert stamp(night, "R") in receipt.content
            assert "1 of 3 uses are left." in receipt.content
            [entry] = entries(world, "voucher.redeemed")
            assert str(entry.id) in receipt.content
            assert voucher.code not in receipt.content
            assert not receipt.attachments

        with_bot(world, scenario)


def test_a_receipt_goes_before_all_that_waits(world: World) -> None:
    issue(world)
    used = issue(world)
    with clock.standing_at(NOON):
        redeem(world, issue(world))
    look(world, NOON, END - 24 * HOUR)
    with clock.standing_at(END - 24 * HOUR):
        redeem(world, used)
        do_everything(world.installation)
        kinds = []
        while claimed := loop.claim(world.installation, "discord", most=1):
            with world.installation.reading() as session:
                kinds.append(session.get_one(Notice, claimed[0].payload["notice"]).kind)
    assert kinds[:2] == ["voucher_redeemed"] * 2
    assert set(kinds[2:]) == {"voucher_issued", "voucher_reminder"}


def test_each_redemption_has_a_receipt_and_one_that_was_undone_has_none(world: World) -> None:
    voucher = issue(world, "drinks", clock.now())
    do_everything(world.installation)
    only(world, "voucher_redeemed")
    scanner, _ = world.add_device()
    for _ in range(3):
        world.scan(scanner, token=voucher.token)
    do_everything(world.installation)
    do(world, voucher, take_back)

    async def scenario(there: There) -> None:
        first, second = await there.direct_messages(2)
        assert "2 of 3 uses are left." in first.content
        assert "1 of 3 uses are left." in second.content
        await there.let_pass(5)

    with_bot(world, scenario)
    assert outcomes(world, "voucher_redeemed") == ["sent", "sent", "overtaken"]


def test_this_was_not_me_is_recorded_once_and_answered_also_after_a_restart(world: World) -> None:
    voucher = issue(world, now=clock.now())
    do_everything(world.installation)
    only(world, "voucher_redeemed")
    redeem(world, voucher)
    do_everything(world.installation)

    async def scenario() -> None:
        bot = KeepsakeBot(world.installation, place_of(world.installation))
        async with discord_with(bot, SCENE) as there:
            [receipt] = await there.direct_messages(1)
            # As after a restart: nothing of what was sent is remembered.
            store = bot._connection._view_store
            assert not store._views
            store._dynamic_items.clear()
            bot.add_buttons()
            [answer] = await there.press(receipt, "This was not me")
            assert "An organiser will look at it" in answer.content
            assert voucher.reference in answer.content
            [answer] = await there.press(receipt, "This was not me")
            assert "You said so before" in answer.content

    play(scenario())
    [entry] = entries(world, "voucher.disputed")
    assert entry.data["voucher"] == voucher.reference


def test_a_button_in_other_hands_does_nothing(world: World) -> None:
    voucher = issue(world, "second", NOON)
    with clock.standing_at(NOON):
        redeem(world, issue(world))
        world.issue(member=str(ADA), source=members.DISCORD, name="Ada")
    [entry] = entries(world, "voucher.redeemed")
    place = place_of(world.installation)
    for user in (ADA, 5):
        said = presses.not_me(world.installation, place, user, entry.data["redemption"])
        assert said.text == presses.NOT_YOURS
        got = presses.get_new(world.installation, place, user, voucher.reference)
        assert (got.text, got.cards) == (presses.NOT_YOURS, [])
    assert presses.not_me(world.installation, place, ROBIN, "no-id").text == presses.NOT_YOURS
    assert entries(world, "voucher.disputed") == entries(world, "voucher.renewed") == []


def test_what_an_organiser_did_about_it_is_told_in_their_words(world: World) -> None:
    voucher = issue(world, now=clock.now())
    redeem(world, voucher)
    [entry] = entries(world, "voucher.redeemed")
    scan, place = entry.data["redemption"], place_of(world.installation)
    presses.not_me(world.installation, place, ROBIN, scan)
    with world.installation.unit_of_work() as session:
        how: dict[str, Any] = {"actor": COMMAND_LINE, "now": clock.now()}
        said = "It was **Ada**, @everyone.\nWe spoke to her."
        answers.close(session, world.community_id, UUID(scan), reason=said, **how)
    do_everything(world.installation)
    only(world, "dispute_closed")

    async def scenario(there: There) -> None:
        [letter] = await there.direct_messages(1)
        assert letter.content.startswith(
            "An organiser looked at the hand-over of **Pin** at Pop-up"
        )
        assert (
            "\n> It was \\*\\*Ada\\*\\*, @\u200beveryone.\n> We spoke to her.\n" in letter.content
        )
        assert voucher.reference in letter.content
        assert labels(letter) == ["Open my vouchers"]

    with_bot(world, scenario)
    again = presses.not_me(world.installation, place, ROBIN, scan)
    assert "an organiser has looked at it" in again.text
