"""`/api/v1/pickups`: what a pickup desk asks."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, jsonify, request
from sqlalchemy.orm import Session

from app import clock
from app.clock import as_text
from app.http import admits, caller, installation, json_body
from fulfilment.pickups import handing, looking
from fulfilment.pickups.looking import OtherStation
from fulfilment.pickups.requests import (
    CollectRequest,
    DeedRequest,
    FindRequest,
    ReturnRequest,
    ShelfRequest,
)
from voucher.scans.scanners import Scanner

blueprint = Blueprint("pickups", __name__, url_prefix="/api/v1/pickups")


@blueprint.get("")
@admits("device")
def get_pickups() -> Response:
    """Orders at the device's station: those that are ready, or in `state`, whose member or number
    begins with `name`.
    """
    scanner, now = _desk(), clock.now()
    asked = request.args.get("station", scanner.station_key)
    if asked != scanner.station_key:
        raise OtherStation(f"This device stands at {scanner.station_name}, not at {asked}.")
    group, text = request.args.get("state", "ready"), request.args.get("name", "")
    with installation().reading() as session:
        found = looking.listed(session, scanner, group, text)
    station = {"key": scanner.station_key, "name": scanner.station_name}
    return jsonify(**found, state=group, station=station, server_time=as_text(now))


@blueprint.post("/find")
@admits("device")
def find() -> Response:
    """The orders here of the voucher that a member shows."""
    scanner, now = _desk(), clock.now()
    found = looking.shown(installation(), scanner, FindRequest.read(json_body()), now=now)
    return jsonify(orders=found, server_time=as_text(now))


@blueprint.post("/<order>/collect")
@admits("device")
def collect(order: str) -> Response:
    """It, or parts of it, were handed over."""
    asked = CollectRequest.read(json_body())
    return _done(lambda session, now: handing.collect(session, _scanner(), order, asked, now=now))


@blueprint.post("/<order>/not-found")
@admits("device")
def not_found(order: str) -> Response:
    """It, or parts of it, do not lie where they should."""
    asked = DeedRequest.read(json_body())
    return _done(lambda session, now: handing.not_found(session, _scanner(), order, asked, now=now))


@blueprint.post("/<order>/return")
@admits("device")
def take_back(order: str) -> Response:
    """Its member brought it, or parts of it, back."""
    asked = ReturnRequest.read(json_body())
    return _done(lambda session, now: handing.take_back(session, _scanner(), order, asked, now=now))


@blueprint.post("/<order>/shelf")
@admits("device")
def shelve(order: str) -> Response:
    """It lies there, and is ready with that."""
    asked = ShelfRequest.read(json_body())
    return _done(lambda session, now: handing.shelve(session, _scanner(), order, asked, now=now))


def _done(do: Callable[[Session, datetime], dict[str, Any]]) -> Response:
    return jsonify(installation().do(lambda session: do(session, clock.now())))


def _desk() -> Scanner:
    scanner = _scanner()
    handing.check_may_hand_out(scanner)
    return scanner


def _scanner() -> Scanner:
    scanner: Scanner = caller().about
    return scanner
