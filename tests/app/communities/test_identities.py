"""What a source calls members is found by the members, however many others there are."""

from typing import Any

from sqlalchemy import event

from app import clock
from app.communities import members
from tests.support.installations import World


def test_only_those_who_are_asked_for_are_looked_at(world: World) -> None:
    with world.installation.unit_of_work() as session:
        names: dict[str, str | None] = {"11": None, "12": None}
        how = {"first_seen": clock.now()}
        ids = members.ids_of(session, world.community_id, members.DISCORD, names, **how)
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, text: str, parameters: Any, *_: Any) -> None:
        asked.append((text, parameters))

    event.listen(world.installation.database.engine, "before_cursor_execute", note)
    with world.installation.reading() as session:
        assert members.identities_of(session, [ids["12"]], members.DISCORD) == {ids["12"]: "12"}
        text, parameters = asked[-1]
        if world.installation.database.is_sqlite:
            # A server's plans go by how many there are; SQLite's do not.
            plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", parameters)
            assert "ix_identity_person_id" in str(plan.all())
