"""Who may use which route: a table written by hand, and every route walked by every role."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app import clock
from app.access import cookies, doors, signing_in
from app.activity.sources.keys import keeping
from app.actor import COMMAND_LINE
from app.communities import places
from app.factory import create_app
from kiosk.devices import pairing
from tests.support.installations import PROGRAMME, World, make_installation

ROLES = ("anybody", "organiser", "device", "member", "source")

TABLE = {
    "GET /": {"anybody"},
    "GET /static/<path:filename>": {"anybody"},
    "GET /.well-known/jwks.json": {"anybody"},
    "GET /console/scans": {"organiser"},
    "GET /console/scans.csv": {"organiser"},
    "GET /console/stock": {"organiser"},
    "POST /console/stock": {"organiser"},
    "GET /console/programme": {"organiser"},
    "GET /console/programme/programme.toml": {"organiser"},
    "POST /console/programme/compare": {"organiser"},
    "POST /console/programme/apply": {"organiser"},
    "GET /console/sources": {"organiser"},
    "POST /console/sources/<source>/key": {"organiser"},
    "POST /console/sources/<source>/revoke": {"organiser"},
    "POST /console/sources/<source>/unlink": {"organiser"},
    "GET /perks/<int:number>/picture": {"anybody"},
    "GET /V/<token>": {"anybody"},
    "GET /sign-in": {"anybody"},
    "GET /sign-in/<secret>": {"anybody"},
    "POST /sign-in/<secret>": {"anybody"},
    "GET /sign-in/by-discord": {"anybody"},
    "GET /sign-in/by-discord/back": {"anybody"},
    "POST /sign-out": {"organiser"},
    "GET /c/<key>/achievements": {"anybody"},
    "GET /wallet/": {"member"},
    "GET /wallet/progress": {"member"},
    "GET /wallet/enter/<secret>": {"anybody"},
    "POST /wallet/enter/<secret>": {"anybody"},
    "POST /wallet/sign-out": {"member"},
    "POST /wallet/sign-out-elsewhere": {"member"},
    "GET /wallet/status": {"member"},
    "POST /wallet/zone": {"member"},
    "GET /wallet/accounts": {"member"},
    "POST /wallet/accounts": {"member"},
    "POST /wallet/accounts/unlink": {"member"},
    "GET /wallet/<reference>": {"member"},
    "GET /wallet/<reference>/live": {"member"},
    "GET /wallet/<reference>/card.pdf": {"member"},
    "GET /wallet/<reference>/picture": {"member"},
    "GET /wallet/<reference>/proofs/<uuid:entry>": {"member"},
    "POST /wallet/<reference>/reissue": {"member"},
    "POST /wallet/<reference>/renew": {"member"},
    "POST /wallet/<reference>/dispute": {"member"},
    "GET /wallet/manifest.webmanifest": {"anybody"},
    "GET /wallet/worker.js": {"anybody"},
    "GET /wallet/static/<path:name>": {"anybody"},
    "GET /c/<community>/leaderboards/": {"anybody"},
    "GET /c/<community>/leaderboards/<board>": {"anybody"},
    "GET /c/<community>/leaderboards/<board>/<window>": {"anybody"},
    "GET /console/leaderboards": {"organiser"},
    "POST /wallet/leaderboards": {"member"},
    "GET /console": {"organiser"},
    "GET /console/overview/panels": {"organiser"},
    "POST /console/conflicts/<uuid:conflict>": {"organiser"},
    "POST /console/disputes/<uuid:redemption>": {"organiser"},
    "GET /console/stations": {"organiser"},
    "GET /console/devices": {"organiser"},
    "POST /console/devices": {"organiser"},
    "POST /console/devices/<device>/pairing": {"organiser"},
    "POST /console/devices/<device>/allow": {"organiser"},
    "POST /console/devices/<device>/revoke": {"organiser"},
    "GET /console/operators": {"organiser"},
    "POST /console/operators": {"organiser"},
    "POST /console/operators/<operator>/pin": {"organiser"},
    "POST /console/operators/<operator>/role": {"organiser"},
    "POST /console/operators/<operator>/admit": {"organiser"},
    "POST /console/operators/<operator>/dismiss": {"organiser"},
    "POST /console/operators/<operator>/withdraw": {"organiser"},
    "POST /api/v1/events": {"source"},
    "POST /api/v1/links": {"source"},
    "POST /api/v1/links/confirm": {"source"},
    "POST /api/v1/scans": {"device"},
    "POST /api/v1/scans/batch": {"device"},
    "GET /api/v1/scans/<uuid:attempt_id>": {"device"},
    "GET /api/v1/scans/<uuid:attempt_id>/member": {"device"},
    "GET /api/v1/scans/<uuid:attempt_id>/member/avatar": {"device"},
    "GET /api/v1/station": {"device"},
    "POST /api/v1/scans/<uuid:attempt_id>/confirm": {"device"},
    "POST /api/v1/scans/<uuid:attempt_id>/refund": {"device"},
    "POST /api/v1/scans/<uuid:attempt_id>/release": {"device"},
    "POST /api/v1/scans/<uuid:attempt_id>/undo": {"device"},
    "POST /api/v1/members/search": {"device"},
    "GET /api/v1/operators": {"device"},
    "POST /api/v1/operators/sign-in": {"device"},
    "POST /api/v1/operators/sign-out": {"device"},
    "GET /api/v1/sync": {"device"},
    "GET /api/v1/pickups": {"device"},
    "POST /api/v1/pickups/find": {"device"},
    "POST /api/v1/pickups/<order>/collect": {"device"},
    "POST /api/v1/pickups/<order>/not-found": {"device"},
    "POST /api/v1/pickups/<order>/return": {"device"},
    "POST /api/v1/pickups/<order>/shelf": {"device"},
    "POST /api/v1/partners/<key>/events": {"anybody"},
    "GET /console/orders": {"organiser"},
    "GET /kiosk/pickup": {"anybody"},
    "GET /kiosk": {"anybody"},
    "GET /kiosk/": {"anybody"},
    "GET /kiosk/pair/<secret>": {"anybody"},
    "POST /kiosk/pair/<secret>": {"anybody"},
    "GET /kiosk/status": {"device"},
    "GET /kiosk/static/<path:name>": {"anybody"},
    "GET /kiosk/vendor/zxing/<path:name>": {"anybody"},
    "GET /kiosk/vendor/ed25519/<path:name>": {"anybody"},
    "GET /kiosk/manifest.webmanifest": {"anybody"},
    "GET /kiosk/worker.js": {"anybody"},
    "GET /demo/partner": {"anybody"},
    "GET /demo/partner/": {"anybody"},
    "GET /demo/partner/deliveries": {"anybody"},
    "POST /demo/partner/webhooks": {"anybody"},
    "GET /demo/partner/static/<path:name>": {"anybody"},
}

SOURCE = """
[sources.forum]
name = "Forum"
kinds = ["post"]
"""
SIGNED = {"POST /demo/partner/webhooks", "POST /api/v1/partners/<key>/events"}


@pytest.fixture
def site(tmp_path: Path) -> Iterator[tuple[World, Flask]]:
    """The application on SQLite: who may do what does not depend on the engine."""
    database = f"sqlite:///{tmp_path / 'keepsake.sqlite3'}"
    installation = make_installation(
        tmp_path, database, PROGRAMME + SOURCE, public_url="http://localhost"
    )
    yield World(installation), create_app(installation)
    installation.close()


def routes(app: Flask) -> set[str]:
    return {
        f"{method} {rule.rule}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def as_role(world: World, app: Flask, role: str) -> tuple[FlaskClient, dict[str, str]]:
    client, headers = app.test_client(), {"Origin": "http://localhost"}
    if role == "device":
        headers["Authorization"] = f"Bearer {world.add_device()[1]}"
    if role == "source":
        with world.installation.unit_of_work() as session:
            how: dict[str, Any] = {"actor": COMMAND_LINE, "now": clock.now()}
            key = keeping.make(session, world.community_id, "forum", **how)
        headers["Authorization"] = f"Bearer {key}"
    if role == "organiser":
        with world.installation.unit_of_work() as session:
            now = clock.now()
            found = signing_in.organiser(session, world.community_id, "ada", now=now)
            client.set_cookie(cookies.NAME, signing_in.start_session(session, found.id, now=now))
    if role == "member":
        world.issue()
        with world.installation.unit_of_work() as session:
            secret = doors.start_session(session, doors.MEMBERS, 1, now=clock.now())
        client.set_cookie(cookies.WALLET.name, secret, path=cookies.WALLET.path)
    return client, headers


def test_every_route_stands_in_the_table(site: tuple[World, Flask]) -> None:
    assert routes(site[1]) == set(TABLE)


@pytest.mark.parametrize("role", ROLES)
def test_every_route_admits_exactly_its_roles(site: tuple[World, Flask], role: str) -> None:
    world, app = site
    for route, admitted in TABLE.items():
        client, headers = as_role(world, app, role)
        method, path = route.split()
        for part in re.findall(r"<(?:path:)?\w+>", path):
            path = path.replace(part, "x")
        for part in ("attempt_id", "entry", "conflict", "redemption"):
            path = path.replace(f"<uuid:{part}>", "00000000-0000-7000-8000-000000000000")
        body: dict[str, str] | None = {} if method == "POST" else None
        answer = client.open(path, method=method, headers=headers, json=body, buffered=True)
        inside = role in admitted or "anybody" in admitted
        # A route that refuses by its own rules answers 400, 403 by name, 404, 410 or 422.
        refused = answer.status_code == 401 or b"This is not for you" in answer.data
        if route in SIGNED:
            continue  # it asks for a signature, whoever sends it
        assert refused is not inside, (route, role, answer.status_code)


@pytest.mark.parametrize("origin", [None, "https://evil.example", "null"])
def test_a_cookies_write_from_another_site_is_refused(
    site: tuple[World, Flask], origin: str | None
) -> None:
    world, app = site
    client, _ = as_role(world, app, "organiser")
    headers = {"Origin": origin} if origin else {}
    assert client.post("/sign-out", headers=headers).status_code == 403
    assert client.get("/console").status_code == 200


def test_a_pairing_link_is_used_up_by_its_post_and_never_by_a_get(
    site: tuple[World, Flask],
) -> None:
    world, app = site
    with world.installation.unit_of_work() as session:
        station = places.station(session, world.community_id, "popup")
        added = pairing.add(session, station, "Door", actor=COMMAND_LINE, now=clock.now())
    path, origin = f"/kiosk/pair/{added.pairing_secret}", {"Origin": "http://localhost"}
    client = app.test_client()
    for _ in range(3):
        assert client.get(path).status_code == 200
    assert client.post(path, headers=origin).status_code == 303
    assert client.get("/kiosk/status").status_code == 200
    assert app.test_client().post(path, headers=origin).status_code == 410
    assert app.test_client().get(path).status_code == 200
