"""A member has no code: a supervisor finds them by name, and redeems by the voucher's reference."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, text

from app import clock, journal
from app.communities import members, seeking
from app.communities.models import Community, Member, Person
from app.statements import table_of
from tests.kiosk.desks import Desk, allow, claim, entries, revoke
from tests.kiosk.supervisors import PIN, admitted, move
from tests.support.installations import NOON, PROGRAMME, World, world_of
from voucher.ledger.changes import withdrawing
from voucher.ledger.names import name_of
from voucher.scans.searching import searching

PERKS = (
    PROGRAMME
    + '\n[perks.bag]\nname = "Bag"\nidentity = true\n'
    + '\n[perks.seat]\nname = "Seat"\nlive = true\n'
    + '\n[perks.drinks]\nname = "Drinks"\nuses = 3\n'
    + '\n[perks.mug]\nname = "Mug"\nredeemed_when = "confirmed"\n'
)
WHY = "their phone is empty"
pytestmark = pytest.mark.usefixtures("quick_pins")


world = world_of(PERKS, at=NOON)


def search(desk: Desk, operator: str, q: str) -> dict[str, Any]:
    return desk.ask("POST", "/members/search", {"q": q, "operator": operator})[1]


def names(desk: Desk, operator: str, q: str) -> list[str]:
    return [one["display_name"] for one in search(desk, operator, q)["members"]]


def test_members_are_found_by_part_of_a_name_or_handle_however_it_is_written(
    world: World, door: Desk, ada: str
) -> None:
    for member, name in (
        ("1", "Chloë Brontë"),
        ("2", "Anna Chloe"),
        ("3", "McHloe"),
        ("4", "Straße 100%"),
        ("lantern_fox", "Fox"),
        ("5", "Fox"),
    ):
        world.issue(member=member, name=name)
    assert names(door, ada, "chlo") == ["Chloë Brontë", "Anna Chloe", "McHloe"]
    assert names(door, ada, "chloe") == ["Chloë Brontë", "Anna Chloe", "McHloe"]
    assert names(door, ada, " CHLOË  bro ") == ["Chloë Brontë"]
    assert names(door, ada, "strasse") == ["Straße 100%"]
    assert names(door, ada, "0%") == ["Straße 100%"]
    assert names(door, ada, "_%") == []
    assert [one["also"] for one in search(door, ada, "fox")["members"]] == [None, "lantern_fox"]
    assert names(door, ada, "@lantern") == ["Fox"]
    with world.installation.unit_of_work() as session:
        fox = members.find(session, world.community_id, "sample", "5")
        members.link(session, fox, "forum", "night-owl", "Owl")
    assert names(door, ada, "owl") == ["Owl"]
    assert search(door, ada, "´")["key"] == "q"
    assert names(door, ada, "\u0301\u0301") == []


def test_what_they_can_redeem_here_is_told_by_reference_and_never_by_code(
    world: World, door: Desk, ada: str
) -> None:
    how: dict[str, Any] = {"member": "7", "name": "Bea"}
    drinks, used, void = (world.issue(perk, **how) for perk in ("drinks", "pin", "bag"))
    world.issue("elsewhere", **how)
    move(world, void, withdrawing.void)
    door.scan(token=used.token, operator=ada)
    door.scan(token=drinks.token)
    told = search(door, ada, "bea")
    assert (told["more"], len(told["members"])) == (False, 1)
    first, second = told["members"][0]["vouchers"]
    assert first["reference"] == drinks.reference
    assert (first["perk"]["name"], first["uses_left"], first["state"]) == ("Drinks", 2, "active")
    assert first["valid_until"] == "2026-11-21T12:00:00Z"
    assert (second["reference"], second["state"]) == (used.reference, "redeemed")
    assert second["redeemed"]["operator"] == "Ada"
    for voucher in (drinks, used, void):
        assert voucher.code not in str(told)
        assert voucher.code.replace("-", "") not in str(told)
    with clock.standing_at(drinks.valid_until + timedelta(days=7, minutes=-1)):
        door.sign_in(ada, PIN)
        (late,) = search(door, ada, "bea")["members"][0]["vouchers"]
        assert (late["reference"], late["state"]) == (drinks.reference, "expired")
    with clock.standing_at(drinks.valid_until + timedelta(days=7)):
        door.sign_in(ada, PIN)
        assert search(door, ada, "bea")["members"][0]["vouchers"] == []


def test_a_search_is_on_the_record_without_its_text_and_nobody_asks_too_often(
    world: World, door: Desk, ada: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "LIMITS", ((timedelta(minutes=1), 2), (timedelta(hours=1), 3)))
    world.issue(member="7", name="Bea Bright")
    search(door, ada, "bright")
    search(door, ada, "nobody")
    refused = search(door, ada, "bright")
    assert (refused["status"], refused["title"]) == (429, "too_many_searches")
    facts = entries(world, "members.searched")
    assert [fact["found"] for fact in facts] == [1, 0]
    assert facts[0] == {"station": "popup", "device": door.id, "operator": ada, "found": 1}
    with clock.standing_at(NOON + timedelta(minutes=1)):
        assert "members" in search(door, ada, "bright")
        assert search(door, ada, "bright")["title"] == "too_many_searches"
    with clock.standing_at(NOON + timedelta(minutes=61)):
        assert "members" in search(door, ada, "bright")


def test_only_a_supervisor_at_a_device_that_may_redeem_searches(
    world: World, door: Desk, ada: str
) -> None:
    mia = admitted(world, door, name="Mia", role="steward")
    told = search(door, mia, "bea")
    assert (told["status"], told["title"]) == (403, "supervisor_needed")
    assert search(door, "op_nobody", "bea")["title"] == "unknown_operator"
    assert search(door, ada, "b")["title"] == "unprocessable_scan"
    bar = Desk(world, "Bar")
    world.admit(ada, bar.scanner)
    assert search(bar, ada, "bea")["title"] == "operator_not_signed_in"
    bar.sign_in(ada, PIN, once=True)
    assert search(bar, ada, "bea")["members"] == []
    assert search(bar, ada, "bea")["title"] == "operator_not_signed_in"
    allow(world, door.id, "check")
    assert search(door, ada, "bea")["title"] == "not_allowed"
    revoke(world, bar.id)
    assert search(bar, ada, "bea")["status"] == 401
    assert len(entries(world, "members.searched")) == 1


def test_only_the_community_of_the_device_is_searched_and_twenty_are_told(
    world: World, door: Desk, ada: str
) -> None:
    for number in range(21):
        world.issue(member=f"m{number}", name=f"Kim {number:02}")
    with world.installation.unit_of_work() as session:
        own = session.get_one(Community, world.community_id)
        values = {**{c.key: getattr(own, c.key) for c in Community.__table__.columns}}
        other = session.scalars(
            insert(Community).values(**values | {"id": 77, "key": "other"}).returning(Community.id)
        ).one()
        members.ids_of(session, other, "sample", {"x": "Kim Aa"}, first_seen=NOON)
    told = search(door, ada, "kim")
    assert [one["display_name"] for one in told["members"]] == [f"Kim {n:02}" for n in range(20)]
    assert told["more"] is True
    assert names(door, ada, "kim aa") == []


def test_what_was_found_is_redeemed_by_its_reference_with_a_reason(
    world: World, door: Desk, ada: str
) -> None:
    seat = world.issue("seat", name="Bea")
    how: dict[str, Any] = {"operator": ada, "reference": seat.reference.lower(), "reason": WHY}
    asks, told = door.scan(**how)
    assert (told["verdict"], told["by_reference"]) == ("identity_required", True)
    told = door.scan(**how, identity_confirmed=True, follows=asks)[1]
    assert (told["verdict"], told["member"]["display_name"]) == ("redeemed", "Bea")
    assert seat.code not in str(told)
    assert told["voucher"]["sync_name"] == name_of(seat.voucher)
    first, second = entries(world, "scan.by_reference")
    assert (first["verdict"], second["verdict"]) == ("identity_required", "redeemed")
    assert (second["voucher"], second["operator"]) == (seat.reference, ada)
    assert "phone" not in str(second)
    with world.installation.reading() as session:
        assert journal.remark_text(session, second["reason"]) == WHY
    assert door.told(**how, identity_confirmed=True) == "already_redeemed"


def test_what_was_found_is_held_where_its_hand_over_is_confirmed_and_known_by_its_synced_name(
    world: World, door: Desk, ada: str
) -> None:
    mug = world.issue("mug", name="Bea")
    how: dict[str, Any] = {"operator": ada, "reference": mug.reference, "reason": WHY}
    attempt, told = door.scan(**how, identity_confirmed=True, can_confirm=True)
    assert told["verdict"] == "reserved"
    status, told = door.ask("POST", f"/scans/{attempt}/confirm", {})
    assert (status, told["verdict"]) == (200, "redeemed")
    assert told["voucher"]["sync_name"] == name_of(mug.voucher)


def test_a_hand_over_that_was_held_by_a_reference_is_told_later_and_nothing_else_is(
    world: World, door: Desk, ada: str
) -> None:
    mugs = [world.issue("mug", member=member, name="Bea") for member in ("1", "2")]
    how: dict[str, Any] = {"operator": ada, "reason": WHY, "identity_confirmed": True}
    held = [
        door.scan(reference=mug.reference, can_confirm=True, **how)[0] for mug in (mugs[0], mugs[1])
    ]
    move(world, mugs[1], withdrawing.void)
    told = [
        door.scan(attempt_id=attempt, reference=mug.reference, **claim())[1]
        for attempt, mug in zip(held, mugs, strict=True)
    ]
    assert [(one["verdict"], bool(one["conflict"])) for one in told] == [
        ("redeemed", False),
        ("void", True),
    ]
    # Who decided it is who it was held for.
    assert told[0]["scanned_by"]["operator"] == "Ada"
    again = door.scan(attempt_id=held[0], reference=mugs[0].reference, **claim())[1]
    assert (again["verdict"], again["replayed"]) == ("redeemed", True)
    alone = door.scan(reference=world.issue("mug").reference, **claim())[1]
    assert (alone["status"], alone["detail"]) == (422, "a reference needs a network.")
    with_override = {"override": {"reason": WHY}, "operator": ada, "reason": WHY}
    assert door.told(reference="V-1", **with_override, **claim()) == "unprocessable_scan"


def test_a_reference_is_a_supervisors_and_judged_as_a_code_is(
    world: World, door: Desk, ada: str
) -> None:
    mia = admitted(world, door, name="Mia", role="steward")
    pin, other = world.issue(), world.issue("elsewhere")
    how: dict[str, Any] = {"operator": ada, "reason": WHY}
    assert door.told(reference=pin.reference, operator=mia, reason=WHY) == "supervisor_needed"
    told = door.scan(reference=pin.reference, operator=ada)[1]
    assert told["detail"] == "a reference needs a reason, and nothing else has one."
    assert door.told(reference=pin.reference, token=pin.token, **how) == "unprocessable_scan"
    assert door.told(reference="V-NOBODY", **how) == "unknown_voucher"
    assert door.told(reference="what?", **how) == "unknown_voucher"
    told = door.scan(reference=other.reference, **how)[1]
    assert (told["verdict"], told["may_override"]) == ("wrong_station", ["wrong_station"])
    both = door.scan(reference=other.reference, **how, override={"reason": "it is far"})[1]
    assert (both["verdict"], both["overridden"]) == ("redeemed", ["wrong_station"])
    check: dict[str, Any] = {"reference": pin.reference, **how, "mode": "check"}
    assert door.told(**check) == "valid"
    allow(world, door.id, "check")
    refused = door.scan(**check)[1]
    assert (refused["status"], refused["title"], refused["why"]) == (403, "not_allowed", "redeem")


def test_a_hundred_thousand_names_are_looked_through_by_one_index(world: World) -> None:
    """What the plans say, so that no clock decides: see the decision for what was measured."""
    with world.installation.unit_of_work() as session:
        rows = [{"id": n, "created_at": NOON} for n in range(1000, 6000)]
        session.execute(insert(table_of(Person)), rows)
        people = [
            {
                "community_id": world.community_id,
                "person_id": n,
                "display_name": f"Lia {n}",
                "sought": seeking.sought([f"Lia {n}"]),
                "first_seen_at": NOON,
            }
            for n in range(1000, 6000)
        ]
        session.execute(insert(table_of(Member)), people)
    with world.installation.reading() as session:
        found = seeking.seek(session, world.community_id, "ia 42", at_most=3)
        assert [one.display_name for one in found] == ["Lia 4200", "Lia 4201", "Lia 4202"]
        is_sqlite = session.get_bind().dialect.name == "sqlite"
        wanted = select(Member.id).where(
            Member.community_id == world.community_id, Member.sought.contains("ia 42")
        )
        bound = wanted.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
        if is_sqlite:
            plan = str(session.execute(text(f"EXPLAIN QUERY PLAN {bound}")).all())
            assert "COVERING INDEX ix_member_sought" in plan
