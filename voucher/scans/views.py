"""`/api/v1/scans`: the contract that kiosks and partners' tills call."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, jsonify, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from app import clock
from app.http import BadRequest, admits, caller, installation, json_body, problem_details
from app.refusals import Refused
from voucher.scans.follow_ups.confirming import confirm, release
from voucher.scans.follow_ups.recalling import recall
from voucher.scans.follow_ups.refunding import refund_by_device
from voucher.scans.follow_ups.undoing import undo_by_device
from voucher.scans.follow_ups.whom import avatar, whom
from voucher.scans.judgement.desk import scan, scan_all
from voucher.scans.requests import EndRequest, RefundRequest, ScanRequest, UndoRequest
from voucher.scans.scanners import Scanner, ScannerGone, check_is

MOST_AT_ONCE = 500
AVATAR_SECONDS = 300
"""For so long a browser need not ask whether a member's picture is another one."""

blueprint = Blueprint("scans", __name__, url_prefix="/api/v1/scans")


@blueprint.post("")
@admits("device", rechecks=True)
def post_scan() -> Response:
    """Judges one attempt: 200 whatever the verdict; problem details where none can be given."""
    request = ScanRequest.read(json_body())
    return jsonify(scan(installation(), _scanner(), request, now=clock.now()))


@blueprint.post("/batch")
@admits("device", rechecks=True)
def post_batch() -> Response:
    """Judges up to 500 attempts, each by itself: one that cannot be judged blocks none.

    `{"scans": […]}` is answered by `{"answers": […]}` in the same order: an answer, or problem
    details in its place. With `"device"` they are taken from that one alone.
    """
    body = json_body()
    check_is(_scanner(), body.get("device"))
    bodies = body.get("scans")
    if not isinstance(bodies, list) or len(bodies) > MOST_AT_ONCE:
        raise BadRequest(f"Give at most {MOST_AT_ONCE} scans, as a list.")
    outcomes: dict[int, dict[str, Any]] = {}
    readable: dict[int, ScanRequest] = {}
    for place, body in enumerate(bodies):
        try:
            readable[place] = ScanRequest.read(body)
        except Refused as refused:
            outcomes[place] = problem_details(refused)
    judged = scan_all(installation(), _scanner(), list(readable.values()), now=clock.now())
    if judged and all(isinstance(outcome, ScannerGone) for outcome in judged):
        raise ScannerGone(str(judged[0]))
    for place, outcome in zip(readable, judged, strict=True):
        outcomes[place] = problem_details(outcome) if isinstance(outcome, Refused) else outcome
    return jsonify(answers=[outcomes[place] for place in range(len(bodies))])


@blueprint.post("/<uuid:attempt_id>/confirm")
@admits("device")
def post_confirm(attempt_id: UUID) -> Response:
    """What this device holds by that attempt was handed over."""
    asked = EndRequest.read(json_body())
    return _ended(lambda session, now: confirm(session, _scanner(), attempt_id, asked, now=now))


@blueprint.post("/<uuid:attempt_id>/release")
@admits("device")
def post_release(attempt_id: UUID) -> Response:
    """What this device holds by that attempt is free again."""
    asked = EndRequest.read(json_body())
    return _ended(lambda session, now: release(session, _scanner(), attempt_id, asked, now=now))


@blueprint.post("/<uuid:attempt_id>/undo")
@admits("device")
def post_undo(attempt_id: UUID) -> Response:
    """Takes back what this device redeemed with that attempt."""
    asked = UndoRequest.read(json_body())
    return _ended(
        lambda session, now: undo_by_device(session, _scanner(), attempt_id, asked, now=now)
    )


@blueprint.post("/<uuid:attempt_id>/refund")
@admits("device")
def post_refund(attempt_id: UUID) -> Response:
    """Gives another voucher for what was faulty, to who stands here with that one."""
    asked = RefundRequest.read(json_body())
    return _ended(
        lambda session, now: refund_by_device(session, _scanner(), attempt_id, asked, now=now)
    )


@blueprint.get("/<uuid:attempt_id>")
@admits("device")
def get_scan(attempt_id: UUID) -> Response:
    """What came of an attempt of this device, for one that did not hear it."""
    with installation().reading() as session:
        answer = jsonify(recall(session, _scanner(), attempt_id))
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.get("/<uuid:attempt_id>/member")
@admits("device")
def get_member(attempt_id: UUID) -> Response:
    """Who should stand there, and what they got it for: for whoever looks at the screen."""
    with installation().reading() as session:
        told = whom(session, _scanner(), attempt_id)
    answer = jsonify(told)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.get("/<uuid:attempt_id>/member/avatar")
@admits("device")
def get_avatar(attempt_id: UUID) -> AnyResponse:
    """A picture of who should stand there, as WebP; 404 where there is none."""
    with installation().reading() as session:
        found = avatar(session, _scanner(), attempt_id)
    answer = Response(found.content, mimetype="image/webp")
    answer.headers["Cache-Control"] = f"private, max-age={AVATAR_SECONDS}"
    answer.set_etag(found.digest)
    return answer.make_conditional(request)


def _ended(end: Callable[[Session, datetime], dict[str, Any]]) -> Response:
    return jsonify(installation().do(lambda session: end(session, clock.now())))


def _scanner() -> Scanner:
    scanner: Scanner = caller().about
    return scanner
