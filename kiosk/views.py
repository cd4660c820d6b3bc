"""The kiosk's pages: pairing, scanning, and the files that they load."""

from pathlib import Path
from typing import Any

from flask import (
    Blueprint,
    Response,
    jsonify,
    redirect,
    render_template,
    request,
    send_from_directory,
    url_for,
)
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from app import clock
from app.actor import Actor
from app.clock import as_text
from app.communities.models import Community
from app.http import Caller, admits, caller, check_origin, installation
from app.installation import Installation
from kiosk.devices import pairing, scanners, seeing
from kiosk.operators.views import holder
from voucher.scans.scanners import Scanner

COOKIE = "keepsake_device"
COOKIE_LASTS = 400 * 24 * 3600
READER = ("es/reader/index.js", "es/share.js", "reader/zxing_reader.wasm")
"""The files of the code reader that a browser loads."""

HERE = Path(__file__).resolve().parent
VENDOR = HERE.parent / "node_modules" / "zxing-wasm" / "dist"

blueprint = Blueprint("kiosk", __name__, url_prefix="/kiosk")


def authenticate(owner: Installation, req: Any, *, remembered: bool = False) -> Caller | None:
    """The device whose bearer token or cookie the request carries, or None."""
    kind, _, bearer = req.headers.get("Authorization", "").partition(" ")
    cookie = req.cookies.get(COOKIE)
    if kind.lower() == "bearer":
        scanner = scanners.by_bearer(owner, bearer.strip(), remembered=remembered)
        return _caller(scanner, by_cookie=False)
    if cookie and req.path.startswith(("/kiosk", "/api/")):
        scanner = scanners.by_cookie(owner, cookie, remembered=remembered)
        return _caller(scanner, by_cookie=True)
    return None


@blueprint.get("")
@blueprint.get("/")
@admits("anybody")
def page() -> str:
    """The scanner, or how to get this browser paired."""
    scanner = caller().about
    if not isinstance(scanner, Scanner):
        return render_template("kiosk/unpaired.html", demo=installation().settings.is_demo)
    community = _community(scanner.community_id)
    return render_template(
        "kiosk/page.html",
        station_name=scanner.station_name,
        device_name=scanner.device_name,
        zone=scanner.station_zone,
        community_name=community.name,
        primary=community.primary_colour,
        accent=community.accent_colour,
    )


@blueprint.get("/pair/<secret>")
@admits("anybody")
def show_pairing(secret: str) -> str:
    """The page of a pairing link: looking at it does not use it up."""
    with installation().reading() as session:
        found = pairing.open_pairing(session, secret, now=clock.now())
        names = (found[1].name, found[0].name) if found else ("", "")
    return render_template(
        "kiosk/pair.html",
        station_name=names[0],
        device_name=names[1],
        expired=found is None,
        paired=caller().about if isinstance(caller().about, Scanner) else None,
    )


@blueprint.post("/pair/<secret>")
@admits("anybody")
def pair(secret: str) -> AnyResponse:
    """Uses the link up: this browser is the station's device from now on."""
    check_origin()
    with installation().unit_of_work() as session:
        cookie = pairing.pair(session, secret, request.form.get("name"), now=clock.now())
    answer = redirect(url_for("kiosk.page"), 303)
    answer.set_cookie(
        COOKIE,
        cookie,
        max_age=COOKIE_LASTS,
        httponly=True,
        samesite="Strict",
        secure=installation().settings.is_secure,
    )
    return answer


@blueprint.get("/status")
@admits("device")
def status() -> Response:
    """Who this device is, what it may, who holds it, and that the server is there."""
    scanner: Scanner = caller().about
    community, now = _community(scanner.community_id), clock.now()
    seeing.seen(installation(), scanner.device_id, now=now)
    with installation().reading() as session:
        operator = holder(session, scanner.device_id, now)
    return jsonify(
        device={
            "id": scanner.device_id,
            "name": scanner.device_name,
            "may": sorted(scanner.may),
        },
        operator=operator,
        station={"key": scanner.station_key, "name": scanner.station_name},
        community={
            "name": community.name,
            "primary": community.primary_colour,
            "accent": community.accent_colour,
        },
        server_time=as_text(now),
    )


@blueprint.get("/static/<path:name>")
@admits("anybody")
def static(name: str) -> AnyResponse:
    """Our own scripts and styles."""
    return send_from_directory(HERE / "static", name, max_age=0)


@blueprint.get("/vendor/zxing/<path:name>")
@admits("anybody")
def vendor(name: str) -> AnyResponse:
    """The code reader, as npm installed it: from here, never from its own network of copies."""
    if name not in READER:
        raise NotFound
    if not VENDOR.is_dir():
        raise NotFound("The code reader is not installed: run `npm ci` where package.json lies.")
    # Asked for again each time, so that an upgrade never mixes an old script with a new wasm.
    return send_from_directory(VENDOR, name, max_age=0)


def _caller(scanner: Scanner | None, *, by_cookie: bool) -> Caller | None:
    if scanner is None:
        return None
    return Caller(
        Actor("device", scanner.device_id),
        frozenset({"device"}),
        scanner.community_id,
        by_cookie=by_cookie,
        about=scanner,
    )


def _community(community_id: int) -> Community:
    with installation().reading() as session:
        return session.get_one(Community, community_id)
