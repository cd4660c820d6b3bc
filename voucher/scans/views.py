"""`POST /api/v1/scans`: the contract that kiosks and partners' tills call."""

from flask import Blueprint, Response, jsonify

from app import clock
from app.http import admits, caller, installation, json_body
from voucher.scans.desk import scan
from voucher.scans.requests import Scanner, ScanRequest

blueprint = Blueprint("scans", __name__, url_prefix="/api/v1/scans")


@blueprint.post("")
@admits("device", rechecks=True)
def post_scan() -> Response:
    """Judges one attempt: 200 whatever the verdict; problem details where none can be given."""
    scanner: Scanner = caller().about
    request = ScanRequest.read(json_body())
    return jsonify(scan(installation(), scanner, request, now=clock.now()))
