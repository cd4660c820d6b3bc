"""The organisers' page of devices: adding, pairing, allowing, revoking."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, render_template, request
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from app import clock
from app.communities import places
from app.communities.models import Station
from app.console import forms
from app.console.frame import frame
from app.http import admits, installation
from app.refusals import Refused
from kiosk.devices import listing, pairing, permitting
from kiosk.devices.commands import pairing_address
from kiosk.devices.link_codes import link_code

blueprint = Blueprint("devices", __name__, url_prefix="/console/devices")


class NameUnreadable(Refused):
    """The name says nothing, or cannot be seen."""

    code = "name_unreadable"


@dataclass(frozen=True)
class NewLink:
    """A pairing link that was just made, for a device at a station."""

    device: str
    station: str
    secret: str


@blueprint.get("")
@admits("organiser")
def page() -> str:
    """Every device, and a form for another one; `?station=` chooses where."""
    return _page()


@blueprint.post("")
@admits("organiser")
def add() -> AnyResponse:
    """Makes a device and shows how to pair it."""
    form = request.form

    def make(session: Session, ours: int, how: dict[str, Any]) -> NewLink:
        place = places.station(session, ours, form.get("station", ""))
        name = _name(form.get("name", ""))
        added = pairing.add(session, place, name, may=form.getlist("may"), **how)
        return NewLink(name, place.name, added.pairing_secret)

    return _answer(make)


@blueprint.post("/<device>/pairing")
@admits("organiser")
def pair_anew(device: str) -> AnyResponse:
    """A new link for another browser, which takes the place of the one that is there."""

    def renew(session: Session, ours: int, how: dict[str, Any]) -> NewLink:
        found, secret = pairing.pair_anew(session, ours, device, **how)
        return NewLink(found.name, session.get_one(Station, found.station_id).name, secret)

    return _answer(renew)


@blueprint.post("/<device>/allow")
@admits("organiser")
def allow(device: str) -> AnyResponse:
    """Lets a device do what is ticked and nothing else."""
    may = request.form.getlist("may")
    return _answer(lambda session, ours, how: permitting.allow(session, ours, device, may, **how))


@blueprint.post("/<device>/revoke")
@admits("organiser")
def revoke(device: str) -> AnyResponse:
    """Lets a device scan no more, for good."""
    return _answer(lambda session, ours, how: permitting.revoke(session, ours, device, **how))


def _answer(change: forms.Change) -> AnyResponse:
    """What a form comes to: the page again, or a new link's."""
    return forms.answer(change, _page, "devices.page", shown=_pairing_page)


def _page(complaint: str = "") -> str:
    ours = frame().community.id
    with installation().reading() as session:
        now = clock.now()
        shown = {
            "devices": listing.standing(session, ours, now=now),
            "revoked": listing.revoked(session, ours, now=now),
            "stations": session.scalars(
                select(Station)
                .where(Station.community_id == ours, Station.withdrawn_at.is_(None))
                .order_by(Station.name)
            ).all(),
        }
    return forms.render("organiser/devices.html", complaint, **shown, words=permitting.WORDS)


def _pairing_page(link: object) -> AnyResponse | None:
    if not isinstance(link, NewLink):
        return None
    address = pairing_address(installation(), link.secret)
    page = render_template(
        "organiser/pairing.html",
        device=link.device,
        station=link.station,
        address=address,
        code=link_code(address),
        hours=int(pairing.PAIRING_LASTS.total_seconds() // 3600),
    )
    return Response(page)


def _name(text: str) -> str:
    name = text.strip()
    if not name or len(name) > pairing.LONGEST_NAME or not name.isprintable():
        most = pairing.LONGEST_NAME
        raise NameUnreadable(f"A device's name has 1 to {most} characters that can be seen.")
    return name
