"""`/api/v1/sync`: what a device must know to judge by itself."""

from flask import Blueprint, Response, jsonify, request

from app import clock
from app.http import admits, caller, installation
from kiosk.sync.answering import sync
from voucher.scans.scanners import Scanner

blueprint = Blueprint("sync", __name__, url_prefix="/api/v1/sync")


@blueprint.get("")
@admits("device")
def get_sync() -> Response:
    """What has changed since `?cursor=`, or all there is: see docs/sync.md."""
    scanner: Scanner = caller().about
    told = sync(installation(), scanner, request.args.get("cursor"), now=clock.now())
    answer = jsonify(told)
    answer.headers["Cache-Control"] = "no-store"
    return answer
