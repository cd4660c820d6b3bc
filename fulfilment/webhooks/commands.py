"""`keepsake partners`."""

import json

import click

from app.installation import Installation
from app.options import json_option
from app.programme.applying import ready_community
from fulfilment.partners.finding import UnknownPartner, partner
from fulfilment.webhooks.endpoints import address_of, of_partner


@click.group()
def partners() -> None:
    """Who makes what members have earned."""


@partners.command("show")
@click.argument("key")
@json_option
@click.pass_obj
def show(installation: Installation, key: str, as_json: bool) -> None:
    """What a partner needs to receive webhooks: the address and the secret."""
    community_id = ready_community(installation)
    with installation.reading() as session:
        found = partner(session, community_id, key)
        endpoint = of_partner(session, found.id)
        if endpoint is None:
            raise UnknownPartner(f"The partner {key} has no address for webhooks.")
        known = {
            "key": found.key,
            "name": found.name,
            "webhook_url": address_of(endpoint, installation.settings),
            "secret": endpoint.secret,
        }
    if as_json:
        click.echo(json.dumps(known))
        return
    for word, value in known.items():
        click.echo(f"{word.replace('_', ' '):>11}  {value}")
