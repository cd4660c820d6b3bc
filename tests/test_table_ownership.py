"""No room writes another room's tables: read from the syntax trees of all packages."""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("app", "voucher", "fulfilment", "kiosk", "bot")
UNDIVIDED = ("kiosk", "bot")
MIGRATIONS = "app/migrations/"

WRITING_WORD = re.compile(r"(^|_)(insert|update|delete|upsert|merge|mappings)(_|$)")
READING = ("with_for_update",)
FETCHING = ("select", "get", "get_one", "query")
RAW_SQL = re.compile(
    r"""\b(?:(?:INSERT\s+(?:OR\s+\w+\s+)?|REPLACE\s+)INTO\s+(?P<into>[\w."`]+)
    |DELETE\s+FROM\s+(?:ONLY\s+)?(?P<from>[\w."`]+)
    |TRUNCATE\s+(?:TABLE\s+)?(?P<truncated>[\w."`]+)
    |UPDATE\s+(?:ONLY\s+|OR\s+\w+\s+)?(?P<updated>[\w."`]+)\s+(?:(?:AS\s+)?\w+\s+)?SET)\b""",
    re.IGNORECASE | re.VERBOSE,
)

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True)
class Model:
    """A class with `__tablename__`, and the room it lies in."""

    name: str
    table: str
    room: str


class Module:
    """One source file: its dotted name, its room and what its names stand for."""

    def __init__(self, path: str, source: str) -> None:
        parts = PurePosixPath(path).with_suffix("").parts
        self.path = path
        self.is_package = parts[-1] == "__init__"
        self.name = ".".join(parts[:-1] if self.is_package else parts)
        self.tree = ast.parse(source, path)
        # A file that lies directly in a package belongs to no folder's room.
        folders = parts[:-1]
        self.room = folders[0] if folders[0] in UNDIVIDED else ".".join(folders[:2])

    @cached_property
    def names(self) -> dict[str, str]:
        """What each name stands for, wherever in the file it is bound."""
        found: dict[str, str] = {}
        for node in ast.walk(self.tree):
            match node:
                case ast.Import(names):
                    for alias in names:
                        top = alias.name.split(".")[0]
                        found[alias.asname or top] = alias.name if alias.asname else top
                case ast.ImportFrom(names=names):
                    for alias in names:
                        found[alias.asname or alias.name] = f"{self._origin(node)}.{alias.name}"
                case ast.Assign([ast.Name(name)], value) if target := dotted(value):
                    found.setdefault(name, f"{self.name}.{target}")
        return found

    @cached_property
    def stars(self) -> list[str]:
        """The modules that everything is imported from."""
        return [
            self._origin(node)
            for node in ast.walk(self.tree)
            if isinstance(node, ast.ImportFrom) and node.names[0].name == "*"
        ]

    def models(self) -> Iterator[tuple[str, Model]]:
        """Its tables, by their full dotted name."""
        for node in self.tree.body:
            if isinstance(node, ast.ClassDef):
                for line in node.body:
                    match line:
                        case ast.Assign([ast.Name("__tablename__")], ast.Constant(str(table))):
                            yield f"{self.name}.{node.name}", Model(node.name, table, self.room)

    def _origin(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        parts = self.name.split(".")
        above = node.level - 1 if self.is_package else node.level
        return ".".join([*parts[: len(parts) - above], *filter(None, [node.module])])


class Tree:
    """All source files together."""

    def __init__(self, sources: Mapping[str, str]) -> None:
        self.modules = {
            module.name: module for module in (Module(*item) for item in sources.items())
        }
        self.models = {
            name: model for module in self.modules.values() for name, model in module.models()
        }
        self.tables = {model.table: model for model in self.models.values()}

    def violations(self) -> list[str]:
        """A sentence for each write to another room's table."""
        found = []
        for module in self.modules.values():
            if not module.path.startswith(MIGRATIONS):
                for line, model, act in Reading(self, module).writes():
                    if model.room != module.room:
                        found.append(
                            f"{module.path}:{line} {act} {model.name}, a table of {model.room}"
                        )
        return sorted(set(found))

    def resolve(self, name: str, steps: int = 20) -> Model | None:
        """The model that a full dotted name stands for, through aliases and re-exports."""
        name = name.removesuffix(".__table__")
        if name in self.models:
            return self.models[name]
        module, rest = self._split(name)
        if module is None or not rest or not steps:
            return None
        first, *more = rest
        targets = [f"{star}.{first}" for star in module.stars]
        if first in module.names:
            targets.insert(0, module.names[first])
        for target in targets:
            if found := self.resolve(".".join([target, *more]), steps - 1):
                return found
        return None

    def _split(self, name: str) -> tuple[Module | None, list[str]]:
        parts = name.split(".")
        for length in range(len(parts), 0, -1):
            if module := self.modules.get(".".join(parts[:length])):
                return module, parts[length:]
        return None, parts


class Reading:
    """Reads one file for what it writes: (line, model, act)."""

    def __init__(self, tree: Tree, module: Module) -> None:
        self.tree = tree
        self.module = module

    def writes(self) -> Iterator[tuple[int, Model, str]]:
        """Every write that can be seen, to the room's own tables too."""
        for node in ast.walk(self.module.tree):
            if isinstance(node, ast.Call):
                yield from self._call(node)
            elif isinstance(node, FUNCTIONS):
                yield from self._function(node)
        yield from self._raw_sql()

    def _model(self, node: ast.AST | None) -> Model | None:
        name = dotted(node)
        return self.tree.resolve(f"{self.module.name}.{name}") if name else None

    def _call(self, call: ast.Call) -> Iterator[tuple[int, Model, str]]:
        if model := self._model(call.func):
            yield call.lineno, model, "makes a"
        name = last_name(call.func)
        if name in READING or not WRITING_WORD.search(name):
            return
        for argument in call.args:
            if model := self._model(argument):
                yield call.lineno, model, f"calls {name}() with"
        if isinstance(call.func, ast.Attribute):
            receiver = call.func.value
            if model := self._model(receiver) or self._fetched(receiver):
                yield call.lineno, model, f"calls {name}() on"

    def _fetched(self, value: ast.AST | None) -> Model | None:
        """The model of the rows that an expression fetches."""
        for node in ast.walk(value) if value else ():
            match node:
                case ast.Call(function, [first, *_]) if last_name(function) in FETCHING:
                    if model := self._model(first):
                        return model
        return None

    def _function(
        self, function: ast.FunctionDef | ast.AsyncFunctionDef
    ) -> Iterator[tuple[int, Model, str]]:
        """Writes through objects: a row that was fetched or handed in, and is changed here."""
        rows = dict(self._rows(function))
        for node in ast.walk(function):
            for target in changed_objects(node):
                if model := rows.get(target):
                    yield getattr(node, "lineno", function.lineno), model, "changes a"

    def _rows(self, function: ast.AST) -> Iterator[tuple[str, Model]]:
        for node in ast.walk(function):
            match node:
                case ast.arg(name, annotation) | ast.AnnAssign(ast.Name(name), annotation):
                    yield from self._annotated(name, annotation)
                case (
                    ast.Assign([ast.Name(name)], value)
                    | ast.NamedExpr(ast.Name(name), value)
                    | ast.For(ast.Name(name), value)
                    | ast.AsyncFor(ast.Name(name), value)
                    | ast.comprehension(ast.Name(name), value)
                ):
                    if model := self._fetched(value):
                        yield name, model

    def _annotated(self, name: str, annotation: ast.expr | None) -> Iterator[tuple[str, Model]]:
        match annotation:
            case ast.BinOp(left, ast.BitOr(), right):
                yield from self._annotated(name, left)
                yield from self._annotated(name, right)
            case ast.Constant(str(text)):
                yield from self._annotated(name, ast.parse(text, mode="eval").body)
            case _:
                if model := self._model(annotation):
                    yield name, model

    def _raw_sql(self) -> Iterator[tuple[int, Model, str]]:
        for line, text in self._texts():
            for match in RAW_SQL.finditer(text):
                table = next(filter(None, match.groups())).split(".")[-1].strip('"`')
                if model := self.tree.tables.get(table.lower()):
                    yield line, model, "writes in SQL to"

    def _texts(self) -> Iterator[tuple[int, str]]:
        """The strings of the file, docstrings left out, with tables' names filled in."""
        told = {id(node.value) for node in ast.walk(self.module.tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(self.module.tree):
            match node:
                case ast.JoinedStr(values):
                    yield node.lineno, "".join(map(self._piece, values))
                case ast.Constant(str(text)) if id(node) not in told:
                    yield node.lineno, text

    def _piece(self, node: ast.expr) -> str:
        if isinstance(node, ast.Constant):
            return str(node.value)
        value = node.value if isinstance(node, ast.FormattedValue) else node
        if isinstance(value, ast.Attribute) and value.attr in ("__tablename__", "__table__"):
            model = self._model(value.value)
            return model.table if model else ""
        return ""


def dotted(node: ast.AST | None) -> str:
    """`a.b.c` for a name or a chain of attributes (seen through a `cast`), else nothing."""
    match node:
        case ast.Name(name):
            return name
        case ast.Attribute(value, attribute):
            before = dotted(value)
            return f"{before}.{attribute}" if before else ""
        case ast.Call(ast.Name("cast"), [_, value]):
            return dotted(value)
    return ""


def last_name(node: ast.AST) -> str:
    """The name a call goes by: `insert` of `session.table.insert(…)`."""
    match node:
        case ast.Name(name) | ast.Attribute(attr=name):
            return name
    return ""


def changed_objects(node: ast.AST) -> Iterator[str]:
    """The names of objects that a statement or call changes or deletes."""
    targets: list[ast.expr] = []
    match node:
        case ast.Assign(several):
            targets = several
        case ast.AugAssign(one) | ast.AnnAssign(one):
            targets = [one]
        case ast.Call(ast.Name("setattr"), [ast.Name(name), *_]):
            yield name
        case ast.Call(ast.Attribute(attr="delete" | "merge"), [ast.Name(name), *_]):
            yield name
    for part in (part for target in targets for part in ast.walk(target)):
        match part:
            case ast.Attribute(ast.Name(name), ctx=ast.Store()):
                yield name


def real_tree() -> Tree:
    """The packages as they lie here."""
    return Tree(
        {
            path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
            for package in PACKAGES
            for path in sorted((ROOT / package).rglob("*.py"))
        }
    )


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
        ("app/activity/intake.py", "app.activity"),
        ("app/rewards/channels/role.py", "app.rewards"),
        ("voucher/ledger/__init__.py", "voucher.ledger"),
        ("fulfilment/orders/moves.py", "fulfilment.orders"),
        ("kiosk/devices/pairing.py", "kiosk"),
        ("bot/deliveries.py", "bot"),
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
