"""The organisers' page of scans, and the same as a table to download."""

import csv
import io
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, render_template, request
from sqlalchemy import select

from app import clock
from app.clock import as_text
from app.communities.models import Station
from app.console.frame import frame
from app.http import admits, installation
from app.installation import Installation
from voucher.scans.browsing import listing
from voucher.scans.browsing.listing import Listed
from voucher.scans.browsing.wanted import OUTCOMES, Wanted, WantedUnreadable

COLUMNS = (
    "received_at",
    "scanned_at",
    "outcome",
    "mode",
    "perk",
    "voucher",
    "uses",
    "station",
    "device",
    "device_id",
    "operator",
    "offline",
    "conflict",
    "undone_at",
    "audit_entry",
    "overridden",
    "by_reference",
)
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What a cell must not begin with: spreadsheets would reckon with it."""

blueprint = Blueprint("scans_page", __name__, url_prefix="/console")


@blueprint.get("/scans")
@admits("organiser")
def page() -> str | tuple[str, int]:
    """Scans, newest first, those that are wanted."""
    around, now, complaint = frame(), clock.now(), ""
    try:
        wanted = Wanted.read(request.args)
    except WantedUnreadable as unreadable:
        wanted, complaint = Wanted(), str(unreadable)
    ours = around.community.id
    with installation().reading() as session:
        found = listing.page(session, ours, wanted, around.zone, request.args.get("after"))
        stations = session.scalars(
            select(Station).where(Station.community_id == ours).order_by(Station.name)
        ).all()
    shown = render_template(
        "organiser/scans.html",
        scans=found.scans,
        after=found.after,
        wanted=wanted,
        typed=request.args,
        complaint=complaint,
        outcomes=OUTCOMES,
        stations=stations,
        zone=around.zone,
        now=now,
    )
    return (shown, WantedUnreadable.status) if complaint else shown


@blueprint.get("/scans.csv")
@admits("organiser")
def table() -> Response:
    """All scans that are wanted as CSV (RFC 4180), told while they are read."""
    around = frame()
    wanted = Wanted.read(request.args)
    told = _told(installation(), around.community.id, wanted, around.zone)
    answer = Response(told, mimetype="text/csv; charset=utf-8")
    name = f"scans-{clock.now().astimezone(around.zone):%Y-%m-%d-%H%M}.csv"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _told(owner: Installation, community_id: int, wanted: Wanted, zone: ZoneInfo) -> Iterator[str]:
    # Spreadsheets take it for UTF-8 by this mark alone.
    yield "\ufeff" + _line(COLUMNS)
    with owner.reading() as session:
        for one in listing.all_of(session, community_id, wanted, zone):
            yield _line(_cells(one))


def _cells(one: Listed) -> tuple[str, ...]:
    told = (
        as_text(one.at),
        as_text(one.scanned_at),
        one.verdict,
        one.mode,
        one.perk,
        one.voucher,
        str(one.uses),
        one.station,
        one.device,
        one.device_id,
        one.operator,
        "yes" if one.offline else "no",
        one.conflict,
        as_text(one.undone_at) if one.undone_at else "",
        one.audit_entry,
        one.overridden,
        "yes" if one.by_reference else "no",
    )
    return tuple(f"'{cell}" if cell.startswith(FORMULA) else cell for cell in told)


def _line(cells: tuple[str, ...]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()
