"""Rows go in whole, or not at all."""

import pytest

from app import clock
from app.communities.models import Person
from app.statements import RowInsert
from tests.support.installations import World


@pytest.mark.parametrize(
    "second",
    [{}, {"created_at": None, "id": 1}, {"creatd_at": None}],
    ids=["less", "more", "other"],
)
def test_rows_with_other_keys_are_refused(world: World, second: dict[str, object]) -> None:
    with world.installation.unit_of_work() as session:
        first = {"created_at": clock.now()}
        with pytest.raises(ValueError, match="same keys"):
            RowInsert(Person).run(session, [first, second])


def test_a_key_that_is_no_column_is_refused(world: World) -> None:
    rows = [{"creatd_at": clock.now()}]
    with (
        world.installation.unit_of_work() as session,
        pytest.raises(ValueError, match="no column creatd_at"),
    ):
        RowInsert(Person).run(session, rows)
