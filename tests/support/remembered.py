"""What a process of the product works out once, and a process of tests would for every test anew.

Each test has an engine and an application of its own. Without this, a quarter of the suite's time
went into compiling the same statements, templates and routes again.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import jinja2
import pytest
from flask import Flask
from jinja2.bccache import Bucket
from sqlalchemy import Engine, create_engine, util
from sqlalchemy.engine.default import DefaultDialect
from werkzeug.routing import Rule

STATEMENTS = 10_000
Builder = Callable[..., tuple[str, str]]


@contextmanager
def remembering() -> Iterator[None]:
    """Until its end, all engines, applications and maps of routes here share what they compile."""
    with pytest.MonkeyPatch.context() as patch:
        _share_statements(patch)
        _share_routes(patch)
        patch.setattr(Flask, "jinja_options", {"bytecode_cache": _Templates()})
        yield


def _share_statements(patch: pytest.MonkeyPatch) -> None:
    shared: Any = util.LRUCache(STATEMENTS)

    def sharing(*given: Any, **how: Any) -> Engine:
        engine = create_engine(*given, **how)
        engine._compiled_cache = shared
        return engine

    patch.setattr("app.database.create_engine", sharing)
    # A statement is kept with its dialect, an object of each engine's own.
    patch.setattr(DefaultDialect, "__eq__", lambda one, other: _traits(one) == _traits(other))
    patch.setattr(DefaultDialect, "__hash__", lambda one: hash(type(one)))


def _traits(dialect: Any) -> tuple[object, ...]:
    """All that tells the dialects of our engines apart."""
    version = getattr(dialect, "server_version_info", None)
    return type(dialect), version, getattr(dialect, "_json_serializer", None)


def _share_routes(patch: pytest.MonkeyPatch) -> None:
    compiled, known = Rule._compile_builder, dict[object, Builder]()

    def compile_once(rule: Rule, append_unknown: bool = True) -> Builder:
        converters = tuple((name, type(each)) for name, each in rule._converters.items())
        settled = repr((rule.defaults, rule._trace, append_unknown))
        what = type(rule), settled, converters
        if what not in known:
            known[what] = compiled(rule, append_unknown)
        return known[what]

    patch.setattr(Rule, "_compile_builder", compile_once)


class _Templates(jinja2.BytecodeCache):
    """Compiled templates; a bucket's key and checksum tell its file and what stands in it."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fills the bucket, if it was seen before."""
        if kept := self._kept.get((bucket.key, bucket.checksum)):
            bucket.bytecode_from_string(kept)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keeps what the bucket holds."""
        self._kept[bucket.key, bucket.checksum] = bucket.bytecode_to_string()
