"""`keepsake devices`."""

import json

import click

from app import clock
from app.actor import COMMAND_LINE
from app.communities.places import station
from app.installation import Installation
from app.programme.applying import ready_community
from kiosk.devices import pairing, syncing


@click.group()
def devices() -> None:
    """What scans vouchers."""


@devices.command("add")
@click.option("--station", "station_key", required=True, help="The station's key.")
@click.option("--name", default="Door", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON value on stdout.")
@click.pass_obj
def add(installation: Installation, station_key: str, name: str, as_json: bool) -> None:
    """Let a device scan for a station: a browser by its link, or a script by its token."""
    community_id = ready_community(installation)
    with installation.unit_of_work() as session:
        place = station(session, community_id, station_key)
        added = pairing.add(session, place, name, actor=COMMAND_LINE, now=clock.now())
    address = pairing_address(installation, added.pairing_secret)
    if as_json:
        row = {"id": added.id, "pairing_url": address, "bearer": added.bearer}
        click.echo(json.dumps(row))
        return
    click.echo(f"Device: {added.id}\nPairing link: {address}\nBearer token: {added.bearer}")


@devices.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON value on stdout.")
@click.pass_obj
def list_command(installation: Installation, as_json: bool) -> None:
    """The devices that stand, and when each was last told all that it must know."""
    community_id = ready_community(installation)
    with installation.reading() as session:
        rows = syncing.told(session, community_id)
    if as_json:
        click.echo(json.dumps(rows))
        return
    for row in rows:
        synced = f"synced {row['synced_at']}" if row["synced_at"] else "never synced"
        click.echo(f"{row['id']}  {row['station']:<24} {row['name']:<16} {synced}")


def pairing_address(installation: Installation, secret: str) -> str:
    """The link that pairs a browser, once."""
    return f"{installation.settings.public_url}/kiosk/pair/{secret}"
