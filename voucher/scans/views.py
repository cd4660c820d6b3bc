"""`POST /api/v1/scans`: the contract that kiosks and partners' tills call."""

from uuid import UUID

from flask import Blueprint, Response, jsonify

from app import clock
from app.http import admits, caller, installation, json_body
from voucher.scans.desk import scan
from voucher.scans.requests import Scanner, ScanRequest
from voucher.scans.undoing import UndoRequest, undo_by_device

blueprint = Blueprint("scans", __name__, url_prefix="/api/v1/scans")


@blueprint.post("")
@admits("device", rechecks=True)
def post_scan() -> Response:
    """Judges one attempt: 200 whatever the verdict; problem details where none can be given."""
    scanner: Scanner = caller().about
    request = ScanRequest.read(json_body())
    return jsonify(scan(installation(), scanner, request, now=clock.now()))


@blueprint.post("/<uuid:attempt_id>/undo")
@admits("device")
def post_undo(attempt_id: UUID) -> Response:
    """Takes back what this device redeemed with that attempt, within ten minutes."""
    scanner: Scanner = caller().about
    asked = UndoRequest.read(json_body())
    with installation().unit_of_work() as session:
        answer = undo_by_device(session, scanner, attempt_id, asked, now=clock.now())
    return jsonify(answer)
