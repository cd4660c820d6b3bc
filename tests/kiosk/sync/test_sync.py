"""`GET /api/v1/sync`: what it answers, to whom, and from where it goes on."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from sqlalchemy import event, text, update

from app import clock
from app.actor import COMMAND_LINE
from app.clock import as_text
from app.factory import create_app
from app.programme.applying import ready
from kiosk.devices import pairing
from kiosk.devices.commands import devices
from kiosk.devices.models import Device
from kiosk.sync import answering
from tests.kiosk.tills import CARDS, Till, extend, redeem, seal, stands, till_at, void
from tests.support.installations import NOON, World, beside, world_of
from tests.support.pages import Visitor
from voucher.keys import making
from voucher.ledger.models import Voucher
from voucher.ledger.names import name_of

SITE = "https://keepsake.example"
SYNC = f"{SITE}/api/v1/sync"
LIMITED = CARDS.replace('stations = ["other"]\n', "").replace(
    '[stations.popup]\nname = "Pop-up"\n',
    '[stations.popup]\nname = "Pop-up"\nhours = ["Mon-Sun 10:00-18:00"]\n'
    "offline_allowance = 30\noffline_hours = 4\n",
)


world = world_of(LIMITED, at=NOON)


@pytest.fixture
def client(world: World) -> FlaskClient:
    return create_app(world.installation).test_client()


def reprogramme(world: World, old: str, new: str) -> None:
    path = world.installation.settings.programme_file
    programme = path.read_text("utf-8")
    assert old in programme
    path.write_text(programme.replace(old, new), "utf-8")
    ready(world.installation)


def say(world: World, *statements: str) -> None:
    with world.installation.database.engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


def caught_up(world: World) -> Till:
    """A till that knows of one redemption, all of it sealed."""
    till = till_at(world)
    redeem(world, till.scanner, world.issue())
    seal(world)
    till.sync()
    assert len(till.rows) == 1
    return till


def test_the_terms_have_all_that_a_device_judges_by(world: World) -> None:
    till = till_at(world)
    till.sync()
    assert set(till.terms) == {"keys", "station", "stations", "perks", "allowance"}
    assert [key["kid"] for key in till.terms["keys"]["keys"]] == ["ks1-1"]
    assert till.terms["keys"]["revoked"] == []
    assert till.terms["station"] == {
        "key": "popup",
        "name": "Pop-up",
        "zone": "Europe/Berlin",
        "hours": ["Mon-Sun 10:00-18:00"],
        "closed": [],
        "withdrawn": False,
    }
    assert till.terms["stations"] == {"other": "Other place"}
    assert till.terms["allowance"] == {"number": 30, "hours": 4}
    assert till.terms["perks"]["3"] == {
        "key": "card",
        "name": "Drinks",
        "kind": "item",
        "hand_over": None,
        "coupon": None,
        "staff_note": None,
        "identity": False,
        "minimum_age": None,
        "live": False,
        "offline": True,
        "stations": None,
        "closed": [],
        "uses": 3,
        "picture": None,
        "missed": "renew",
        "fixed_until": None,
        "withdrawn": False,
    }


def test_a_station_that_says_nothing_allows_the_usual(world: World) -> None:
    till = till_at(world, "other")
    till.sync()
    assert till.terms["allowance"] == {"number": 200, "hours": 12}


def test_each_answer_says_how_old_it_is(world: World) -> None:
    till = caught_up(world)
    with clock.standing_at(NOON + timedelta(minutes=5)):
        world.issue()
        [answer] = till.sync()
        assert answer["server_time"] == as_text(NOON + timedelta(minutes=5))
        assert answer["newest_change_at"] == as_text(NOON)
        assert answer["waiting_since"] == as_text(NOON + timedelta(minutes=5))
        seal(world)
        [answer] = till.sync()
    assert answer["newest_change_at"] == as_text(NOON + timedelta(minutes=5))
    assert answer["waiting_since"] is None


def test_where_nothing_changed_the_answer_is_short_and_nothing_is_written(world: World) -> None:
    till, said = caught_up(world), []
    engine = world.installation.database.engine

    def hear(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        said.append(statement)

    event.listen(engine, "before_cursor_execute", hear)
    answer = till.ask(till.cursor)
    event.remove(engine, "before_cursor_execute", hear)
    assert (answer["terms"], answer["vouchers"], answer["more"]) == (None, [], False)
    assert answer["cursor"] == till.cursor
    assert len(json.dumps(answer)) < 400
    reads = [statement for statement in said if not statement.startswith("BEGIN")]
    assert len(reads) <= 4
    assert not [statement for statement in reads if "UPDATE" in statement]


@pytest.mark.parametrize(
    "cursor",
    ["", "nonsense", "1.2.3", "9" * 400, "1.0000000000000000.00000000.0000000000000000", "\0"],
)
def test_a_cursor_that_is_none_gets_a_snapshot(world: World, cursor: str) -> None:
    assert caught_up(world).ask(cursor)["snapshot"]


def test_a_cursor_from_the_future_gets_a_snapshot(world: World) -> None:
    till = caught_up(world)
    number, _, rest = str(till.cursor).partition(".")
    told = till.ask(f"{int(number) + 1}.{rest}")
    assert told["snapshot"] and told["terms"]
    assert not till.ask(f"{number}.{rest}")["snapshot"]


def test_what_a_device_was_told_is_not_told_again(world: World) -> None:
    till, pin = caught_up(world), world.issue()
    void(world, pin)
    seal(world)
    [answer] = till.sync()
    assert [row[0] for row in answer["vouchers"]] == [name_of(pin.voucher)]


def test_a_record_that_was_restored_from_a_backup_is_told_anew(world: World) -> None:
    till = caught_up(world)
    number = till.answers[-1]["number"]
    lost = f"number >= {number}"
    say(
        world,
        f"DELETE FROM audit_entry WHERE {lost}",
        f"DELETE FROM audit_leaf WHERE {lost}",
        f"UPDATE audit_tree SET size = {number - 1}",
    )
    assert till.ask(till.cursor)["snapshot"]


def test_a_record_that_went_on_after_it_was_restored_is_told_anew(world: World) -> None:
    till = caught_up(world)
    number = till.answers[-1]["number"]
    other = f"(SELECT hash FROM audit_leaf WHERE number = {number - 1})"
    say(world, f"UPDATE audit_leaf SET hash = {other} WHERE number = {number}")
    void(world, world.issue())
    seal(world)
    assert till.sync()[0]["snapshot"]
    assert len(till.rows) == 2


def test_who_is_far_behind_gets_a_snapshot(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    till = caught_up(world)
    monkeypatch.setattr(answering, "FAR", 2)
    world.issue()
    world.issue()
    seal(world)
    assert not till.ask(till.cursor)["snapshot"]
    world.issue()
    seal(world)
    assert till.ask(till.cursor)["snapshot"]


def test_what_ended_more_than_a_day_ago_is_in_no_snapshot(world: World) -> None:
    till, late = till_at(world), world.issue()
    early = world.issue(now=NOON - timedelta(hours=1))
    redeem(world, till.scanner, early)
    redeem(world, till.scanner, late)
    till.sync(late.valid_until + timedelta(hours=23))
    assert till.row(early) is None
    assert till.row(late) == stands(late, "open", 0)
    other = till_at(world)
    other.sync(late.valid_until + timedelta(hours=24))
    assert other.rows == {}


def test_no_answer_has_a_code(world: World) -> None:
    till, pins = till_at(world), [world.issue() for _ in range(4)]
    redeem(world, till.scanner, pins[0])
    void(world, pins[1])
    extend(world, pins[2])
    before = till.sync()
    seal(world)
    told = json.dumps([*before, *till_at(world).sync()], ensure_ascii=False)
    assert name_of(pins[0].voucher) in told
    for pin in pins:
        code = pin.voucher
        spelled = [pin.token, pin.code, pin.code.replace("-", ""), code.hex(), pin.reference]
        assert not [one for one in spelled if one.lower() in told.lower()]
        assert str(int.from_bytes(code)) not in told


def test_what_a_device_knows_a_voucher_by_is_part_of_its_hash() -> None:
    assert name_of(bytes(range(8))) == "ioUf-C7nBIrQnsOE"


def test_another_communitys_vouchers_and_cursors_are_nothing_here(
    world: World, tmp_path: Path
) -> None:
    programme = LIMITED.replace('key = "test"', 'key = "neighbours"')
    neighbours = beside(world, tmp_path / "neighbours.toml", programme)
    theirs = till_at(neighbours)
    redeem(neighbours, theirs.scanner, neighbours.issue())
    void(neighbours, neighbours.issue())
    seal(world)
    ours = till_at(world)
    ours.sync()
    assert ours.rows == {}
    assert list(ours.terms["perks"]) == ["1", "2", "3"]
    theirs.sync()
    assert len(theirs.rows) == 2
    told = ours.ask(theirs.cursor)
    assert (told["snapshot"], told["vouchers"]) == (True, [])
    neighbours.installation.close()


def test_a_programme_that_changed_is_told_once(world: World) -> None:
    till = caught_up(world)
    reprogramme(world, 'name = "Other place"', 'name = "Elsewhere"')
    [answer] = till.sync()
    assert not answer["snapshot"]
    assert till.terms["stations"] == {"other": "Elsewhere"}
    assert till.sync()[0]["terms"] is None


def test_a_perk_that_got_other_uses_is_told_with_a_snapshot(world: World) -> None:
    card = world.issue("card")
    till = caught_up(world)
    assert till.row(card) is None
    reprogramme(world, "uses = 3", "uses = 5")
    assert till.sync()[0]["snapshot"]
    assert till.terms["perks"]["3"]["uses"] == 5
    assert till.row(card) == stands(card, "open", 3)


def test_a_key_that_leaked_is_told(world: World) -> None:
    till = caught_up(world)
    with world.installation.unit_of_work() as session:
        how: dict[str, Any] = {"reason": "r", "actor": COMMAND_LINE, "now": NOON}
        making.revoke(session, 1, community_id=world.community_id, **how)
    world.installation.plugins.memory.pop("key_set")
    [answer] = till.sync()
    assert not answer["snapshot"]
    assert till.terms["keys"]["revoked"] == [1]


def test_a_station_that_was_withdrawn_hands_over_nothing_alone(world: World) -> None:
    _, bearer = world.add_device("other")
    client = create_app(world.installation).test_client()
    reprogramme(world, "[stations.other]", "[stations.another]")
    terms = get(client, bearer).get_json()["terms"]
    assert terms["station"]["withdrawn"]
    assert terms["allowance"] == {"number": 0, "hours": 0}
    assert till_at(world).ask()["terms"]["stations"] == {"another": "Other place"}


def test_fifty_thousand_rows_are_less_than_three_megabytes(world: World) -> None:
    till, pins = till_at(world), [world.issue() for _ in range(60)]
    with world.installation.unit_of_work() as session:
        session.execute(update(Voucher).values(standing="superseded"))
    rows = till.ask()["vouchers"]
    assert len(rows) == len(pins)
    assert len(json.dumps(rows, separators=(",", ":"))) < 60 * len(rows)


def test_a_device_keeps_how_far_it_knows_once_a_minute(world: World) -> None:
    till = caught_up(world)

    def kept() -> Any:
        with world.installation.reading() as session:
            device = session.get_one(Device, till.scanner.device_id)
            return device.synced_at, device.synced_number

    first = (NOON, till.answers[-1]["number"])
    assert kept() == first
    void(world, world.issue())
    seal(world)
    till.sync(NOON + timedelta(seconds=59))
    assert kept() == first
    till.sync(NOON + timedelta(seconds=60))
    assert kept() == (NOON + timedelta(seconds=60), till.answers[-1]["number"])


def test_organisers_see_when_each_device_last_synced(world: World) -> None:
    till, idle = caught_up(world), world.add_device("other", "Till 2")[0]
    run = CliRunner().invoke(devices, ["list", "--json"], obj=world.installation)
    number = till.answers[-1]["number"]
    told = {one["id"]: (one["synced_at"], one["synced_number"]) for one in json.loads(run.stdout)}
    assert told == {
        idle.device_id: (None, None),
        till.scanner.device_id: (as_text(NOON), number),
    }
    page = Visitor(world.installation).sign_in().get("/console/devices").text
    assert page.count("<dt>Synced</dt><dd>never</dd>") == 1


def get(client: FlaskClient, bearer: str, **asked: str) -> Any:
    headers = {"Authorization": f"Bearer {bearer}"}
    return client.get(SYNC, query_string=asked, headers=headers)


def test_a_till_syncs_by_its_bearer_and_a_kiosk_by_its_cookie(
    world: World, client: FlaskClient
) -> None:
    scanner, bearer = world.add_device()
    answer = get(client, bearer)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    told = answer.get_json()
    assert get(client, bearer, cursor=told["cursor"]).get_json()["snapshot"]  # nothing is sealed
    seal(world)
    told = get(client, bearer).get_json()
    assert not get(client, bearer, cursor=told["cursor"]).get_json()["snapshot"]
    with world.installation.unit_of_work() as session:
        secret = pairing.renew_pairing(session, scanner.device_id, now=clock.now())
    client.post(f"{SITE}/kiosk/pair/{secret}", headers={"Origin": SITE})
    assert client.get(SYNC).get_json()["terms"]["station"]["key"] == "popup"


def test_a_revoked_device_is_told_nothing(world: World, client: FlaskClient) -> None:
    _, bearer = world.add_device()
    assert get(client, bearer).status_code == 200
    with world.installation.unit_of_work() as session:
        session.execute(update(Device).values(revoked_at=NOON))
    refused = get(client, bearer)
    assert (refused.status_code, refused.get_json()["title"]) == (401, "not_signed_in")
