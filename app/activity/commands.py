"""`keepsake leaderboard`."""

import json

import click

from app.activity import leaderboards
from app.activity.windows import ALL_TIME
from app.communities import members
from app.installation import Installation
from app.options import json_option
from app.programme.applying import ready_community


@click.command()
@click.argument("metric")
@click.option("--window", default=ALL_TIME, show_default=True)
@click.option("--limit", type=click.IntRange(1, 100_000), default=10, show_default=True)
@json_option
@click.pass_obj
def leaderboard(
    installation: Installation, metric: str, window: str, limit: int, as_json: bool
) -> None:
    """Who has most of METRIC; ties share their rank."""
    community_id = ready_community(installation)
    with installation.reading() as session:
        places = leaderboards.top(session, community_id, metric, window=window, limit=limit)
        names = members.external_ids(session, [place.member_id for place in places])
    if as_json:
        rows = [
            {"rank": place.rank, "member": names[place.member_id], "count": place.count}
            for place in places
        ]
        click.echo(json.dumps(rows))
        return
    for place in places:
        click.echo(f"{place.rank:>4}  {place.count:>8}  {place.display_name}")
