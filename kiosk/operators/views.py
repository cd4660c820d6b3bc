"""`/api/v1/operators`: who may sign in on the device that asks, and signing in and out."""

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, jsonify
from sqlalchemy.orm import Session

from app import clock
from app.clock import as_text
from app.http import admits, caller, installation, json_body
from kiosk.devices.models import Admission
from kiosk.operators import admitting, signing_in
from kiosk.operators.models import Operator
from kiosk.operators.signing_in import SignInRequest
from voucher.scans.scanners import Scanner

blueprint = Blueprint("operators", __name__, url_prefix="/api/v1/operators")


@blueprint.get("")
@admits("device")
def get_operators() -> Response:
    """Who is admitted to this device, by name, and who holds it."""
    device, now = _scanner().device_id, clock.now()
    with installation().reading() as session:
        there = admitting.admitted(session, Admission.device_id == device)
        rows = [
            {**_told(one.operator), "has_pin": one.operator.pin_hash is not None} for one in there
        ]
        held = holder(session, device, now)
    return jsonify(operators=rows, signed_in=held, server_time=as_text(now))


@blueprint.post("/sign-in")
@admits("device")
def post_sign_in() -> Response:
    """An operator gives their PIN: to hold this device, or for one request."""
    asked, now = SignInRequest.read(json_body()), clock.now()
    signed_in = signing_in.sign_in(installation(), _scanner(), asked, now=now)
    return jsonify(
        operator=_told(signed_in.operator),
        until=as_text(signed_in.until),
        once=asked.once,
        server_time=as_text(now),
    )


@blueprint.post("/sign-out")
@admits("device")
def post_sign_out() -> Response:
    """Nobody holds this device any more."""
    now = clock.now()
    with installation().unit_of_work() as session:
        signing_in.sign_out(session, _scanner(), now=now)
    return jsonify(signed_in=None, server_time=as_text(now))


def holder(session: Session, device_id: str, now: datetime) -> dict[str, Any] | None:
    """Who holds a device and until when, as the API tells it."""
    held = admitting.holder_of(session, device_id, now=now)
    if held is None or held.signed_in_until is None:
        return None
    return {**_told(held.operator), "until": as_text(held.signed_in_until)}


def _told(operator: Operator) -> dict[str, Any]:
    return {"id": operator.id, "name": operator.name, "role": operator.role}


def _scanner() -> Scanner:
    scanner: Scanner = caller().about
    return scanner
