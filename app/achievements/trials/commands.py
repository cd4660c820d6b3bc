"""`keepsake trial` and `keepsake fairness`: what a programme leads to, before it is promised."""

import json
from collections import Counter as Tally
from datetime import timedelta
from pathlib import Path

import click

from app import clock
from app.achievements.criteria.settings import AchievementSettings
from app.achievements.trials import fairness, trial
from app.communities import members
from app.installation import Installation
from app.options import json_option
from app.programme.applying import ready, ready_community
from app.programme.loading import load

QUARTER = 92


@click.command("trial")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--days",
    type=click.IntRange(1, 36_500),
    default=QUARTER,
    show_default=True,
    help="How far back; members begin from zero there.",
)
@json_option
@click.pass_obj
def trial_command(installation: Installation, file: Path, days: int, as_json: bool) -> None:
    """What the programme FILE would have granted whom, had it been in force: changes nothing."""
    programme = load(file, installation.plugins)
    community_id = ready_community(installation)
    since = clock.now() - timedelta(days=days)
    tried = trial.run(installation, community_id, programme, since=since)
    with installation.reading() as session:
        names = members.external_ids(session, {one.member_id for one in tried.grants})
    if as_json:
        rows = [
            {
                "achievement": one.achievement,
                "tier": one.tier,
                "round": one.round,
                "member": names.get(one.member_id, f"member:{one.member_id}"),
                "at": clock.as_text(one.at),
            }
            for one in tried.grants
        ]
        told = {
            "active": len(tried.events),
            "events": tried.events.total(),
            "as_it_was": tried.as_it_was,
            "grants": rows,
        }
        click.echo(json.dumps(told))
        return
    click.echo(
        f"In the last {days} days, from zero: {tried.events.total():,} events of "
        f"{len(tried.events):,} members, {len(tried.grants):,} grants."
    )
    count = Tally((one.achievement, one.tier) for one in tried.grants)
    for title, step in _steps(programme.sections["achievements"]):
        click.echo(f"{count[step]:>8,}  {title}")
    _tell_as_it_was(tried)


@click.command("fairness")
@json_option
@click.pass_obj
def fairness_command(installation: Installation, as_json: bool) -> None:
    """How fair the achievements are, over all recorded activity: who reaches each, and how soon."""
    programme = ready(installation)
    community_id = ready_community(installation)
    tried = trial.run(installation, community_id, programme, since=None)
    steps = _steps(programme.sections["achievements"])
    found = fairness.of_all(tried, [step for _, step in steps])
    if as_json:
        click.echo(json.dumps([one.as_json() for one in found]))
        return
    for (title, _), one in zip(steps, found, strict=True):
        click.echo(f"{title}: {one.reached:,} of {one.active:,} active members reach it")
        if one.reached:
            click.echo(f"  {_details(one)}")
        for warning in one.warnings:
            click.echo(f"  Warning: {warning}.")
    _tell_as_it_was(tried)


def _tell_as_it_was(tried: trial.Tried) -> None:
    if tried.as_it_was:
        click.echo(
            f"{tried.as_it_was:,} events count as they did when they came: a rule of [[channels]] "
            "asks for a category or role, and those are not kept."
        )


def _details(one: fairness.Fairness) -> str:
    said = [
        f"after {one.median_days:g} days at the median",
        f"{fairness.percent(one.to_top_1_percent)} of them are the most active 1 %",
        f"{fairness.percent(one.to_top_10_percent)} the most active 10 %",
    ]
    if one.newcomers is not None and one.veterans is not None:
        said.append(
            f"{fairness.percent(one.newcomers)} of newcomers and "
            f"{fairness.percent(one.veterans)} of all others"
        )
    return "; ".join(said)


def _steps(table: dict[str, AchievementSettings]) -> list[tuple[str, tuple[str, int]]]:
    """Each tier's name for people, with its key and number."""
    return [
        (f"{settings.name}: {tier.name}" if tier.name else settings.name, (key, tier.number))
        for key, settings in table.items()
        for tier in settings.steps
    ]
