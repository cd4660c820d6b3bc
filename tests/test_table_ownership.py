"""No room writes another room's tables, as far as its source can tell."""

import pytest

from tests.support.ownership import PACKAGES, ROOT, Module, Tree, real_tree


def test_no_room_writes_another_rooms_tables() -> None:
    assert real_tree().violations() == []


def test_the_tables_of_every_package_with_models_are_known() -> None:
    files = {path for package in PACKAGES for path in (ROOT / package).rglob("models.py")}
    known = {model.room for model in real_tree().models.values()}
    assert files
    assert {Module(path.relative_to(ROOT).as_posix(), "").room for path in files} <= known


LEDGER = {
    "voucher/ledger/models.py": 'class Voucher(Base):\n    __tablename__ = "voucher"\n',
    "voucher/ledger/__init__.py": "from .models import Voucher as Voucher\n",
    "voucher/ledger/every.py": "from voucher.ledger.models import *\n",
}
IMPORT = "from voucher.ledger.models import Voucher\n"
WRITES = {
    "insert": IMPORT + "session.execute(insert(Voucher), rows)",
    "update": IMPORT + "statement = update(Voucher).where(x).values(y=1)",
    "delete": IMPORT + "session.execute(sqlalchemy.delete(Voucher))",
    "insert of PostgreSQL": IMPORT + "pg_insert(Voucher).on_conflict_do_nothing()",
    "insert of SQLite": IMPORT + "sqlite_insert(Voucher.__table__)",
    "insert by the table": IMPORT + "Voucher.__table__.insert()",
    "own function": IMPORT + "insert_once(session, Voucher, rows)",
    "query": IMPORT + "session.query(Voucher).filter(x).delete()",
    "bulk": IMPORT + "session.bulk_insert_mappings(Voucher, rows)",
    "add": IMPORT + "session.add(Voucher(id=1))",
    "add all": IMPORT + "session.add_all([Voucher(id=n) for n in range(3)])",
    "construction": IMPORT + "def new():\n    return Voucher(id=1)",
    "import inside a function": "def new():\n    from voucher.ledger.models import Voucher\n"
    "    return Voucher()",
    "another name": "from voucher.ledger.models import Voucher as V\ninsert(V)",
    "module": "from voucher.ledger import models\ninsert(models.Voucher)",
    "module by another name": "import voucher.ledger.models as m\nm.Voucher()",
    "module by its full name": "import voucher.ledger.models\n"
    "update(voucher.ledger.models.Voucher)",
    "re-export": "from voucher.ledger import Voucher\ndelete(Voucher)",
    "star": "from voucher.ledger.every import Voucher\ndelete(Voucher)",
    "alias": IMPORT + "Row = Voucher\ninsert(Row)",
    "alias of the table": IMPORT + "t = cast(Table, Voucher.__table__)\nsession.execute(update(t))",
    "a hot path's rows": IMPORT + "INSERT = RowInsert(Voucher)",
    "a hot path's insert": IMPORT + "INSERT = insert(table_of(Voucher))",
    "a hot path's update": IMPORT + "TAKE = update(table_of(Voucher)).values(x=1)",
    "a hot path's upsert": IMPORT + "insert_or(session, table_of(Voucher))",
    "a hot path's table": IMPORT + "t = table_of(Voucher)\ndelete(t)",
    "fetched row": IMPORT + "def f(s):\n    v = s.get(Voucher, 1)\n    v.state = 'void'",
    "fetched rows": IMPORT
    + "def f(s):\n    for v in s.scalars(select(Voucher)):\n        v.n += 1",
    "deleted row": IMPORT + "def f(s):\n    v = s.scalar(select(Voucher))\n    s.delete(v)",
    "row handed in": IMPORT + "def f(v: Voucher | None):\n    v.state = 'void'",
    "row handed in, quoted": IMPORT + "def f(v: 'Voucher'):\n    setattr(v, 'state', 'void')",
    "SQL insert": "session.execute(text('INSERT INTO voucher (id) VALUES (1)'))",
    "SQL insert or ignore": "run('insert or ignore into \"voucher\" values (1)')",
    "SQL update": "run('''\nUPDATE voucher AS v\nSET state = 'void'\n''')",
    "SQL delete": "run('DELETE FROM public.voucher WHERE id = 1')",
    "SQL with a name filled in": IMPORT + "run(f'DELETE FROM {Voucher.__tablename__}')",
}
READS = {
    "a hot path's columns": IMPORT + "c = table_of(Voucher).c\nselect(c.id)",
    "select": IMPORT + "select(Voucher).with_for_update(of=Voucher)",
    "class method": IMPORT + "Voucher.id.label('id')",
    "read row": IMPORT + "def f(v: Voucher):\n    w = v\n    return v.state",
    "own object": IMPORT + "def f(v: Voucher, a):\n    a.voucher = v.id",
    "other update": IMPORT + "sums.update(voucher)\ncounts.insert(0, voucher)",
    "docstring": '"""Runs no UPDATE voucher SET x, no DELETE FROM voucher."""',
    "SQL read": "run('SELECT 1 FROM voucher FOR UPDATE')",
}


@pytest.mark.parametrize("source", WRITES.values(), ids=WRITES.keys())
def test_a_write_to_another_rooms_table_is_found(source: str) -> None:
    (violation,) = Tree({**LEDGER, "app/rewards/offence.py": source}).violations()
    assert violation.startswith("app/rewards/offence.py:")
    assert violation.endswith("Voucher, a table of voucher.ledger")


@pytest.mark.parametrize("source", WRITES.values(), ids=WRITES.keys())
def test_the_same_write_in_the_tables_own_room_is_fine(source: str) -> None:
    assert Tree({**LEDGER, "voucher/ledger/own.py": source}).violations() == []


@pytest.mark.parametrize("source", READS.values(), ids=READS.keys())
def test_reading_is_free(source: str) -> None:
    assert Tree({**LEDGER, "app/rewards/reader.py": source}).violations() == []


@pytest.mark.parametrize(
    ("path", "room"),
    [
        ("app/journal.py", "app"),
        ("app/activity/intake/batches.py", "app.activity"),
        ("app/rewards/channels/role.py", "app.rewards"),
        ("voucher/ledger/__init__.py", "voucher.ledger"),
        ("fulfilment/orders/moves.py", "fulfilment.orders"),
        ("kiosk/devices/pairing.py", "kiosk"),
        ("bot/delivering/deliveries.py", "bot"),
    ],
)
def test_a_room_is_a_folder(path: str, room: str) -> None:
    assert Module(path, "").room == room


def test_a_migration_may_write_every_table() -> None:
    source = IMPORT + "op.execute(update(Voucher))"
    assert Tree({**LEDGER, "app/migrations/versions/one.py": source}).violations() == []


def test_names_that_stand_for_each_other_are_no_trap() -> None:
    source = "a = b.x\nb = a.y\nc = c.d\ninsert(a)\nupdate(c)"
    assert Tree({**LEDGER, "app/rewards/turning.py": source}).violations() == []


def test_a_relative_import_leads_to_another_room() -> None:
    source = "from ..ledger.models import Voucher\ninsert(Voucher)"
    assert Tree({**LEDGER, "voucher/scans/offence.py": source}).violations()
