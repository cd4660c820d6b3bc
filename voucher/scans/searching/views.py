"""`/api/v1/members/search`: for a supervisor at a desk. By POST: no name lands in an access log."""

from flask import Blueprint, Response, jsonify

from app import clock
from app.http import admits, caller, installation, json_body
from voucher.scans.scanners import Scanner
from voucher.scans.searching.searching import SearchRequest, search

blueprint = Blueprint("members_search", __name__, url_prefix="/api/v1/members")


@blueprint.post("/search")
@admits("device")
def post_search() -> Response:
    """Members of that name, with what they can redeem here."""
    scanner: Scanner = caller().about
    asked = SearchRequest.read(json_body())
    return jsonify(search(installation(), scanner, asked, now=clock.now()))
