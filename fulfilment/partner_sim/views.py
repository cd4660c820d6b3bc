"""The demo's merch partner: the address that takes webhooks, and the page that shows them."""

from pathlib import Path

from flask import Blueprint, Response, abort, render_template, request, send_from_directory

from app import clock
from app.http import admits, installation, problem
from app.refusals import Refused
from fulfilment.partner_sim.receiving import PAGE, Received, keep, newest, signer
from fulfilment.partner_sim.reporting import plan
from fulfilment.webhooks.signing import ID, SIGNATURE, TIMESTAMP

HERE = Path(__file__).resolve().parent

blueprint = Blueprint("partner_sim", __name__, url_prefix=PAGE)


@blueprint.before_request
def only_in_the_demo() -> None:
    """Outside the demo, real partners have pages of their own: here is nothing then."""
    if not installation().settings.is_demo:
        abort(404)


@blueprint.post("/webhooks")
@admits("anybody")
def receive() -> Response:
    """Takes a signed message; 401 where it is not signed by us."""
    body = request.get_data()
    headers = {name: request.headers.get(name, "") for name in (ID, TIMESTAMP, SIGNATURE)}
    now = clock.now()
    try:
        with installation().reading() as session:
            partner = signer(session, headers, body, now=now)
        with installation().unit_of_work() as session:
            told = keep(session, headers, body, partner=partner, now=now)
            plan(session, told, headers[ID], now=now)
    except Refused as refused:
        # Whoever posts here is a program, whatever it says that it accepts.
        return problem(refused.status, refused.code, str(refused))
    return Response(status=204)


@blueprint.get("")
@blueprint.get("/")
@admits("anybody")
def page() -> str:
    """What this partner has received, newest first."""
    return render_template("partner/page.html", received=_received())


@blueprint.get("/deliveries")
@admits("anybody")
def deliveries() -> str:
    """The list alone, for the page to renew itself."""
    return render_template("partner/deliveries.html", received=_received())


@blueprint.get("/static/<path:name>")
@admits("anybody")
def static(name: str) -> Response:
    """The page's script and style."""
    return send_from_directory(HERE / "static", name, max_age=0)


def _received() -> list[Received]:
    with installation().reading() as session:
        return newest(session)
