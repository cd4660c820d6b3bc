"""What each room writes, read from the syntax trees of all packages."""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("app", "voucher", "fulfilment", "kiosk", "bot")
UNDIVIDED = ("kiosk", "bot")
MIGRATIONS = "app/migrations/"

WRITING_WORD = re.compile(r"(^|_)(insert|update|delete|upsert|merge|mappings)(_|$)")
ROW_INSERT = "RowInsert"
"""Ours, for the hot paths: `app.rows`."""
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
        if name in READING or not (name == ROW_INSERT or WRITING_WORD.search(name)):
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
    """`a.b.c` for a name or a chain of attributes, else nothing.

    It sees through a `cast`, and through `table_of`, which is a model's table.
    """
    match node:
        case ast.Name(name):
            return name
        case ast.Attribute(value, attribute):
            before = dotted(value)
            return f"{before}.{attribute}" if before else ""
        case ast.Call(ast.Name("cast"), [_, value]):
            return dotted(value)
        case ast.Call(ast.Name("table_of"), [value]):
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
