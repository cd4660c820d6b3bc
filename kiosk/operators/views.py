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
        there, held = admitted(session, device), holder(session, device, now)
    return jsonify(operators=there, signed_in=held, server_time=as_text(now))


@blueprint.post("/sign-in")
@admits("device")
def post_sign_in() -> Response:
    """An operator gives their PIN: to hold this device, or for one request."""
    asked, now = SignInRequest.read(json_body()), clock.now()
    signed_in = signing_in.sign_in(installation(), _scanner(), asked, now=now)
    return jsonify(
        operator={**_told(signed_in.operator), **_pin_of(signed_in.operator)},
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


def admitted(session: Session, device_id: str) -> list[dict[str, Any]]:
    """Who may sign in on a device, by name, as the API tells it."""
    there = admitting.admitted(session, Admission.device_id == device_id)
    return [{**_told(one.operator), **_pin_of(one.operator)} for one in there]


def _pin_of(operator: Operator) -> dict[str, Any]:
    """What a device has to know of a PIN: whether there is one, which, and whose choice it was."""
    return {
        "has_pin": operator.pin_hash is not None,
        "pin_number": operator.pin_number,
        "pin_chosen": operator.pin_chosen,
    }


def _told(operator: Operator) -> dict[str, Any]:
    return {"id": operator.id, "name": operator.name, "role": operator.role}


def _scanner() -> Scanner:
    scanner: Scanner = caller().about
    return scanner
