"""The public key set."""

from hashlib import sha256

from flask import Blueprint, Response, json, request
from werkzeug.wrappers import Response as AnyResponse

from app.http import admits, installation
from voucher.keys.keyring import key_set

blueprint = Blueprint("keys", __name__)


@blueprint.get("/.well-known/jwks.json")
@admits("anybody")
def jwks() -> AnyResponse:
    """Public keys and revoked numbers (RFC 7517), for kiosks and partners anywhere."""
    with installation().reading() as session:
        text = json.dumps(key_set(session).as_jwks(), separators=(",", ":"), sort_keys=True)
    answer = Response(text, mimetype="application/json")
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Cache-Control"] = "public, max-age=300"
    answer.set_etag(sha256(text.encode()).hexdigest()[:32])
    return answer.make_conditional(request)
