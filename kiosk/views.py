"""The kiosk's pages: pairing and scanning."""

from typing import Any

from flask import (
    Blueprint,
    Response,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from app import clock
from app.actor import Actor
from app.clock import as_text
from app.communities.models import Community
from app.http import Caller, admits, caller, check_origin, installation
from app.installation import Installation
from kiosk.devices import pairing, scanners, seeing
from kiosk.installing import files
from kiosk.operators.views import admitted, holder
from voucher.scans.scanners import PICKUP, Scanner

COOKIE = "keepsake_device"
COOKIE_LASTS = 400 * 24 * 3600

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
def page() -> Response:
    """The scanner, or how to get this browser paired; a header says to the worker which it is."""
    return _page("kiosk/page.html")


@blueprint.get("/pickup")
@admits("anybody")
def pickup() -> Response:
    """The pickup desk, or how to get this browser paired; it says itself where it may not."""
    return _page("kiosk/pickup.html")


def _page(template: str) -> Response:
    scanner = caller().about
    if not isinstance(scanner, Scanner):
        text = render_template("kiosk/unpaired.html", demo=installation().settings.is_demo)
        return Response(text, headers={files.HEADER: files.NONE})
    community = _community(scanner.community_id)
    text = render_template(
        template,
        hands_out=PICKUP in scanner.may,
        device_id=scanner.device_id,
        station_name=scanner.station_name,
        device_name=scanner.device_name,
        zone=scanner.station_zone,
        may=" ".join(sorted(scanner.may)),
        operators=_operators(scanner),
        community_name=community.name,
        primary=community.primary_colour,
        accent=community.accent_colour,
    )
    return Response(text, headers={files.HEADER: files.kiosk()["version"]})


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
    """Who this device is, what it may, who holds it or could, and that the server is there."""
    scanner: Scanner = caller().about
    community, now = _community(scanner.community_id), clock.now()
    seeing.seen(installation(), scanner.device_id, now=now)
    with installation().reading() as session:
        operator = holder(session, scanner.device_id, now)
        there = admitted(session, scanner.device_id)
    return jsonify(
        device={
            "id": scanner.device_id,
            "name": scanner.device_name,
            "may": sorted(scanner.may),
        },
        operator=operator,
        operators=there,
        station={
            "key": scanner.station_key,
            "name": scanner.station_name,
            "operators": _operators(scanner),
        },
        community={
            "name": community.name,
            "primary": community.primary_colour,
            "accent": community.accent_colour,
        },
        server_time=as_text(now),
    )


def _operators(scanner: Scanner) -> str:
    """Whether somebody has to hold the device, in the programme's words."""
    return "required" if scanner.operators_required else "optional"


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
