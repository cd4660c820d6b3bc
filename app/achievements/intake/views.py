"""`POST /api/v1/events`."""

from flask import Blueprint, Response, jsonify, request

from app import clock
from app.achievements.intake.receiving import receive
from app.activity.formats import cloudevents
from app.activity.sources.keys.keeping import Sender
from app.http import admits, caller, installation

blueprint = Blueprint("events", __name__, url_prefix="/api/v1")


@blueprint.post("/events")
@admits("source")
def events() -> Response:
    """Takes CloudEvents in, and answers for each of them in the order in which they were sent."""
    sender: Sender = caller().about
    sent = cloudevents.read_request(request.content_type or "", request.headers, request.get_data())
    taken = installation().do(lambda session: receive(session, sender, sent, now=clock.now()))
    return jsonify(taken.as_json())
