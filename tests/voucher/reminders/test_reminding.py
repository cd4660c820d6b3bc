"""Members are reminded of a voucher's end by the clock, as its window and uses stand then."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select, update

from app import clock
from app.actor import COMMAND_LINE
from app.communities import members, zones
from app.notices.models import Notice
from app.worker import do_everything
from tests.support.installations import NOON, PROGRAMME, World, make_installation, thread, world_of
from voucher.ledger.changes import extending, replacing, withdrawing
from voucher.ledger.finding import by_reference
from voucher.ledger.issuance.issuing import Issued
from voucher.ledger.models import Voucher
from voucher.reminders import reminding
from voucher.scans.follow_ups.undoing import last_redemption, undo

HOUR = timedelta(hours=1)
END = NOON + 72 * HOUR
MORE = """
[perks.drinks]
name = "Drink card"
uses = 3

[perks.silent]
name = "Silent"
reminders = []

[perks.late]
name = "Late"
window_hours = 83
"""


world = world_of(PROGRAMME + MORE)


def issue(world: World, perk: str = "pin", member: str = "1", now: datetime = NOON) -> Issued:
    with clock.standing_at(now):
        return world.issue(perk, member, source=members.DISCORD, name="Robin")


def at(world: World, moment: datetime) -> int:
    """Looks at this moment, with all that was to do before done; returns how many it told."""
    with clock.standing_at(moment):
        do_everything(world.installation)
    return len(told(world))


def told(world: World) -> list[tuple[str, str]]:
    with world.installation.reading() as session:
        rows = session.scalars(select(Notice).order_by(Notice.id))
        return [
            (row.kind, row.occasion)
            for row in rows
            if row.kind in ("voucher_reminder", "voucher_expired")
        ]


def move(world: World, voucher: Issued, now: datetime, what: Any, **more: Any) -> Any:
    how = {"reason": "x", "actor": COMMAND_LINE, "now": now} | more
    with clock.standing_at(now), world.installation.unit_of_work() as session:
        found = by_reference(session, world.community_id, voucher.reference).voucher
        return what(session, found, **how)


def take_back(session: Any, voucher: Voucher, **how: Any) -> None:
    undo(session, last_redemption(session, voucher), **how)


def redeem(world: World, voucher: Issued, now: datetime) -> None:
    scanner, _ = world.add_device()
    with clock.standing_at(now):
        assert world.scan(scanner, token=voucher.token)["verdict"] == "redeemed"


def looks(world: World) -> dict[str, datetime | None]:
    with world.installation.reading() as session:
        rows = session.execute(select(Voucher.reference, Voucher.look_at))
        return {row.reference: row.look_at for row in rows}


def test_a_member_is_told_a_day_and_two_hours_before_and_at_the_end(world: World) -> None:
    voucher = issue(world)
    moments = [END - 24 * HOUR, END - 2 * HOUR, END]
    at(world, NOON)
    for number, moment in enumerate(moments):
        assert looks(world)[voucher.reference] == moment
        assert at(world, moment - timedelta(seconds=1)) == number
        assert at(world, moment) == number + 1
        assert at(world, moment + timedelta(minutes=5)) == number + 1
    end = clock.as_text(END)
    assert told(world) == [
        ("voucher_reminder", f"24 h before {end}"),
        ("voucher_reminder", f"2 h before {end}"),
        ("voucher_expired", end),
    ]
    assert looks(world)[voucher.reference] is None


def test_a_perk_says_when_and_whether_to_remind(world: World) -> None:
    issue(world, "silent")
    at(world, NOON)
    for hours in range(0, 73, 2):
        at(world, NOON + hours * HOUR)
    assert [kind for kind, _ in told(world)] == ["voucher_expired"]


def test_the_end_of_a_night_is_waited_for(world: World) -> None:
    issue(world, "late")  # until midnight in Berlin
    at(world, NOON)
    midnight = NOON + 83 * HOUR
    assert at(world, midnight - 27 * HOUR) == 1
    assert at(world, midnight - 3 * HOUR - timedelta(seconds=1)) == 1
    assert at(world, midnight - 3 * HOUR) == 2
    assert at(world, midnight + 8 * HOUR - timedelta(seconds=1)) == 2
    assert at(world, midnight + 8 * HOUR) == 3


def test_the_night_is_the_members_own_where_it_is_known(world: World) -> None:
    issue(world, "late")  # until midnight in Berlin, three in the afternoon in Los Angeles
    issue(world, "late", member="2")
    with world.installation.unit_of_work() as session:
        far = members.find(session, world.community_id, "discord", "2")
        zones.keep(session, far, "America/Los_Angeles")
    midnight = NOON + 83 * HOUR
    assert at(world, midnight - 25 * HOUR) == 1  # Berlin's, before its night
    assert at(world, midnight - 24 * HOUR) == 2
    assert at(world, midnight - 3 * HOUR) == 3
    assert at(world, midnight - 2 * HOUR) == 4
    assert at(world, midnight) == 5
    assert at(world, midnight + 8 * HOUR) == 6


def test_what_is_used_up_withdrawn_replaced_or_refunded_is_not_told_of(world: World) -> None:
    used, void, replaced, refunded = (issue(world) for _ in range(4))
    redeem(world, used, NOON)
    redeem(world, refunded, NOON)
    at(world, NOON)
    move(world, void, NOON + HOUR, withdrawing.void)
    new = [
        move(world, replaced, NOON + HOUR, replacing.reissue),
        move(world, refunded, NOON + HOUR, replacing.refund, uses=1).new,
    ]
    at(world, NOON + HOUR)
    at(world, END + 30 * HOUR)
    with world.installation.reading() as session:
        kinds = ("voucher_reminder", "voucher_expired")
        about = set(session.scalars(select(Notice.subject).where(Notice.kind.in_(kinds))))
    assert about == {one.reference for one in new}
    assert set(looks(world).values()) == {None}


def test_what_is_partly_used_is(world: World) -> None:
    voucher = issue(world, "drinks")
    redeem(world, voucher, NOON)
    at(world, NOON)
    assert at(world, END - 24 * HOUR) == 1


def test_an_extension_moves_what_is_to_come_and_repeats_what_was_told(world: World) -> None:
    voucher = issue(world)
    at(world, NOON)
    assert at(world, END - 24 * HOUR) == 1
    until = END + 48 * HOUR
    move(world, voucher, END - 20 * HOUR, extending.extend, until=until)
    at(world, END - 20 * HOUR)
    assert looks(world)[voucher.reference] == until - 24 * HOUR
    assert at(world, END) == 1
    assert at(world, until - 24 * HOUR) == 2


def test_an_extension_that_nobody_looked_at_yet_keeps_the_old_end_quiet(world: World) -> None:
    voucher = issue(world)
    at(world, NOON)
    until = END + 48 * HOUR
    with world.installation.unit_of_work() as session:
        # As if by whoever forgot to let it be looked at.
        row = update(Voucher).where(Voucher.reference == voucher.reference)
        session.execute(row.values(valid_until=until))
    assert at(world, END - 24 * HOUR) == 0
    assert looks(world)[voucher.reference] == until - 24 * HOUR


def test_a_small_extension_is_told_by_itself_and_brings_no_reminder_of_its_own(
    world: World,
) -> None:
    voucher = issue(world)
    at(world, NOON)
    assert at(world, END - 24 * HOUR) == 1
    move(world, voucher, END - 22 * HOUR, extending.extend, until=END + HOUR)
    assert at(world, END - 22 * HOUR) == 1
    assert looks(world)[voucher.reference] == END - HOUR


def test_what_is_restored_or_undone_is_told_of_again(world: World) -> None:
    void, undone = issue(world), issue(world)
    redeem(world, undone, NOON)
    at(world, NOON)
    move(world, void, NOON + HOUR, withdrawing.void)
    at(world, END - 24 * HOUR)
    assert set(looks(world).values()) == {None}
    move(world, void, END - 20 * HOUR, withdrawing.restore)
    move(world, undone, END - 20 * HOUR, take_back)
    assert at(world, END - 20 * HOUR) == 0
    assert at(world, END - 2 * HOUR) == 2


def test_an_import_of_the_past_reminds_nobody(world: World) -> None:
    events = [
        thread(f"{member}-{number}", str(member), NOON - hours * HOUR)
        for member, hours in enumerate((1000, 74, 71, 50))
        for number in range(3)
    ]
    with clock.standing_at(NOON):
        world.take(*events, source=members.DISCORD, dated_by_event=True)
    assert at(world, NOON) == 0
    assert at(world, NOON + timedelta(seconds=10)) == 0
    # Only what is yet to come of the two that are open: 71 and 50 hours old.
    assert at(world, NOON + HOUR) == 1
    assert at(world, NOON + 20 * HOUR) == 2
    assert at(world, NOON + 22 * HOUR) == 3


def test_a_worker_that_was_away_tells_what_is_still_of_use(world: World) -> None:
    issue(world)
    at(world, NOON)
    assert at(world, END - HOUR) == 1
    assert told(world)[0][1].startswith("2 h before")
    issue(world, member="2", now=END)
    at(world, END)
    assert at(world, END + 300 * HOUR) == 2  # of the first one's end alone


@pytest.mark.parametrize(
    ("hours_before", "expected"),
    [
        (23.9, "24 h before"),
        (5, "24 h before"),
        (1.9, "2 h before"),
        (0.6, "2 h before"),
        (0.4, ""),
    ],
)
def test_what_passed_before_the_first_look_is_told_while_it_is_of_use(
    world: World, hours_before: float, expected: str
) -> None:
    issue(world)
    assert at(world, END - hours_before * HOUR) == (1 if expected else 0)
    if expected:
        assert told(world)[0] == ("voucher_reminder", f"{expected} {clock.as_text(END)}")
    assert at(world, END - HOUR / 4) <= 2
    at(world, END)
    assert [kind for kind, _ in told(world)].count("voucher_expired") == 1


def test_of_all_that_passed_while_no_worker_ran_the_last_alone_is_told(world: World) -> None:
    issue(world)
    assert at(world, END + HOUR) == 1
    assert told(world) == [("voucher_expired", clock.as_text(END))]
    issue(world, member="2", now=END)
    assert at(world, END + 200 * HOUR) == 1  # it had ended too long ago


def test_what_passed_after_a_move_that_nobody_looked_at_is_told(world: World) -> None:
    voucher = issue(world)
    at(world, NOON)
    until = END + 48 * HOUR
    move(world, voucher, END - 30 * HOUR, extending.extend, until=until)
    assert at(world, until - 5 * HOUR) == 1
    assert told(world) == [("voucher_reminder", f"24 h before {clock.as_text(until)}")]


def test_a_look_that_ends_halfway_is_repeated_whole(world: World) -> None:
    issue(world)
    at(world, NOON)
    moment = END - 24 * HOUR
    with world.installation.unit_of_work() as session:
        assert reminding.look(session, now=moment, most=10) == (1, 1)
        session.rollback()
    assert told(world) == []
    assert at(world, moment) == 1


def test_a_community_says_when_its_night_is(engine_url: str, tmp_path: Path) -> None:
    programme = PROGRAMME.replace("[community]", '[community]\nquiet_hours = "never"') + MORE
    installation = make_installation(tmp_path, engine_url, programme)
    world = World(installation)
    issue(world, "late")
    at(world, NOON)
    midnight = NOON + 83 * HOUR
    assert at(world, midnight - 24 * HOUR) == 1
    assert at(world, midnight - 3 * HOUR) == 1
    assert at(world, midnight) == 2
    installation.close()


def test_workers_who_look_at_once_tell_each_member_once(world: World) -> None:
    for member in range(30):
        issue(world, member=str(member))
    at(world, NOON)
    with clock.standing_at(END - 24 * HOUR), ThreadPoolExecutor(4) as pool:
        laid = list(pool.map(lambda _: reminding.remind_due(world.installation), range(8)))
    # On PostgreSQL one may pass by what another one has locked: whoever looks next finds it done.
    assert sum(laid) == len(told(world)) == 30
    assert at(world, END - 24 * HOUR) == 30


def test_a_look_at_many_takes_few_statements(world: World) -> None:
    for member in range(40):
        issue(world, member=str(member))
    statements: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement.split()[0])

    event.listen(world.installation.database.engine, "before_cursor_execute", note)
    with clock.standing_at(NOON), world.installation.unit_of_work() as session:
        assert reminding.look(session, now=NOON, most=100) == (40, 0)
    event.remove(world.installation.database.engine, "before_cursor_execute", note)
    assert [one for one in statements if one != "BEGIN"] == ["SELECT", "UPDATE"]
