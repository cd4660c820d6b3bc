"""`keepsake replay`."""

import json
from pathlib import Path

import click

from app import interrupts
from app.achievements.intake.replaying import Replayed, replay
from app.activity.formats import ndjson
from app.activity.formats.ndjson import FileRefused, RefusedLine
from app.communities.commands import source_option
from app.installation import Installation
from app.options import json_option
from app.programme.applying import ready_community

SHOWN = 10


class Refusals:
    """Tells the first few refused lines on stderr, and how many more there were."""

    def __init__(self) -> None:
        self.count = 0

    def tell(self, line: RefusedLine) -> None:
        """Says one line's reason, unless enough were said."""
        self.count += 1
        if self.count <= SHOWN:
            click.echo(f"Refused ({line.reason}): {line.sentence}", err=True)

    def sum_up(self) -> None:
        """Says how many lines were not told of."""
        if self.count > SHOWN:
            click.echo(f"… and {self.count - SHOWN} more refused lines.", err=True)


@click.command("replay")
@click.argument("file", type=click.Path(path_type=Path))
@source_option
@click.option(
    "--at",
    type=click.Choice(["now", "event"]),
    default="now",
    show_default=True,
    help="Date grants and windows now, or by the event that reached the criteria.",
)
@json_option
@click.pass_obj
def replay_command(
    installation: Installation, file: Path, source: str, at: str, as_json: bool
) -> None:
    """Take in FILE: activity as NDJSON, gzipped or not. Doing it twice changes nothing."""
    community_id = ready_community(installation)
    refusals, replayed = Refusals(), Replayed()
    try:
        with interrupts.between_steps() as stop_if_asked:
            replay(
                installation,
                community_id,
                ndjson.read(file),
                source=source,
                dated_by_event=at == "event",
                on_refused=refusals.tell,
                on_batch=lambda _: stop_if_asked(),
                replayed=replayed,
            )
    except FileRefused as error:
        refusals.sum_up()
        tell(replayed, as_json)
        raise FileRefused(f"{error} What came before it was taken in.") from error
    refusals.sum_up()
    tell(replayed, as_json)


def tell(replayed: Replayed, as_json: bool) -> None:
    """Says what was read, and what became of it."""
    if as_json:
        click.echo(json.dumps(replayed.as_json()))
        return
    click.echo(
        f"{replayed.read} read: {replayed.counted} counted, {replayed.duplicates} known before, "
        f"{replayed.refused.total()} refused; {replayed.grants} grants."
    )
    for reason, count in sorted(replayed.refused.items()):
        click.echo(f"  refused, {reason}: {count}")
