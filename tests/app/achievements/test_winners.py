"""Who is first when a window is final is granted what its board promised while it was open."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from app import clock
from app.achievements.models import Grant
from app.achievements.published.progress import progress_of
from app.activity.boards import promised
from app.communities.models import Member
from app.communities.roles import holding
from app.programme.applying import apply_now
from app.programme.loading import load
from app.worker import do_everything
from tests.app.activity.boards.boards import (
    BOARDS,
    CLOSES,
    DAYS,
    HOUR,
    TUESDAY,
    closed_at,
    community,
    wrote,
)
from tests.support.installations import World

CHAMPION = """
[achievements.champion]
name = "Champion"
all = [{ metric = "message", at_least = 1000000 }]
reward = { channel = "voucher", perk = "pin" }
"""
PROMISED = BOARDS.replace(
    "public = true", 'winners = { achievement = "champion", up_to = 2 }'
).replace('"day", "week", "month", "season", "all"', '"day", "season"')
FINAL = CLOSES + DAYS
LATER = FINAL + 3 * DAYS


@contextmanager
def board(folder: Path, url: str, text: str = PROMISED + CHAMPION) -> Iterator[World]:
    """A community whose programme came into force the day before."""
    with clock.standing_at(TUESDAY - DAYS), community(folder, url, text) as world:
        yield world


def change(world: World, text: str, at: datetime) -> None:
    file = world.installation.settings.programme_file
    file.write_text(text, "utf-8")
    with clock.standing_at(at):
        apply_now(world.installation, load(file, world.installation.plugins))


def granted(world: World, *closing: datetime) -> list[str]:
    """Who has been granted it once windows were closed at these moments."""
    closed_at(world, *closing)
    with clock.standing_at(closing[-1]):
        do_everything(world.installation)
        do_everything(world.installation)
    with world.installation.reading() as session:
        rows = session.execute(
            select(Member.display_name, Grant.achievement)
            .join(Grant, Grant.member_id == Member.id)
            .order_by(Member.display_name)
        )
        found = [(row.display_name, row.achievement) for row in rows]
    assert {achievement for _, achievement in found} <= {"champion"}
    return [name for name, _ in found]


def test_winners_are_granted_once_and_those_tied_alike(tmp_path: Path, engine_url: str) -> None:
    with board(tmp_path, engine_url) as club:
        wrote(club, ada=3, robin=2, kim=2, lou=1)
        wrote(club, FINAL + HOUR, lou=1)
        assert granted(club, CLOSES, FINAL) == ["Ada", "Kim", "Robin"]


def test_windows_that_closed_before_the_board_promised_anything_have_no_winners(
    tmp_path: Path, engine_url: str
) -> None:
    with board(tmp_path, engine_url, BOARDS.replace("public = true", "public = false")) as club:
        wrote(club, TUESDAY - DAYS, ada=3)
        wrote(club, robin=2)
        # What was a board already, without winners, promised none; nor did one of another metric.
        by_thread = (PROMISED + CHAMPION).replace('"message"\nwin', '"thread_started"\nwin')
        change(club, by_thread, TUESDAY - 2 * HOUR)
        change(club, PROMISED + CHAMPION, TUESDAY - HOUR)
        change(club, (PROMISED + CHAMPION).replace("Test", "Tested"), CLOSES + HOUR)
        with club.installation.reading() as session:
            since = promised.since_when(session, 1, "talk")
            assert (since, promised.since_when(session, 1, "days")) == (TUESDAY - HOUR, None)
        wrote(club, LATER, kim=1)
        assert granted(club, CLOSES + HOUR, FINAL + HOUR) == ["Robin"]


def test_what_an_import_fills_long_after_it_closed_has_no_winners(
    tmp_path: Path, engine_url: str
) -> None:
    with board(tmp_path, engine_url) as club:
        now = CLOSES + 60 * DAYS
        wrote(club, now - 15 * DAYS, ada=3)
        wrote(club, now - 12 * DAYS, robin=2)
        wrote(club, now + 2 * DAYS, kim=2)
        # Also not for the season, which closed with November.
        assert granted(club, now, now + HOUR) == ["Robin"]


@pytest.mark.parametrize(
    ("more", "tag", "expected"),
    [
        ("ends = 2026-11-16", None, []),
        ("ends = 2026-11-17", None, ["Ada"]),
        ("begins = 2026-11-20", None, []),
        ("begins = 2026-11-19", None, ["Ada"]),
        ("", "purchasable", []),
    ],
)
def test_what_cannot_be_had_winners_are_not_granted_either(
    more: str, tag: str | None, expected: list[str], tmp_path: Path, engine_url: str
) -> None:
    asks = '{ metric = "message", at_least = 1000000 }'
    text = (PROMISED + CHAMPION).replace(asks, '{ role = "77" }') + more
    with board(tmp_path, engine_url, text) as club:
        with club.installation.unit_of_work() as session:
            role = holding.Role("77", "Patrons", tag)
            holding.note_guild(session, 1, "9", [role], now=TUESDAY)
        wrote(club, ada=3)
        wrote(club, FINAL + HOUR, robin=1)
        assert granted(club, CLOSES, FINAL) == expected


def test_no_more_winners_are_promised_it_than_there_are_left(
    tmp_path: Path, engine_url: str
) -> None:
    text = PROMISED.replace("up_to = 2", "up_to = 3") + CHAMPION.replace(
        "reward", "budget = 2\nreward"
    )
    with board(tmp_path, engine_url, text) as world:
        wrote(world, ann=3, bob=2, cleo=1)

        def said() -> str:
            with world.installation.reading() as session:
                every = progress_of(session, world.community_id, None, now=clock.now())
            return " ".join(line for one in every for line in one.conditions)

        assert "the first 2 in " in said()
        assert granted(world, CLOSES, FINAL) == ["Ann", "Bob"]
        assert "Also given" not in said()
