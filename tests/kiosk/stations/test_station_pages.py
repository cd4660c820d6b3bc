"""The organisers' page of stations: what the programme says of each, and how it stands."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from sqlalchemy import insert, update

from app import clock
from app.actor import COMMAND_LINE
from app.communities.models import Community, Station
from app.programme.applying import ready
from app.stock import moving
from app.stock.levels import Sort
from kiosk.devices.models import Device
from kiosk.stations import listing
from tests.kiosk.desks import Desk, revoke
from tests.support.installations import NOON, PROGRAMME, World, world_of
from tests.support.pages import Visitor

PLACES = PROGRAMME.replace(
    '[stations.popup]\nname = "Pop-up"\n',
    """[stations.popup]
name = "Pop-up"
address = "Side street 1 <b>"
hours = ["Wed-Sun 10:00-18:00"]
closed = ["2026-12-24"]
operators = "required"
offline_allowance = 0

[stations.bay]
name = "Bay"
timezone = "America/New_York"
hours = ["Wed 06:00-12:00", "2026-11-19 08:00-09:00"]
redeemed_when = "confirmed"

[perks.mug]
name = "Mug"
item = "mug"
stock_taken = "redemption"
uses = 5
closed = ["2026-11-18", "2026-12-24", "2026-11-01"]
offline = false
redeemed_when = "confirmed"
stations = ["popup", "bay"]

[items.mug]
name = "Lantern mug"
low = 2
""",
).replace('stations = ["other"]', 'stations = ["other", "popup"]')
STATIONS = "/console/stations"


world = world_of(PLACES, at=NOON)


@pytest.fixture
def visitor(world: World) -> Visitor:
    return Visitor(world.installation).sign_in()


def text(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())


def section(visitor: Visitor, key: str) -> str:
    """A station's part of the page, as people read it."""
    page = visitor.get(STATIONS).text
    (found,) = re.findall(rf'<section[^>]* id="station-{key}".*?</section>', page, re.DOTALL)
    return text(found)


def standing(world: World) -> dict[str, listing.Listed]:
    with world.installation.reading() as session:
        told = listing.stations(session, world.community_id, now=clock.now())
    return {one.key: one for one in told.standing}


def test_each_is_told_with_its_hours_perks_and_rules(world: World, visitor: Visitor) -> None:
    told = section(visitor, "popup")
    assert "Pop-up Open until 18:00 Side street 1 <b> Europe/Berlin, where it is Wed 13:00" in told
    assert "Mon closed Tue closed Wed today 10:00–18:00 Thu 10:00–18:00" in told
    assert "Blackouts to come: closed Thu 24 Dec all day" in told
    assert "Elsewhere Mug Not now redeemed once staff confirm it, never without a network" in told
    assert "Not handed over: Wed 18 Nov all day; Thu 24 Dec all day Pin At the desk" in told
    assert "Staff sign in required Redeemed as it is scanned Without a network nothing" in told
    assert "200 a device, for 12 hours after it synced" in section(visitor, "other")


def test_another_zone_is_said_and_all_times_are_in_it(world: World, visitor: Visitor) -> None:
    told = section(visitor, "bay")
    assert "Bay Open until 12:00 All times here are those of America/New_York" in told
    assert "where it is Wed 07:00; the community’s are those of Europe/Berlin" in told
    assert "Dates with hours of their own Thu 19 Nov 08:00–09:00" in told
    assert "Redeemed once staff confirm it" in told
    assert "Mug Not now never without a network" in told
    with clock.standing_at(NOON + timedelta(hours=5)):
        assert "Bay Closed until Thu 19 Nov, 08:00" in section(visitor.sign_in(), "bay")


def test_what_is_missing_says_what_to_do_and_leads_there(world: World, visitor: Visitor) -> None:
    told = section(visitor, "bay")
    assert "No device scans here yet: add one, and pair it by a QR code." in told
    assert "name this station, other , in the stations of a perk" not in section(visitor, "other")
    page = visitor.get(STATIONS).text
    for link in ("/console/devices?station=bay#add", "/console/scans?station=bay"):
        assert f'href="{link}"' in page
    chosen = visitor.get("/console/devices?station=bay").text
    assert re.findall(r'<option value="(\w+)" selected', chosen) == ["bay"]


def test_its_day_is_what_its_desks_show(world: World, visitor: Visitor) -> None:
    with world.installation.unit_of_work() as session:
        how: dict[str, Any] = {"reason": "r", "actor": COMMAND_LINE, "now": NOON}
        moving.receive(session, Sort(world.community_id, "mug", ""), "popup", 5, **how)
        session.execute(update(Station).values(operators_required=False))
    door, bar, lost = Desk(world), Desk(world, "Bar"), Desk(world, "Lost")
    with clock.standing_at(NOON - timedelta(minutes=3)):
        assert door.told(code=world.issue().code) == "redeemed"
    assert bar.told(code=world.issue().code) == "redeemed"
    revoke(world, lost.id)
    told = section(visitor, "popup")
    desk = door.ask("GET", "/station")[1]
    (pin,), (mug,) = desk["handed_out"], desk["stock"]
    assert (pin["uses"], mug["on_hand"], mug["free"], desk["devices"]) == (2, 5, 5, 1)
    assert "Handed out today Pin 2 Lies here Lantern mug 5 free 5" in told
    assert "Stand here 2 There in the last 2 minutes 1" in told
    assert "Pop-up Open until 18:00 2 handed out today, 1 of 2 devices there" in text(
        visitor.get(STATIONS).text
    )
    # As with a desk's own page, what was counted is told for five seconds.
    door.told(code=world.issue().code)
    assert "Handed out today Pin 2" in section(visitor, "popup")
    with clock.standing_at(NOON + timedelta(seconds=5)):
        assert "Handed out today Pin 3" in section(visitor, "popup")


def test_the_device_that_synced_longest_ago_is_named(world: World, visitor: Visitor) -> None:
    assert standing(world)["popup"].worst is None
    devices = {name: Desk(world, name).id for name in ("Door", "Bar", "Till")}
    other = world.add_device("other", "Far")[0].device_id
    ago = {
        devices["Door"]: (b"1" * 32, timedelta(hours=11)),
        devices["Bar"]: (b"2" * 32, timedelta(hours=13)),
        other: (b"3" * 32, timedelta(hours=13)),
    }
    with world.installation.unit_of_work() as session:
        for device, (secret, since) in ago.items():
            found = session.get_one(Device, device)
            found.cookie_hash, found.synced_at = secret, NOON - since
    worst = {
        key: (one.worst.device.name, one.worst.needs_network)
        for key, one in standing(world).items()
        if one.worst
    }
    assert worst == {"popup": ("Bar", False), "other": ("Far", True)}
    assert "Synced longest ago Bar , 00:00:00" in section(visitor, "popup")
    assert "Needs a network" in section(visitor, "other")
    with world.installation.unit_of_work() as session:
        session.get_one(Device, devices["Door"]).synced_at = None
    assert "Synced longest ago Door , never" in section(visitor, "popup")


def test_one_that_was_withdrawn_is_told_below_with_since_when(
    world: World, visitor: Visitor
) -> None:
    Desk(world)
    file = world.installation.settings.programme_file
    kept = file.read_text("utf-8").split("[stations.popup]")
    rest = kept[1].split("[stations.bay]")[1]
    short = f"{kept[0]}[stations.bay]{rest}".replace(', "popup"', "").replace('"popup", ', "")
    file.write_text(short.replace('stations = ["popup"]', ""), "utf-8")
    ready(world.installation)
    page = visitor.get(STATIONS).text
    assert 'id="station-popup"' not in page
    (folded,) = re.findall(r"<details.*?</details>", page, re.DOTALL)
    assert "Withdrawn (1) Pop-up not in the programme since 13:00:00" in text(folded)
    assert "1 is not revoked" in text(folded)
    assert "/console/scans?station=popup" in folded


def test_the_overview_says_how_many_are_open_and_leads_there(
    world: World, visitor: Visitor
) -> None:
    page = visitor.get("/console").text
    assert f'href="{STATIONS}"' in page
    assert "Stations 3 Open now 3" in text(page)
    with clock.standing_at(NOON + timedelta(hours=6)):
        assert "Stations 3 Open now 1" in text(visitor.sign_in().get("/console").text)


def test_another_communitys_are_not_ours(world: World, visitor: Visitor) -> None:
    with world.installation.unit_of_work() as session:
        ours = session.get_one(Community, world.community_id)
        words = {column.name: getattr(ours, column.name) for column in Community.__table__.columns}
        session.execute(insert(Community), words | {"id": 99, "key": "others"})
        session.execute(update(Station).values(community_id=99))
    assert "The programme has no station yet" in text(visitor.get(STATIONS).text)
    assert "Stations 0 Open now 0" in text(visitor.get("/console").text)
