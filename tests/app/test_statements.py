"""What hot paths say to the database."""

from sqlalchemy import event

from app.activity.limits.models import LimitRefusal
from app.rows import RowAdd
from tests.support.installations import World


def test_rows_of_any_number_come_back_by_few_different_statements(world: World) -> None:
    """The driver keeps what it prepared for each: one a length of batch fills the memory."""
    texts: set[str] = set()
    engine = world.installation.database.engine
    add = RowAdd(LimitRefusal, "count", returning=True)
    event.listen(engine, "before_cursor_execute", lambda *said: texts.add(said[2]))
    with world.installation.unit_of_work() as session:
        for length in range(1, 64):
            rows = [(length, "m", 1, str(number), number) for number in range(length)]
            assert sorted(add.run(session, rows)) == sorted(rows)
            twice = [(*key, 2 * count) for *key, count in rows]
            assert sorted(add.run(session, rows)) == sorted(twice)
    inserts = {text for text in texts if text.startswith("INSERT")}
    if engine.dialect.name == "sqlite":
        assert len(inserts) == 6
