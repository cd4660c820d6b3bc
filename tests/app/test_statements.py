"""What hot paths say to the database."""

from sqlalchemy import event

from app.activity.models import LimitRefusal
from app.statements import insert_or, insert_returning, table_of
from tests.support.installations import World


def test_rows_of_any_number_come_back_by_few_different_statements(world: World) -> None:
    """The driver keeps what it prepared for each: one a length of batch fills the memory."""
    texts: set[str] = set()
    engine = world.installation.database.engine
    table = table_of(LimitRefusal)
    event.listen(engine, "before_cursor_execute", lambda *said: texts.add(said[2]))
    with world.installation.unit_of_work() as session:
        for length in range(1, 64):
            rows = [
                {"community_id": length, "metric": "m", "member_id": 1}
                | {"reason": str(number), "count": number}
                for number in range(length)
            ]
            statement = insert_or(session, table).returning(table.c.reason)
            returned = insert_returning(session, statement, rows)
            assert {row.reason for row in returned} == {row["reason"] for row in rows}
    inserts = {text for text in texts if text.startswith("INSERT")}
    if engine.dialect.name == "sqlite":
        assert len(inserts) == 6
