"""The organisers' pages of devices and operators."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from sqlalchemy import select

from app import clock
from app.audit.models import AuditEntry
from kiosk.devices import listing
from kiosk.devices.models import Device
from kiosk.operators.models import Operator
from tests.kiosk.desks import Desk, entries
from tests.support.installations import World
from tests.support.pages import Visitor

DEVICES, OPERATORS = "/console/devices", "/console/operators"


@pytest.fixture
def visitor(world: World) -> Visitor:
    return Visitor(world.installation).sign_in()


def text(page: Any) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", page.text)).split())


def the(world: World, model: Any) -> Any:
    with world.installation.reading() as session:
        return session.scalars(select(model)).one()


def test_a_device_is_added_and_its_link_pairs_a_browser_once(
    world: World, visitor: Visitor
) -> None:
    shown = visitor.post(DEVICES, name="Door 2", station="popup", may="check")
    assert shown.status_code == 200
    (path,) = set(re.findall(r"/kiosk/pair/[\w-]+", shown.text))
    assert visitor.post(path).status_code == 303
    assert visitor.post(path).status_code == 410
    device = the(world, Device)
    assert (device.name, device.may) == ("Door 2", "check")
    page = visitor.get(DEVICES)
    assert "Door 2 Pop-up" in text(page) and "May check only" in text(page)
    assert path not in page.text
    assert [one["device"] for one in entries(world, "device.added")] == [device.id]


def test_pairing_anew_gives_another_link_and_signs_out_who_was_there(
    world: World, visitor: Visitor
) -> None:
    door = Desk(world)
    mia = world.add_operator()
    world.admit(mia, door.scanner)
    door.sign_in(mia, world.draw_pin(mia))
    shown = visitor.post(f"{DEVICES}/{door.id}/pairing")
    (path,) = set(re.findall(r"/kiosk/pair/[\w-]+", shown.text))
    assert door.holder() == mia
    assert visitor.post(path).status_code == 303
    assert door.holder() is None
    assert entries(world, "device.pairing_renewed") == [{"device": door.id}]


def test_what_a_device_may_is_changed_and_it_is_revoked_by_one_click(
    world: World, visitor: Visitor
) -> None:
    door = Desk(world)
    form = {"may": ["check", "redeem", "pickup"]}
    visitor.client.post(
        f"{DEVICES}/{door.id}/allow",
        base_url=visitor.address,
        headers={"Origin": visitor.address},
        data=form,
    )
    assert the(world, Device).may == "redeem,pickup"
    assert visitor.post(f"{DEVICES}/{door.id}/revoke").status_code == 303
    assert door.told(token=world.issue().token) == "not_signed_in"
    page = text(visitor.get(DEVICES))
    assert "No device scans here yet" in page and "Door Pop-up, revoked" in page
    assert visitor.post(f"{DEVICES}/{door.id}/pairing").status_code == 404
    with clock.standing_at(clock.now() + timedelta(days=8)):
        assert "Door" not in text(visitor.sign_in().get(DEVICES)).split("Add a device")[1]


@pytest.mark.parametrize(
    ("path", "form", "status"),
    [
        (DEVICES, {"name": " ", "station": "popup", "may": "check"}, 422),
        (DEVICES, {"name": "x" * 41, "station": "popup", "may": "check"}, 422),
        (DEVICES, {"name": "Door", "station": "none", "may": "check"}, 404),
        (DEVICES, {"name": "Door", "station": "popup", "may": "eat"}, 422),
        (DEVICES, {"name": "Door", "station": "popup"}, 422),
        (f"{DEVICES}/dev_none/revoke", {}, 404),
        (f"{DEVICES}/dev_none/allow", {"may": "check"}, 404),
        (OPERATORS, {"name": "", "role": "steward"}, 422),
        (OPERATORS, {"name": "Mia", "role": "queen"}, 422),
        (f"{OPERATORS}/op_none/pin", {}, 404),
        (f"{OPERATORS}/op_none/role", {"role": "steward"}, 404),
        (f"{OPERATORS}/op_none/admit", {"device": "dev_none"}, 404),
        (f"{OPERATORS}/op_none/dismiss", {"device": "dev_none"}, 404),
        (f"{OPERATORS}/op_none/withdraw", {}, 404),
    ],
)
def test_what_is_refused_is_told_on_the_page(
    world: World, visitor: Visitor, path: str, form: dict[str, str], status: int
) -> None:
    answer = visitor.post(path, **form)
    assert answer.status_code == status
    assert 'role="alert"' in answer.text and "<h1>" in answer.text


def test_an_operator_is_added_admitted_and_gets_a_pin_that_is_shown_once(
    world: World, visitor: Visitor
) -> None:
    door = Desk(world)
    visitor.post(OPERATORS, name="Mia <b>", role="steward")
    mia = the(world, Operator).id
    assert "No PIN yet" in text(visitor.get(OPERATORS))
    visitor.post(f"{OPERATORS}/{mia}/admit", device=door.id)
    shown = visitor.post(f"{OPERATORS}/{mia}/pin")
    (pin,) = re.findall(r'id="pin">(\d{6})<', shown.text)
    assert door.sign_in(mia, pin)[0] == 200
    page = visitor.get(OPERATORS)
    assert "Mia &lt;b&gt;" in page.text and "Signed in" in page.text and pin not in page.text
    visitor.post(f"{OPERATORS}/{mia}/role", role="supervisor")
    assert the(world, Operator).role == "supervisor"
    visitor.post(f"{OPERATORS}/{mia}/dismiss", device=door.id)
    assert door.holder() is None
    assert visitor.post(f"{OPERATORS}/{mia}/withdraw").status_code == 303
    assert "Nobody works at the desks yet" in text(visitor.get(OPERATORS))
    kinds = ("added", "admitted", "pin_drawn", "role_set", "dismissed", "withdrawn")
    for kind in kinds:
        assert [one["operator"] for one in entries(world, f"operator.{kind}")] == [mia]
    with world.installation.reading() as session:
        said = " ".join(str(one.data) for one in session.scalars(select(AuditEntry)))
        by = set(
            session.scalars(select(AuditEntry.actor).where(AuditEntry.kind == "operator.added"))
        )
    assert "Mia" not in said and pin not in said
    assert [str(one).split(":")[0] for one in by] == ["organiser"]


def test_the_overview_leads_to_both_and_tells_who_is_there(world: World, visitor: Visitor) -> None:
    door = Desk(world)
    mia = world.add_operator()
    world.admit(mia, door.scanner)
    door.sign_in(mia, world.draw_pin(mia))
    door.ask("GET", "/kiosk/status")
    page = visitor.get("/console")
    assert f'href="{DEVICES}"' in page.text and f'href="{OPERATORS}"' in page.text
    told = text(page)
    assert "Devices 1 Seen in the last 5 minutes 1" in told
    assert "Operators 1 Signed in on a device 1 Mia Door" in told


def test_a_device_was_last_seen_as_it_asked_or_scanned(world: World) -> None:
    door, bar = Desk(world), Desk(world, "Bar")
    Desk(world, "Tent")
    at = clock.now()
    with clock.standing_at(at):
        door.ask("GET", "/kiosk/status")
        bar.told(token=world.issue().token)
    for later, kept in ((59, at), (60, at + timedelta(seconds=60))):
        with clock.standing_at(at + timedelta(seconds=later)):
            door.ask("GET", "/kiosk/status")
        with world.installation.reading() as session:
            rows = listing.standing(session, world.community_id, now=at)
        assert {one.name: one.seen_at for one in rows} == {"Door": kept, "Bar": at, "Tent": None}


def test_another_communitys_are_not_ours(world: World, visitor: Visitor) -> None:
    door, mia = Desk(world), world.add_operator()
    with world.installation.unit_of_work() as session:
        session.get_one(Device, door.id).community_id = 99
        session.get_one(Operator, mia).community_id = 99
    assert "No device scans here yet" in text(visitor.get(DEVICES))
    assert "Nobody works at the desks yet" in text(visitor.get(OPERATORS))
    for path in (f"{DEVICES}/{door.id}/revoke", f"{DEVICES}/{door.id}/pairing"):
        assert visitor.post(path).status_code == 404
    assert visitor.post(f"{OPERATORS}/{mia}/pin").status_code == 404
    assert visitor.post(f"{OPERATORS}/{mia}/withdraw").status_code == 404
