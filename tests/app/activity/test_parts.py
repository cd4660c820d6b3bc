"""Of an amount for which there is not room enough counts what fits, and members see how much."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from app import clock
from app.achievements.intake.taking_in import take_back
from app.activity.counters import counting
from app.activity.intake import explaining
from app.activity.limits import remembering
from app.activity.metrics.definitions import metrics_of
from app.programme.applying import current
from tests.app.achievements.rules import community, id_of, programme, who_has
from tests.support.installations import NOON, World, message, minutes

TALK = """
[metrics.talk]
kinds = ["voice_minutes"]
limits = { per_day = 40 }

[metrics.evenings]
kinds = ["voice_minutes"]
distinct = "day"
limits = { per_day = 40 }
"""


def spoke(number: int, amount: int = 30) -> Any:
    at = NOON + minutes(number)
    return message(f"v{number}", "1", at, kind="voice_minutes", amount=amount)


def told(world: World, metric: str = "talk") -> tuple[int, list[str | None]]:
    """What counts, and what is said of each event, the last one first."""
    with world.installation.reading() as session:
        metrics = metrics_of(current(session, world.community_id), session.info["plugins"])
        where = session, world.community_id, id_of(world, "1")
        said = [
            verdict.reason
            for one in explaining.recent(*where, metrics)
            for verdict in one.verdicts
            if verdict.metric == metric
        ]
        return counting.counts(*where)[metric], said


def test_what_fits_counts_whatever_came_late_or_is_taken_back(
    tmp_path: Path, engine_url: str
) -> None:
    text = programme('forty]\nall = [{ metric = "talk", at_least = 40 }]', others=TALK)
    with clock.standing_at(NOON + timedelta(days=1)), community(tmp_path, engine_url, text) as it:
        it.take(spoke(1), spoke(3), spoke(5))
        assert told(it) == (40, ["day full", "20 of 30, day full", None])
        assert who_has(it, "forty") == [id_of(it, "1")]
        it.take(spoke(0, 5))
        assert told(it) == (40, ["day full", "25 of 30, day full", None, None])
        with it.installation.unit_of_work() as session:
            take_back(session, it.community_id, "sample", ["v1"], now=clock.now())
        assert told(it) == (40, ["25 of 30, day full", None, None])


def test_a_day_of_which_a_part_counts_counts_whole(tmp_path: Path, engine_url: str) -> None:
    text = programme('forty]\nall = [{ metric = "talk", at_least = 40 }]', others=TALK)
    with clock.standing_at(NOON + timedelta(days=1)), community(tmp_path, engine_url, text) as it:
        it.take(spoke(1), spoke(3), spoke(5))
        assert told(it, "evenings") == (1, ["day full", None, None])
        with it.installation.reading() as session:
            refused = remembering.refusals(session, it.community_id, id_of(it, "1"))
        assert refused == {"talk": {"day_full": 2}, "evenings": {"day_full": 1}}
