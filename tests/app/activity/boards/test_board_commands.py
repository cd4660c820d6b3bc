"""`keepsake leaderboard`: a metric, a board in a window, and a standing held to the record."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import update

from app import clock
from app.activity.boards.commands import leaderboard
from app.activity.boards.naming import UnknownBoard
from app.activity.counters.models import Standing, StandingRow
from app.activity.sources import gaps
from app.actor import INTAKE
from app.refusals import Refused
from tests.app.activity.boards.boards import (
    CLOSES,
    DAY,
    DAYS,
    HOUR,
    TUESDAY,
    closed_at,
    community,
    wrote,
)
from tests.support.installations import World, message


@pytest.fixture
def club(engine_url: str, tmp_path: Path) -> Iterator[World]:
    with community(tmp_path, engine_url) as world, clock.standing_at(CLOSES + DAYS):
        wrote(world, ada=2, robin=1)
        wrote(world, CLOSES + DAYS, ada=1)
        with world.installation.unit_of_work() as session:
            how: dict[str, Any] = {"reason": "no_history", "actor": INTAKE, "now": TUESDAY}
            gaps.note(session, 1, "discord", from_at=TUESDAY, until_at=TUESDAY + HOUR, **how)
        closed_at(world, CLOSES, CLOSES + DAYS)
        yield world


def said(world: World, *arguments: str) -> Result:
    return CliRunner().invoke(leaderboard, arguments, obj=world.installation)


def test_the_form_of_a_metric_goes_on_working(club: World) -> None:
    rows = [{"rank": 1, "member": "ada", "count": 3}, {"rank": 2, "member": "robin", "count": 1}]
    for arguments in (
        ("message", "--json"),
        ("message", "--window", "all", "--json"),
        ("--limit", "5", "message", "--json"),
        ("show", "message", "--json"),
    ):
        assert json.loads(said(club, *arguments).stdout) == rows
    assert said(club, "message").stdout == "   1         3  Ada\n   2         1  Robin\n"


def test_a_board_says_how_its_window_stands_and_what_is_missing(club: World) -> None:
    open_now = said(club, "talk", "--window", "week").stdout
    assert open_now.startswith("Most talkative, week 47 of 2026 (16 Nov to 22 Nov): open until ")
    assert "Missing: discord from 2026-11-17T12:00:00Z" in open_now
    final = said(club, "talk", "--window", DAY).stdout
    assert f"final since {clock.as_text(CLOSES + DAYS)}, digest " in final
    assert "   1         2  Ada\n   2         1  Robin\n" in final
    for wrong in ("2026-W99", "yesterday", "season:none"):
        assert isinstance(said(club, "talk", "--window", wrong).exception, Refused)
    assert "not counted in" in str(said(club, "days", "--window", "day").exception)


def test_what_there_is_not_is_said_and_not_passed_over(club: World) -> None:
    unknown = said(club, "mesage", "--json").exception
    assert isinstance(unknown, UnknownBoard)
    told = "There is no leaderboard or metric mesage; leaderboards are: talk, days; metrics are: a"
    assert str(unknown).startswith(told) and "message" in str(unknown)
    # No board, and no criterion, asks for channels by the week.
    uncounted = said(club, "channels_joined", "--window", "week").exception
    assert str(uncounted) == "channels_joined is not counted in 2026-W47."
    assert said(club, "message", "--window", "week").exit_code == 0
    assert said(club, "joined").stdout == "Nothing was counted.\n"


def test_a_kind_that_was_told_of_is_shown_though_the_programme_does_not_name_it(
    club: World,
) -> None:
    club.take(message("trick", "ada", TUESDAY, kind="trick"))
    assert said(club, "trick").stdout == "   1         1  Ada\n"


def test_a_window_in_which_nothing_was_counted_is_closed(club: World) -> None:
    long_ago = said(club, "talk", "--window", "2020-W05").stdout
    assert long_ago == (
        "Most talkative, week 5 of 2020 (27 Jan to 2 Feb): closed since 2020-02-02T23:00:00Z\n"
        "Nothing was counted.\n"
    )


def test_verify_holds_rows_against_the_record(club: World) -> None:
    good = said(club, "verify", "talk", DAY)
    assert (good.exit_code, good.stdout[:22]) == (0, "It holds: 2 members, d")
    told = json.loads(said(club, "verify", "talk", DAY, "--json").stdout)
    assert (told["ok"], told["digest"]) == (True, told["recorded"])
    for name, other in (("members", 9), ("metric", "joined"), ("digest", "0" * 64)):
        with club.installation.unit_of_work() as session:
            row = session.get_one(Standing, (1, "talk", DAY))
            was = getattr(row, name)
            setattr(row, name, other)
        bad = said(club, "verify", "talk", DAY)
        told = f"CHANGED: what is told of it is not what the record says: {name}.\n"
        assert (bad.exit_code, bad.stdout) == (1, told)
        with club.installation.unit_of_work() as session:
            setattr(session.get_one(Standing, (1, "talk", DAY)), name, was)
    with club.installation.unit_of_work() as session:
        session.execute(update(StandingRow).where(StandingRow.rank == 2).values(count=2))
    bad = said(club, "verify", "talk", DAY)
    assert (bad.exit_code, bad.stdout[:8]) == (1, "CHANGED:")
    assert "no final standing" in str(said(club, "verify", "talk", "2026-11-16").exception)
