"""The organisers' page of scans: filters that find what is looked for, and a table of all."""

import csv
import io
import re
from datetime import timedelta
from html import unescape
from urllib.parse import urlencode
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from app import clock
from kiosk.operators.signing_in import SignInRequest, sign_in
from tests.support.installations import NOON, World
from tests.support.pages import Visitor
from voucher.scans.browsing import listing
from voucher.scans.browsing.wanted import Wanted
from voucher.scans.follow_ups.undoing import undo_by_device
from voucher.scans.requests import UndoRequest


@pytest.fixture
def organiser(world: World) -> Visitor:
    return Visitor(world.installation).sign_in()


@pytest.fixture
def scanned(world: World) -> dict[str, str]:
    """A day at two stations: by what happened, the voucher that it happened to."""
    with clock.standing_at(NOON):
        here, there = world.add_device(name="Door")[0], world.add_device("other", "Desk")[0]
        names = ("served", "undone", "astray", "twice")
        issued = {name: world.issue(member=name) for name in names}
        world.scan(here, token=issued["served"].token)
        attempt = uuid4()
        world.scan(here, token=issued["undone"].token, attempt_id=str(attempt))
        with world.installation.unit_of_work() as session:
            undo_by_device(session, here, attempt, UndoRequest(reason="r"), now=clock.now())
        world.scan(there, token=issued["astray"].token)
        world.scan(here, token=issued["twice"].token)
    with clock.standing_at(NOON + timedelta(days=1)):
        world.scan(here, token=issued["twice"].token)
        world.scan(here, token="NONSENSE")
    return {name: one.reference for name, one in issued.items()}


def table(organiser: Visitor, **wanted: str) -> list[dict[str, str]]:
    answer = organiser.get(f"/console/scans.csv?{urlencode(wanted)}")
    assert (answer.status_code, answer.mimetype) == (200, "text/csv")
    text = answer.get_data(as_text=True)
    assert text.startswith("\ufeffreceived_at,")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def outcomes(rows: list[dict[str, str]]) -> list[str]:
    return [row["outcome"] for row in rows]


def test_all_scans_are_there_newest_first_and_never_a_code(
    world: World, organiser: Visitor, scanned: dict[str, str]
) -> None:
    rows = table(organiser)
    assert outcomes(rows) == [
        "malformed",
        "already_redeemed",
        "redeemed",
        "wrong_station",
        "undone",
        "redeemed",
    ]
    assert [row["device"] for row in rows] == ["Door", "Door", "Door", "Desk", "Door", "Door"]
    assert rows[3]["voucher"] == scanned["astray"]
    assert "NONSENSE" not in str(rows)
    page = organiser.get("/console/scans").text
    assert page.count('<li id="scan-') == 6
    assert "Redeemed, then undone" in page


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"outcome": "handed_over"}, ["redeemed", "redeemed"]),
        ({"outcome": "undone"}, ["undone"]),
        ({"outcome": "refused"}, ["malformed", "already_redeemed", "wrong_station"]),
        ({"outcome": "wrong_station"}, ["wrong_station"]),
        ({"station": "other"}, ["wrong_station"]),
        ({"station": "popup", "outcome": "refused"}, ["malformed", "already_redeemed"]),
        ({"since": "2026-11-19"}, ["malformed", "already_redeemed"]),
        ({"until": "2026-11-18", "outcome": "handed_over"}, ["redeemed", "redeemed"]),
        ({"since": "2026-11-20"}, []),
        ({"operator": "op_nobody"}, []),
    ],
)
def test_only_those_that_are_wanted_are_told(
    organiser: Visitor, scanned: dict[str, str], wanted: dict[str, str], expected: list[str]
) -> None:
    assert outcomes(table(organiser, **wanted)) == expected


def test_a_vouchers_scans_are_found_however_it_is_typed(
    organiser: Visitor, scanned: dict[str, str]
) -> None:
    rows = table(organiser, voucher=f" {scanned['twice'].lower()} ")
    assert outcomes(rows) == ["already_redeemed", "redeemed"]
    page = organiser.get(f"/console/scans?voucher={scanned['twice']}").text
    assert page.count('<li id="scan-') == 2


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        ("outcome=all", "There is no such outcome."),
        ("voucher=pin", "A voucher is named like V-1A2B3C4D."),
        ("since=yesterday", "Write a day as 2026-12-05."),
        ("until=0001-01-01", "That day is too far away."),
        ("station=a%00b", "A field holds what nobody can type."),
    ],
)
def test_what_a_field_cannot_mean_is_one_sentence(
    organiser: Visitor, scanned: dict[str, str], wanted: str, sentence: str
) -> None:
    answer = organiser.get(f"/console/scans?{wanted}")
    assert answer.status_code == 422
    assert sentence in answer.text
    assert answer.text.count('<li id="scan-') == 6
    assert organiser.get(f"/console/scans.csv?{wanted}").status_code == 422


def test_pages_follow_one_another_without_a_gap(
    world: World, organiser: Visitor, scanned: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "AT_ONCE", 2)
    monkeypatch.setattr(listing, "ROWS", 4)
    seen: list[str] = []
    address: str | None = "/console/scans?station=popup"
    while address:
        page = organiser.get(address).text
        seen += [part.split('"')[0] for part in page.split('<li id="scan-')[1:]]
        older = re.search(r'href="([^"]*after=[^"]*)"', page)
        address = unescape(older.group(1)) if older else None
    assert len(seen) == len(set(seen)) == 5
    assert len(table(organiser)) == 6
    assert organiser.get("/console/scans?after=cut").status_code == 200


def test_no_cell_is_reckoned_with_by_a_spreadsheet(world: World, organiser: Visitor) -> None:
    scanner, _ = world.add_device(name="=1+1")
    world.scan(scanner, token=world.issue().token)
    [row] = table(organiser)
    assert row["device"] == "'=1+1"


def test_another_communitys_scans_are_not_there(
    world: World, organiser: Visitor, scanned: dict[str, str]
) -> None:
    with world.installation.reading() as session:
        theirs = listing.all_of(session, world.community_id + 1, Wanted(), ZoneInfo("UTC"))
        assert list(theirs) == []


def test_what_supervisors_set_aside_or_named_by_reference_is_found(
    world: World, organiser: Visitor
) -> None:
    with clock.standing_at(NOON):
        device = world.add_device()[0]
        ada = world.add_operator("Ada", "supervisor")
        world.admit(ada, device)
        pin = world.draw_pin(ada)
        asked = SignInRequest(operator=ada, pin=pin)
        sign_in(world.installation, device, asked, now=NOON)
        astray, lost = world.issue("elsewhere"), world.issue()
        world.scan(device, token=astray.token)
        world.scan(device, token=astray.token, operator=ada, override={"reason": "they are here"})
        world.scan(device, reference=lost.reference, operator=ada, reason="no phone")
        (overridden,) = table(organiser, outcome="overridden")
        (named,) = table(organiser, outcome="by_reference")
        page = organiser.get("/console/scans?outcome=overridden").get_data(as_text=True)
    assert (overridden["voucher"], overridden["overridden"]) == (astray.reference, "wrong_station")
    assert (named["voucher"], named["overridden"]) == (lost.reference, "")
    assert (overridden["by_reference"], named["by_reference"]) == ("no", "yes")
    assert page.count('<li id="scan-') == 1
    assert "Overridden: wrong station" in page
