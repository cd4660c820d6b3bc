"""Ranks in windows that are final are those of counting, whatever became of the programme."""

from pathlib import Path
from typing import Any

import pytest

from app.activity.boards import leaderboards
from app.activity.counters.models import Counter
from tests.app.achievements.rules import applied, community, programme
from tests.app.achievements.test_linked_achievements import (
    BOARDS,
    DAY,
    MONDAY,
    SEASON,
    WEEKLY,
    _close,
    _ids,
    _link,
    _posts,
    _writes,
)
from tests.support.installations import World

BEFORE, AFTER = BOARDS.index("[leaderboards.top]"), BOARDS.index("[metrics.all_of_it]")
UNRANKED = BOARDS[:BEFORE] + BOARDS[AFTER:]
UNCOUNTED = BOARDS[:BEFORE]
RENAMED = BOARDS.replace("leaderboards.top", "leaderboards.first")


def told(world: World) -> Any:
    """What is said of ranks on Monday's week and the season, and what counting says."""
    with world.installation.reading() as session:
        said: list[int | None] = []
        known: list[int | None] = []
        for window in (SEASON, "2026-W45"):
            where = session, world.community_id, "all_of_it"
            rows = session.query(Counter).filter_by(metric="all_of_it", window=window).all()
            counts = [one.count for one in rows if one.count > 0]
            said.append(leaderboards.members(*where, window=window))
            known.append(len(counts))
            for one in rows:
                found = leaderboards.rank(*where, member_id=one.member_id, window=window)
                said.append(found.rank if found else None)
                known.append(1 + sum(count > one.count for count in counts))
    return said, known


@pytest.mark.parametrize(
    ("gone", "tables"), [(UNCOUNTED, ()), (UNRANKED, ()), (UNRANKED, (WEEKLY,))]
)
@pytest.mark.parametrize("linked_when", ["gone", "back"])
def test_who_is_linked_while_a_board_is_gone_or_once_it_is_back_has_the_rank_that_is_theirs(
    tmp_path: Path, engine_url: str, linked_when: str, gone: str, tables: tuple[str, ...]
) -> None:
    with community(tmp_path, engine_url, programme(*tables, others=BOARDS)) as world:
        _posts(world, MONDAY, 3)
        _writes(world, MONDAY, 1, "100")
        _writes(world, MONDAY, 2, "200")
        _close(world, MONDAY + 7 * DAY)
        _, ann, _ = _ids(world)
        applied(world, programme(*tables, others=gone))
        if linked_when == "gone":
            _link(world, ann)
        applied(world, programme(*tables, others=RENAMED))
        if linked_when == "back":
            _link(world, ann)
        said, known = told(world)
        assert said == known
