"""Rows go in whole, or not at all."""

import sqlite3

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

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


def test_only_what_the_database_ended_for_anothers_sake_is_done_once_more(world: World) -> None:
    calls = []

    def refused(_session: Session) -> None:
        calls.append(1)
        raise OperationalError("SELECT 1", {}, sqlite3.OperationalError("disk is full"))

    def victim(session: Session) -> int:
        calls.append(1)
        session.add(Person(created_at=clock.now()))
        session.flush()
        if len(calls) == 1:
            raise OperationalError("SELECT 1", {}, Deadlocked())
        return len(session.scalars(select(Person)).all())

    with pytest.raises(OperationalError, match="disk is full"):
        world.installation.do(refused)
    assert len(calls) == 1
    calls.clear()
    with world.installation.reading() as session:
        before = len(session.scalars(select(Person)).all())
    assert world.installation.do(victim) == before + 1


class Deadlocked(Exception):
    """What the driver says of a deadlock."""

    sqlstate = "40P01"
