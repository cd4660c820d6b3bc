"""Rows go in whole, or not at all."""

import sqlite3
from contextlib import nullcontext
from datetime import datetime, timedelta, timezone
from typing import cast
from uuid import uuid4

import pytest
from sqlalchemy import String, select
from sqlalchemy.exc import DataError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from app import clock
from app.audit.models import AuditEntry, AuditLeaf
from app.communities.models import Person
from app.database import Base
from app.rows import RowInsert
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


@pytest.mark.parametrize("count", [1, 3])
def test_rows_come_back_as_they_went_in(world: World, count: int) -> None:
    moment = datetime(2026, 12, 5, 10, 2, 3, 4, tzinfo=timezone(timedelta(hours=1)))
    data = {
        "text": 'A "ça" \\ \n 🎟 \\u0041',
        "number": 2**53 + 1,
        "none": None,
        "list": [1.5, True],
    }
    entries = [
        {
            "id": uuid4(),
            "community_id": 7 + place,
            "number": None if place else 2**62,
            "kind": "it's; --",
            "at": moment,
            "actor": "%(actor)s {} ",
            "data": data,
            "subject": None if place else "null",
        }
        for place in range(count)
    ]
    leaves = [
        {"community_id": 7, "number": n, "hash": bytes(range(n, 32 + n))} for n in range(count)
    ]
    with world.installation.unit_of_work() as session:
        RowInsert(AuditEntry).run(session, entries)
        RowInsert(AuditLeaf).run(session, leaves)
    with world.installation.reading() as session:
        for given in entries:
            row = session.get_one(AuditEntry, given["id"])
            assert {name: getattr(row, name) for name in given} == given
        found = session.scalars(select(AuditLeaf.hash).order_by(AuditLeaf.number)).all()
        assert found == [leaf["hash"] for leaf in leaves]


def test_what_is_too_long_for_its_column_is_not_cut(world: World) -> None:
    class Own(DeclarativeBase):
        pass

    class Short(Own):
        __tablename__ = "short"
        id: Mapped[int] = mapped_column(primary_key=True)
        text: Mapped[str] = mapped_column(String(3))

    insert = RowInsert(cast(type[Base], Short))
    with world.installation.unit_of_work() as session:
        Own.metadata.create_all(session.connection())
        insert.run(session, [{"id": 1, "text": "abc"}, {"id": 2, "text": "ab"}])
        # SQLite has no lengths, and cuts nothing either.
        on_sqlite = world.installation.database.is_sqlite
        with nullcontext() if on_sqlite else pytest.raises(DataError, match="too long"):
            insert.run(session, [{"id": 3, "text": "abcd"}, {"id": 4, "text": "ab"}])
        if on_sqlite:
            assert session.scalar(select(Short.text).where(Short.id == 3)) == "abcd"


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
