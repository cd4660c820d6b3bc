"""`keepsake devices`."""

import json
from collections.abc import Callable
from typing import Any

import click

from app import clock
from app.actor import COMMAND_LINE
from app.clock import as_text
from app.communities.places import station
from app.installation import Installation
from app.options import json_option
from app.programme.applying import ready_community
from kiosk.devices import listing, pairing, permitting
from kiosk.devices.listing import Listed
from voucher.scans.scanners import USUAL

may_option: Callable[..., Any] = click.option(
    "--may",
    multiple=True,
    type=click.Choice(permitting.PERMISSIONS),
    help="What it may do, once for each; `check` alone lets it hand nothing out.",
)


@click.group()
def devices() -> None:
    """What scans vouchers."""


@devices.command("add")
@click.option("--station", "station_key", required=True, help="The station's key.")
@click.option("--name", default="Door", show_default=True)
@may_option
@json_option
@click.pass_obj
def add(
    installation: Installation, station_key: str, name: str, may: tuple[str, ...], as_json: bool
) -> None:
    """Let a device scan for a station: a browser by its link, or a script by its token."""
    community_id = ready_community(installation)
    with installation.unit_of_work() as session:
        place = station(session, community_id, station_key)
        how: dict[str, Any] = {"may": may or USUAL, "actor": COMMAND_LINE, "now": clock.now()}
        added = pairing.add(session, place, name, **how)
    address = pairing_address(installation, added.pairing_secret)
    if as_json:
        row = {"id": added.id, "pairing_url": address, "bearer": added.bearer}
        click.echo(json.dumps(row))
        return
    click.echo(f"Device: {added.id}\nPairing link: {address}\nBearer token: {added.bearer}")


@devices.command("list")
@json_option
@click.pass_obj
def list_devices(installation: Installation, as_json: bool) -> None:
    """Every device that was not revoked, by station."""
    community_id = ready_community(installation)
    with installation.reading() as session:
        rows = listing.standing(session, community_id, now=clock.now())
    if as_json:
        click.echo(json.dumps([_as_json(one) for one in rows]))
        return
    for one in rows:
        click.echo(f"{one.id}  {one.station:<20}  {one.name:<20}  {', '.join(one.words)}")


@devices.command("allow")
@click.argument("device_id")
@may_option
@json_option
@click.pass_obj
def allow(installation: Installation, device_id: str, may: tuple[str, ...], as_json: bool) -> None:
    """Let DEVICE_ID do what is named and nothing else, from now on."""
    community_id = ready_community(installation)
    with installation.unit_of_work() as session:
        how: dict[str, Any] = {"actor": COMMAND_LINE, "now": clock.now()}
        device = permitting.allow(session, community_id, device_id, may, **how)
    if as_json:
        click.echo(json.dumps({"id": device.id, "may": sorted(permitting.read(device.may))}))
        return
    click.echo(f"{device.name} may: {', '.join(permitting.words(device.may))}.")


@devices.command("revoke")
@click.argument("device_id")
@json_option
@click.pass_obj
def revoke(installation: Installation, device_id: str, as_json: bool) -> None:
    """Let DEVICE_ID scan no more, for good: what it decided before comes to the conflicts."""
    community_id = ready_community(installation)
    with installation.unit_of_work() as session:
        how: dict[str, Any] = {"actor": COMMAND_LINE, "now": clock.now()}
        device = permitting.revoke(session, community_id, device_id, **how)
    if as_json and device.revoked_at is not None:
        click.echo(json.dumps({"id": device.id, "revoked_at": as_text(device.revoked_at)}))
        return
    click.echo(f"{device.name} is revoked.", err=True)


def pairing_address(installation: Installation, secret: str) -> str:
    """The link that pairs a browser, once."""
    return f"{installation.settings.public_url}/kiosk/pair/{secret}"


def _as_json(one: Listed) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name,
        "station": one.station_key,
        "may": sorted(one.may),
        "paired": one.is_paired,
        "seen_at": as_text(one.seen_at) if one.seen_at else None,
        "synced_at": as_text(one.synced_at) if one.synced_at else None,
        "synced_number": one.synced_number,
        "waiting": one.waiting,
    }
