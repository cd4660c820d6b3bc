"""`/api/v1/partners`: where partners report, by messages that they sign."""

from flask import Blueprint, Response, jsonify, request

from app import clock
from app.http import admits, installation
from fulfilment.callbacks import taking
from fulfilment.webhooks.signing import ID, SIGNATURE, TIMESTAMP

blueprint = Blueprint("callbacks", __name__, url_prefix="/api/v1/partners")


@blueprint.post("/<key>/events")
@admits("anybody")
def receive(key: str) -> Response:
    """Takes a partner's report; 401 where it is not signed with the partner's secret."""
    body, now = request.get_data(), clock.now()
    headers = {name: request.headers.get(name, "") for name in (ID, TIMESTAMP, SIGNATURE)}
    with installation().reading() as session:
        partner = taking.sender(session, key, headers, body, now=now)
    answer = installation().do(
        lambda session: taking.take(session, partner, headers, body, now=now)
    )
    return jsonify(answer)
