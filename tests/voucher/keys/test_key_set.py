"""The public key set, as kiosks and partners anywhere fetch it."""

from flask.testing import FlaskClient

from app import clock
from app.actor import COMMAND_LINE
from app.factory import create_app
from tests.support.installations import World
from voucher.keys import making
from voucher.token import KeySet, verify

ADDRESS = "/.well-known/jwks.json"


def client_of(world: World) -> FlaskClient:
    return create_app(world.installation).test_client()


def revoke(world: World, number: int) -> None:
    with world.installation.unit_of_work() as session:
        making.revoke(
            session,
            number,
            reason="leaked",
            community_id=world.community_id,
            actor=COMMAND_LINE,
            now=clock.now(),
        )
    world.installation.plugins.memory.clear()  # as after five seconds


def test_any_page_may_read_it_and_keep_it_for_five_minutes(world: World) -> None:
    answer = client_of(world).get(ADDRESS, headers={"Origin": "https://partner.example"})
    assert answer.status_code == 200
    assert answer.mimetype == "application/json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.cache_control.max_age == 300
    assert answer.cache_control.public
    assert set(answer.get_json()) == {"keys", "revoked"}


def test_who_has_it_already_is_told_that_nothing_changed(world: World) -> None:
    client = client_of(world)
    tag = client.get(ADDRESS).headers["ETag"]
    again = client.get(ADDRESS, headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == tag
    assert again.headers["Access-Control-Allow-Origin"] == "*"
    revoke(world, 1)
    changed = client.get(ADDRESS, headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert changed.headers["ETag"] != tag


def test_a_revoked_key_is_on_its_list_and_no_more_among_the_keys(world: World) -> None:
    voucher = world.issue()
    client, now = client_of(world), int(clock.now().timestamp())
    assert verify(voucher.token, KeySet.from_jwks(client.get(ADDRESS).get_json()), now).payload
    revoke(world, 1)
    published = client.get(ADDRESS).get_json()
    assert published["revoked"] == [1]
    assert [key["kid"] for key in published["keys"]] == ["ks1-2"]
    verdict = verify(voucher.token, KeySet.from_jwks(published), now).verdict
    assert verdict == "revoked_key"
