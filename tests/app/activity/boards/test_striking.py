"""A member is struck from a season by an organiser's word, and stands again by another."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from app import clock, journal
from app.activity.boards.striking import struck
from app.actor import COMMAND_LINE
from app.audit.models import AuditEntry
from app.cli import command_line
from app.communities import members
from app.communities.erasing import Erasing, erase
from tests.support.installations import PROGRAMME, World, make_installation, message

SEASONS = """
[seasons.spring]
name = "Spring"
begins = 2026-03-11
ends = 2026-05-31

[seasons.autumn]
name = "Autumn"
begins = 2026-09-01
ends = 2026-11-30
"""


@pytest.fixture
def seasons(engine_url: str, tmp_path: Path) -> Iterator[World]:
    """A community with two seasons and two members."""
    installation = make_installation(tmp_path, engine_url, PROGRAMME + SEASONS)
    world = World(installation)
    world.take(message("1", "1"), message("2", "2"))
    yield world
    installation.close()


def strike(world: World, *more: str, season: str = "spring") -> Result:
    arguments = ["members", "strike", "1", "--season", season, "--reason", "an alt of Eve's"]
    command = command_line(world.installation)
    return CliRunner().invoke(command, [*arguments, *more], obj=world.installation)


def out_of(world: World, window: str) -> set[int]:
    with world.installation.reading() as session:
        return struck(session, world.community_id, window)


def member_id(world: World) -> int:
    with world.installation.reading() as session:
        return members.find(session, world.community_id, "sample", "1").id


def facts(world: World) -> list[tuple[str, dict[str, Any]]]:
    with world.installation.reading() as session:
        rows = session.scalars(
            select(AuditEntry)
            .where(AuditEntry.kind.in_(["member.struck", "member.restored"]))
            .order_by(AuditEntry.id)
        )
        return [(row.kind, row.data) for row in rows]


def test_who_is_struck_stands_in_no_window_that_begins_in_the_season(seasons: World) -> None:
    assert strike(seasons).output == "Member …1 is struck from season spring.\n"
    own = {member_id(seasons)}
    for window in ("season:spring", "2026-03-11", "2026-05-31", "2026-04", "2026-W22"):
        assert out_of(seasons, window) == own, window
    # The week and the month that the season begins in began before it.
    for window in ("season:autumn", "all", "2026-03-10", "2026-03", "2026-W11", "2026-06-01"):
        assert out_of(seasons, window) == set(), window


def test_it_is_in_the_record_once_and_the_reason_is_kept_apart(seasons: World) -> None:
    strike(seasons)
    assert strike(seasons).output == "Member …1 is struck from season spring already.\n"
    [(kind, data)] = facts(seasons)
    assert (kind, data["member"], data["season"]) == ("member.struck", member_id(seasons), "spring")
    assert data["reason"].startswith("sha256:")
    with seasons.installation.reading() as session:
        assert journal.remark_text(session, data["reason"]) == "an alt of Eve's"


def test_it_is_taken_back_by_another_entry(seasons: World) -> None:
    strike(seasons)
    assert strike(seasons, "--restore").output == "Member …1 stands in season spring.\n"
    assert out_of(seasons, "season:spring") == set()
    strike(seasons, "--restore")
    assert [kind for kind, _ in facts(seasons)] == ["member.struck", "member.restored"]


def test_a_season_that_nobody_knows_is_refused_with_those_that_are_known(seasons: World) -> None:
    refused = strike(seasons, season="winter")
    assert str(refused.exception) == (
        "The programme has no season winter; known are: autumn, spring."
    )


def test_who_is_erased_stays_struck_and_nothing_says_why(seasons: World) -> None:
    strike(seasons)
    number, [(_, data)] = member_id(seasons), facts(seasons)
    with seasons.installation.unit_of_work() as session:
        member = members.find(session, seasons.community_id, "sample", "1")
        erase(session, member, Erasing("asked for it", COMMAND_LINE, clock.now()))
    with seasons.installation.reading() as session:
        assert journal.remark_text(session, data["reason"]) is None
    assert out_of(seasons, "season:spring") == {number}
