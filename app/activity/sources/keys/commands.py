"""`keepsake sources`."""

import json
from typing import Any

import click
from sqlalchemy.orm import Session

from app import clock
from app.activity.sources import watermarks as hearing
from app.activity.sources.declared import SourceSettings
from app.activity.sources.keys import keeping
from app.actor import COMMAND_LINE
from app.clock import as_text
from app.installation import Installation
from app.options import json_option
from app.programme.applying import current, ready_community


@click.group()
def sources() -> None:
    """Other platforms that send events."""


@sources.command("key")
@click.argument("source")
@click.option("--revoke", is_flag=True, help="End the older keys now, and not in 24 hours.")
@click.pass_obj
def key_command(installation: Installation, source: str, revoke: bool) -> None:
    """Make a new key for SOURCE and print it: it is shown this once."""
    community_id = ready_community(installation)
    with installation.unit_of_work() as session:
        how: dict[str, Any] = {"actor": COMMAND_LINE, "now": clock.now()}
        secret = keeping.make(session, community_id, source, revoke=revoke, **how)
    click.echo(secret)
    older = "Older keys work no more." if revoke else "Older keys work for 24 hours."
    click.echo(f"Keep it: it is not shown again. {older}", err=True)


@sources.command("revoke")
@click.argument("source")
@click.pass_obj
def revoke_command(installation: Installation, source: str) -> None:
    """End all keys of SOURCE now."""
    community_id = ready_community(installation)
    with installation.unit_of_work() as session:
        how: dict[str, Any] = {"actor": COMMAND_LINE, "now": clock.now()}
        ended = keeping.revoke_all(session, community_id, source, **how)
    click.echo(f"{ended} {'key' if ended == 1 else 'keys'} of {source} revoked.")


@sources.command("list")
@json_option
@click.pass_obj
def list_command(installation: Installation, as_json: bool) -> None:
    """What each source may send, how many keys it has, and when something last came in."""
    community_id = ready_community(installation)
    with installation.reading() as session:
        rows = _rows(session, community_id)
    if as_json:
        click.echo(json.dumps(rows))
        return
    for row in rows:
        kinds = ", ".join(f"{one} (paid)" if one in row["paid"] else one for one in row["kinds"])
        click.echo(
            f"{row['source']} ({row['name']}): {kinds}; {row['keys']} "
            f"{'key' if row['keys'] == 1 else 'keys'}, last heard {row['heard_at'] or 'never'}"
        )


def _rows(session: Session, community_id: int) -> list[dict[str, Any]]:
    declared: dict[str, SourceSettings] = current(session, community_id)["sources"]
    keys = keeping.keys_of(session, community_id, now=clock.now())
    heard = hearing.heard_at(session, community_id)
    return [
        {
            "source": key,
            "name": settings.name,
            "kinds": list(settings.kinds),
            "paid": list(settings.paid),
            "keys": keys.get(key, 0),
            "heard_at": as_text(heard[key]) if key in heard else None,
        }
        for key, settings in declared.items()
    ]
