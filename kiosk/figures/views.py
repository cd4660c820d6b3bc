"""`/api/v1/station`: what goes on at the station where a device stands."""

from flask import Blueprint, Response, jsonify

from app import clock
from app.clock import as_text
from app.http import admits, caller, installation
from kiosk.figures.counting import figures
from voucher.scans.scanners import Scanner

blueprint = Blueprint("station", __name__, url_prefix="/api/v1/station")


@blueprint.get("")
@admits("device")
def get_station() -> Response:
    """Handed out today, in stock, and how many devices are there: see docs/kiosk-screen.md."""
    scanner: Scanner = caller().about
    now = clock.now()
    answer = jsonify({"server_time": as_text(now), **figures(installation(), scanner, now=now)})
    answer.headers["Cache-Control"] = "no-store"
    return answer
