"""`keepsake leaderboard`."""

import json
from typing import Any

import click
from sqlalchemy.orm import Session

from app import clock
from app.activity.boards import final, leaderboards, naming, states
from app.activity.boards.freezing import calendar_of
from app.activity.metrics.definitions import metrics_of
from app.activity.metrics.settings import countable
from app.activity.sources import gaps
from app.activity.windows import ALL_TIME, kind_of
from app.clock import as_text
from app.communities import members
from app.installation import Installation
from app.options import json_option
from app.programme.applying import current, ready_community
from app.programme.sections import Programme

SHOW = "show"


class _ShowsByDefault(click.Group):
    """`leaderboard METRIC` is `leaderboard show METRIC`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] != "--help":
            args = [SHOW, *args]
        return super().parse_args(ctx, args)


@click.group(cls=_ShowsByDefault)
def leaderboard() -> None:
    """Who has most: of a metric, or on a board of the programme.

    `keepsake leaderboard NAME` is short for `keepsake leaderboard show NAME`.
    """


@leaderboard.command(SHOW)
@click.argument("name", metavar="METRIC|BOARD")
@click.option(
    "--window",
    help="As 2026-11-18, 2026-W47, 2026-11, season:KEY or all, or the present one as day, week, "
    "month or season. A board's first one unless named, all for a metric.",
)
@click.option("--limit", type=click.IntRange(1, 100_000), default=10, show_default=True)
@json_option
@click.pass_obj
def show(
    installation: Installation, name: str, window: str | None, limit: int, as_json: bool
) -> None:
    """Who has most of a METRIC or on a BOARD; ties share their rank.

    Organisers see everybody here, also who hides.
    """
    community_id, now = ready_community(installation), clock.now()
    with installation.reading() as session:
        programme = current(session, community_id)
        calendar = calendar_of(programme)
        board = programme["leaderboards"].get(name)
        if board is None:
            metric, chosen = name, naming.window_named(calendar, window or ALL_TIME, now)
            _known(session, community_id, programme, metric, chosen)
            state = None
        else:
            metric, chosen = board.metric, naming.window_of(board, calendar, window, now)
            state = states.state_of(session, community_id, calendar, name, chosen, now=now)
        if state is not None and state.state == "final":
            how: dict[str, Any] = {"limit": limit, "public": False}
            places = final.places(session, community_id, name, chosen, **how)
        else:
            places = leaderboards.top(session, community_id, metric, window=chosen, limit=limit)
        names = members.external_ids(session, [place.member_id for place in places])
        title = naming.title_of(programme, calendar, chosen)
        missed = gaps.gaps_in(session, community_id, *_span(state)) if state else []
    if as_json:
        rows = [
            {"rank": place.rank, "member": names.get(place.member_id), "count": place.count}
            for place in places
        ]
        click.echo(json.dumps(rows))
        return
    if board is not None and state is not None:
        click.echo(f"{board.name}, {title}: {_told(state)}")
    for gap in missed:
        click.echo(
            f"Missing: {gap.source} from {as_text(gap.from_at)} to {as_text(gap.until_at)}, "
            f"{gaps.reason_of(gap)}."
        )
    for place in places:
        click.echo(f"{place.rank:>4}  {place.count:>8}  {place.display_name}")
    if not places:
        click.echo("Nothing was counted.")


@leaderboard.command("verify")
@click.argument("board")
@click.argument("window")
@json_option
@click.pass_obj
def verify(installation: Installation, board: str, window: str, as_json: bool) -> None:
    """Hold a final standing of BOARD in WINDOW against the record; exit 1 where it was changed."""
    community_id = ready_community(installation)
    with installation.reading() as session:
        found = final.check(session, community_id, board, window)
    if as_json:
        click.echo(json.dumps({**vars(found), "ok": found.ok}))
    elif found.ok:
        click.echo(f"It holds: {found.members} members, digest {found.digest}.")
    elif found.recorded is None:
        click.echo(
            f"NOT PROVEN: the record has no one fact about it; its digest is {found.digest}."
        )
    elif found.differs:
        named = ", ".join(found.differs)
        click.echo(f"CHANGED: what is told of it is not what the record says: {named}.")
    else:
        click.echo(f"CHANGED: its digest is {found.digest}, the record says {found.recorded}.")
    if not found.ok:
        raise SystemExit(1)


def _known(
    session: Session, community_id: int, programme: Programme, metric: str, window: str
) -> None:
    """Raises `UnknownBoard` where there is no such metric, not even a kind that was once told of,
    and `UnknownWindow` where it is not counted in such windows.
    """
    metrics = metrics_of(programme, session.info["plugins"])
    if metric not in countable(programme) | metrics.keys and not leaderboards.top(
        session, community_id, metric, limit=1
    ):
        boards = ", ".join(programme["leaderboards"]) or "none"
        known = ", ".join(sorted(countable(programme)))
        raise naming.UnknownBoard(
            f"There is no leaderboard or metric {metric}; leaderboards are: {boards}; "
            f"metrics are: {known}."
        )
    if (kind_of(window) or ALL_TIME) not in (*metrics.of(metric).windows, ALL_TIME):
        raise naming.UnknownWindow(f"{metric} is not counted in {window}.")


def _told(state: states.WindowState) -> str:
    if state.state == "final" and state.final_at is not None:
        return f"final since {as_text(state.final_at)}, digest {state.digest}"
    if state.state == "provisional" and state.final_from is not None:
        held = f"; {state.held}" if state.held else ""
        return f"provisional until {as_text(state.final_from)} at least{held}"
    if state.state == "empty" and state.closes_at is not None:
        return f"closed since {as_text(state.closes_at)}"
    return f"open until {as_text(state.closes_at)}" if state.closes_at else "open"


def _span(state: states.WindowState) -> tuple[Any, Any]:
    return state.opens_at, state.closes_at
