"""`/api/v1/sync`: what a device must know to judge by itself."""

from datetime import datetime

from flask import Blueprint, Response, jsonify, request
from pydantic import TypeAdapter, ValidationError

from app import clock
from app.http import BadRequest, admits, caller, installation
from kiosk.devices.syncing import Said
from kiosk.sync.answering import sync
from voucher.scans.requests import Moment
from voucher.scans.scanners import Scanner

MOMENT: TypeAdapter[datetime] = TypeAdapter(Moment)
MOST_DIGITS = 6

blueprint = Blueprint("sync", __name__, url_prefix="/api/v1/sync")


@blueprint.get("")
@admits("device")
def get_sync() -> Response:
    """What has changed since `?cursor=`, or all there is: see docs/sync.md."""
    scanner: Scanner = caller().about
    asked, now = request.args, clock.now()
    told_until = _moment(asked.get("told_until"))
    said = Said(told_until, _number(asked.get("waiting")))
    answer = jsonify(sync(installation(), scanner, asked.get("cursor"), said, now=now))
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _number(text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS):
        raise BadRequest("Write waiting as a whole number: how many scans are still to be sent.")
    return int(text)


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        return MOMENT.validate_strings(text)
    except ValidationError as error:
        raise BadRequest("Write told_until like 2026-12-05T10:02:00Z.") from error
